"""Pages, one module to a subject."""
