"""Trains the shipped models from invented papers (``liasse train``); reading itself needs nothing from here."""
