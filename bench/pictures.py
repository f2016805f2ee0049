"""Pictures of what was not read right: the place of the value on the page as received, cut out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from bench.failures import Failure, classify_failure
from bench.scoring import Judgement
from bench.truth import TruePlace
from extractors.limits import Limits
from extractors.opening import open_file
from schemas.errors import FileRefusedError
from schemas.lines import content_to_json

#: Paper around the value, as a share of its height and at most of the page's, and the longest side of a picture in
#: pixels.
_AROUND, _MOST_AROUND, _LONGEST = 2.5, 0.05, 900


def cut_failures(judgements: Sequence[Judgement], folder: Path, per_class: int) -> list[str]:
    """Cut out some failures of each class, from as many files as possible.

    Args:
        judgements: of a set.
        folder: where the PNG files go, named after class, file and field.
        per_class: pictures of each class, at most.

    Returns:
        one line for each picture: its name, what is printed and what was answered.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told: list[str] = []
    for failure in Failure:
        seen: set[str] = set()
        for judged in judgements:
            places = judged.paper.document.places.get(judged.field)
            if (
                len(seen) == per_class
                or not places
                or judged.file.id in seen
                or classify_failure(judged) is not failure
            ):
                continue
            picture = cut_place(judged.file.path, places[0])
            if picture is None:
                continue
            seen.add(judged.file.id)
            name = f"{failure.name.lower()}-{judged.file.id}-{judged.field.value}.png"
            picture.save(folder / name, optimize=True)
            got = content_to_json(judged.got.value) if judged.got else None
            told.append(f"{name}: printed {judged.paper.document.printed[judged.field]}, answered {got}")
    return told


def cut_place(path: Path, place: TruePlace) -> Image.Image | None:
    """A place of a file with some paper around it; None when the file cannot be drawn."""
    try:
        with open_file(path.read_bytes(), Limits()) as opened:
            page = opened.load_page(place.page)
            picture = page.render()
    except FileRefusedError:
        return None
    scale = picture.width / page.size.width
    margin = min(_AROUND * place.box.height, _MOST_AROUND * page.size.height)
    box = (
        max(0, round(scale * (place.box.x0 - 2 * margin))),
        max(0, round(scale * (place.box.y0 - margin))),
        min(picture.width, round(scale * (place.box.x1 + 2 * margin))),
        min(picture.height, round(scale * (place.box.y1 + margin))),
    )
    cut = Image.fromarray(picture.pixels).crop(box)
    cut.thumbnail((_LONGEST, _LONGEST))
    return cut
