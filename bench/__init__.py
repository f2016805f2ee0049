"""Accuracy and speed, measured and printed as tables."""
