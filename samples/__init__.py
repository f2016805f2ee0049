"""Realistic French health papers with their exact truth, for tests, demonstrations and training.

Everybody and everything in these papers is invented. See ``samples/README.md``.
"""
