"""Addresses of static files."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@lru_cache(maxsize=256)
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


class FingerprintedStorage(StaticFilesStorage):
    """Static files served from where they lie, with their fingerprint in the address.

    A browser may then keep them for ever, and an upgrade shows at once, without a collecting step to forget.
    """

    def url(self, name: str | None) -> str:
        """The address of a static file, ending in ``?v=<fingerprint>``."""
        address = super().url(name)
        found = finders.find(name) if name else None
        if not found:
            return address
        if settings.DEBUG:
            _fingerprint.cache_clear()
        return f"{address}?v={_fingerprint(str(found))}"
