"""The content of invented papers, before anybody decides what they look like."""
