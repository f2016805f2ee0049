"""What was done to a page is drawn again from its original, by the functions that read it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

import samples
from extractors.first_look import look_at_file
from extractors.replaying import replay_page
from extractors.results import Step
from portal import replaying, site_reader
from schemas.errors import FileRefusedError
from schemas.sights import SightKind
from storage.models import Piece, Sight
from storage.objects import default_store
from tests.portal import build

FILES = Path(samples.__file__).parent / "set" / "files"
PHOTO = next(path for path in sorted(FILES.glob("*.jpg")) if Step.SHEET in {one.step for one in replay_page(path, 1)})

pytestmark = pytest.mark.xdist_group("readers")


@pytest.fixture(scope="module", autouse=True)
def _reader():
    yield
    site_reader.close()
    replaying.replay_page.cache_clear()


@pytest.fixture
def photo(world):
    """A photo that was sent and read."""
    dossier = build.make_dossier(world.member)
    world.photo = build.add_piece(dossier, data=PHOTO.read_bytes())
    build.read_pieces()
    return world


def test_a_photo_is_shown_found_flattened_and_made_ready():
    steps = replay_page(PHOTO, 1)
    assert [one.step for one in steps[:4]] == [Step.RECEIVED, Step.SHEET, Step.FLAT, Step.READY]
    received, found = (Image.open(io.BytesIO(one.jpeg)) for one in steps[:2])
    assert received.size == found.size
    assert max(received.size) == 1000
    red = sum(1 for r, g, b in found.convert("RGB").getdata() if r > 170 and g < 110 and b < 90)
    assert red > 300  # the outline that was drawn
    assert Image.open(io.BytesIO(steps[3].jpeg)).mode == "L"


def test_a_pdf_with_its_text_is_not_flattened():
    path = next(path for path in sorted(FILES.glob("*.pdf")) if not look_at_file(path, identifier="x").reading.refusal)
    assert {one.step for one in replay_page(path, 1)} <= {Step.RECEIVED, Step.TEXT_LAYER, Step.READY}
    with pytest.raises(FileRefusedError):
        replay_page(Path(__file__), 1)


def test_gestionnaires_see_the_steps_and_each_picture(photo):
    path = f"/papiers/{photo.photo.pk}/pages/1/etapes"
    page = photo.as_handler.get(path).content.decode()
    for title in ("Reçue", "Feuille trouvée", "Mise à plat", "Prête à lire", "Mots lus", "Valeurs retenues"):
        assert title in page
    picture = photo.as_handler.get(f"{path}/1")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Cache-Control"] == "private, no-store"
    assert Image.open(io.BytesIO(picture.content)).size[0] > 100
    assert photo.as_handler.get(f"{path}/99").status_code == 404
    assert Sight.objects.get(dossier=photo.photo.dossier_id).what == SightKind.PAPER.value
    assert (
        f"/papiers/{photo.photo.pk}/pages/1/etapes"
        in photo.as_handler.get(f"/gestion/dossiers/{photo.photo.dossier_id}").content.decode()
    )


def test_a_page_that_cannot_be_drawn_says_so(photo, monkeypatch):
    monkeypatch.setattr(replaying, "_PATIENCE", 0.0)
    replaying.replay_page.cache_clear()
    page = photo.as_handler.get(f"/papiers/{photo.photo.pk}/pages/1/etapes").content.decode()
    assert "ne peuvent pas être dessinées" in page
    digest = Piece.objects.get(pk=photo.photo.pk).original_id
    assert default_store().get_original(digest) == PHOTO.read_bytes()
