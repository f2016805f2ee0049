"""Codes as an application on a telephone makes them (RFC 6238), worked out apart from the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time


def find_code(secret: str, *, steps: int = 0) -> str:
    """The six digits of a half minute: this one, or so many later."""
    counter = int(time.time() // 30) + steps
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"
