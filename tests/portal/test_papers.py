"""Images and originals: served to those who may see them, as they were received."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from portal.presenting.papers import ERASED_FR
from storage.erasing import erase_papers
from storage.objects import default_store, original_key, page_key
from tests.portal import build


def body(answer):
    return b"".join(answer.streaming_content)


def test_an_original_comes_back_byte_for_byte_as_an_attachment(world):
    dossier = build.make_dossier(world.member)
    data = bytes(range(256)) * 9_000
    piece = build.add_piece(dossier, data=data, name='reçu "n° 1".heic')
    answer = world.as_member.get(f"/papiers/{piece.pk}/original")
    assert body(answer) == data
    assert answer.headers["Content-Type"] == "image/heic"
    assert answer.headers["Content-Length"] == str(len(data))
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert "re%C3%A7u%20%22n%C2%B0%201%22.heic" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.PDF", "application/pdf"),
        ("a.jpeg", "image/jpeg"),
        ("a.html", "application/octet-stream"),
        ("a.svg", "application/octet-stream"),
        ("sans extension", "application/octet-stream"),
    ],
)
def test_only_known_types_are_named(name, media_type, world):
    piece = build.add_piece(build.make_dossier(world.member), name=name)
    assert world.as_member.get(f"/papiers/{piece.pk}/original").headers["Content-Type"] == media_type


def test_a_damaged_original_is_never_handed_out(world):
    piece = build.add_piece(build.make_dossier(world.member), data=b"les vrais octets")
    path = default_store()._path(original_key(piece.original_id))
    path.chmod(0o600)
    path.write_bytes(b"d'autres octets!")
    world.as_member.raise_request_exception = False
    assert world.as_member.get(f"/papiers/{piece.pk}/original").status_code == 500


def test_a_page_image_is_private_and_asked_again_each_time(world):
    path = f"/papiers/{world.piece.pk}/pages/1"
    answer = world.as_member.get(path)
    assert answer.content == build.jpeg()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    etag = answer.headers["ETag"]
    again = world.as_member.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    for client in (world.as_other, world.as_nobody):
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize("number", ["0", "2", "99999999", "9" * 245, "9" * 400, "9" * 5000])
def test_no_image_for_pages_that_are_not_there(number, world):
    assert world.as_member.get(f"/papiers/{world.piece.pk}/pages/{number}").status_code == 404


@pytest.mark.parametrize("path", ["../../secret_key", "-1", "1/..", "%2e%2e/1"])
def test_addresses_lead_nowhere_else(path, world):
    assert world.as_member.get(f"/papiers/{world.piece.pk}/pages/{path}").status_code == 404


def test_nothing_is_served_from_the_object_store_by_its_key(world):
    key = page_key(world.piece.original_id, 1)
    for path in (f"/{key}", f"/static/{key}", f"/static/../objects/{key}", f"/media/{key}"):
        assert world.as_member.get(path).status_code == 404


def test_an_erased_paper_is_gone_and_its_dossier_says_so(world):
    erase_papers(world.dossier, default_store(), because="right", actor="test", now=build.NOW)
    for client in (world.as_member, world.as_handler):
        for address in ("", "/original", "/pages/1"):
            assert client.get(f"/papiers/{world.piece.pk}{address}").status_code == 404
    for page in (
        world.as_member.get(f"/dossiers/{world.dossier.pk}"),
        world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}"),
    ):
        assert page.status_code == 200
        assert ERASED_FR.partition(" :")[0] in page.content.decode()
    history = world.as_handler.get(f"/gestion/dossiers/{world.dossier.pk}").content.decode()
    assert "Documents et données effacés." in history


def test_a_list_fetches_small_pictures_in_the_same_shape(world):
    path = f"/papiers/{world.piece.pk}/pages/1"
    whole, small = world.as_member.get(path), world.as_member.get(f"{path}?vignette")
    shapes = [Image.open(io.BytesIO(answer.content)).size for answer in (whole, small)]
    assert max(shapes[1]) <= 400 < max(shapes[0])
    assert shapes[1][0] / shapes[1][1] == pytest.approx(shapes[0][0] / shapes[0][1], abs=0.01)
    assert len(small.content) < len(whole.content)
    assert small.headers["ETag"] != whole.headers["ETag"]
    again = world.as_member.get(f"{path}?vignette", headers={"If-None-Match": small.headers["ETag"]})
    assert again.status_code == 304
    assert world.as_other.get(f"{path}?vignette").status_code == 404
    assert f"{path}?vignette" in world.as_member.get(f"/dossiers/{world.dossier.pk}").content.decode()
