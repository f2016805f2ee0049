"""What things are: the values that travel between the rooms.

This room knows nothing of any other: no file is opened here, nothing is decided, nothing is stored.
"""
