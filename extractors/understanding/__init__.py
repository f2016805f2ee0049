"""The language half of reading: from words with boxes to papers with a type, fields, lines and checks."""

from extractors.understanding.understand import understand_pages, understand_paper

__all__ = ["understand_pages", "understand_paper"]
