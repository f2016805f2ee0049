"""Installations of several processes: ``cluster.py`` starts one on this machine, the other files are for yours."""
