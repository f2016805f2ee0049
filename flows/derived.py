"""What is made from an original and may be made again: its words, the pictures of its pages.

Both are kept under the original's digest, so the same bytes received twice share them.
"""

from __future__ import annotations

import gzip
import json

from extractors.results import PagePreview
from schemas.readings import FileReading
from storage.objects import ObjectStore, page_key, words_key


def save_words(store: ObjectStore, reading: FileReading) -> str:
    """Keep the words with their places, for screens on which a person points at them.

    A page is ``{"page": 1, "words": [[text, x0, y0, x1, y1, x2, y2, x3, y3], ...]}``, corners in the received frame.
    ``sheet``, ``upright`` (size) and ``read`` (for each word its upright box, confidence, line, reader, and whether
    another one agreed) are what it takes to understand the page again (``portal.words.load_pages``).

    Returns:
        The key; empty when there are no words.
    """
    pages = [
        {
            "page": page.page,
            "sheet": page.sheet,
            "upright": list(page.upright_size),
            "words": [
                [word.text, *(round(edge, 1) for corner in word.polygon for edge in corner)] for word in page.words
            ],
            "read": [
                [
                    *(round(edge, 2) for edge in word.box),
                    round(word.confidence, 4),
                    word.line,
                    word.source.value if word.source else None,
                    word.agreed,
                    *([True] if word.struck else []),
                ]
                for word in page.words
            ],
        }
        for page in reading.pages
        if page.words
    ]
    if not pages:
        return ""
    key = words_key(reading.sha256)
    # The time in the header is left out: the same words then give the same bytes.
    data = gzip.compress(json.dumps(pages, ensure_ascii=False).encode(), mtime=0)
    store.put(key, data, content_type="application/gzip")
    return key


def save_page(store: ObjectStore, sha256: str, preview: PagePreview) -> str:
    """Keep the picture of a page as received and return its key."""
    key = page_key(sha256, preview.page)
    store.put(key, preview.jpeg, content_type="image/jpeg")
    return key
