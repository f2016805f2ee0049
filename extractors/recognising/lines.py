"""Text lines and reading order, the same for a text layer and for OCR."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.geometry import Box


def number_lines(boxes: Sequence[Box]) -> list[int]:
    """The number of the text line of each word, from the top.

    A line is what stands side by side across the whole page, columns included: on invoices a label and its amount
    are often far apart. Boxes must be in the upright frame.

    Args:
        boxes: of the words, in any order.

    Returns:
        One number a word, in the order given.
    """
    order = sorted(range(len(boxes)), key=lambda i: boxes[i].center.y)
    lines: list[tuple[float, float]] = []  # top and bottom of the words of each line, averaged
    counts: list[int] = []
    numbers = [0] * len(boxes)
    for index in order:
        box = boxes[index]
        best, best_share = -1, 0.5
        for line in range(max(0, len(lines) - 4), len(lines)):
            top, bottom = lines[line]
            shared = min(bottom, box.y1) - max(top, box.y0)
            share = shared / max(1e-6, min(bottom - top, box.height))
            if share > best_share and box.height < 2.5 * (bottom - top):
                best, best_share = line, share
        if best < 0:
            lines.append((box.y0, box.y1))
            counts.append(1)
            numbers[index] = len(lines) - 1
            continue
        top, bottom = lines[best]
        n = counts[best]
        lines[best] = ((top * n + box.y0) / (n + 1), (bottom * n + box.y1) / (n + 1))
        counts[best] += 1
        numbers[index] = best
    ranks = {line: rank for rank, line in enumerate(sorted(range(len(lines)), key=lambda k: sum(lines[k])))}
    return [ranks[number] for number in numbers]
