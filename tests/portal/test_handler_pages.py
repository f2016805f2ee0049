"""What a gestionnaire reads."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.presenting.grades import Grade, grade_field
from portal.presenting.pages import draw_place, turn_upright
from schemas.geometry import Point
from schemas.readings import Check
from schemas.vocabulary import ClaimType, FieldName
from storage.models import Dossier
from tests.portal import build

N = "\u00a0"


def text(answer):
    return answer.content.decode().replace("&nbsp;", N)


def review(world, dossier=None):
    return text(world.as_handler.get(f"/gestion/dossiers/{(dossier or world.dossier).pk}"))


def row(html, label):
    """The table row of a field."""
    found = re.search(rf'<tr id="champ-[^"]*"(?:(?!</tr>).)*<th scope="row">{label}</th>.*?</tr>', html, re.DOTALL)
    assert found, label
    return found.group()


def test_the_queue_shows_what_to_do_with_each_dossier(world):
    html = text(world.as_handler.get("/gestion"))
    for words in (
        world.dossier.reference,
        world.other_dossier.reference,
        "adhérent 04417725",
        "Attend l’adhérent",
        "Ordonnance",
        "Optique",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "kerjean"}, True),
        ({"q": "04417725"}, True),
        ({"q": "vautrin"}, False),
        ({"soins": "optique"}, True),
        ({"soins": "dentaire"}, False),
        ({"statut": "incomplete"}, True),
        ({"statut": "to_review"}, False),
        ({"file": "optique"}, True),
        ({"file": "dentaire"}, False),
        ({"q": "adhérent optique"}, True),
    ],
)
def test_searching_and_filtering_the_queue(query, found, world):
    assert (str(world.dossier.pk) in text(world.as_handler.get("/gestion", query))) is found


def test_the_most_pressing_comes_first(world):
    late = build.make_dossier(world.member, now=build.NOW + dt.timedelta(hours=1))
    Dossier.objects.filter(pk=late.pk).update(priority=1, due=dt.date(2026, 10, 1))
    html = text(world.as_handler.get("/gestion"))
    assert html.index(late.reference) < html.index(world.dossier.reference)
    assert "en retard" in html


def test_pages_of_the_queue_keep_the_filters(world):
    for _ in range(30):
        build.make_dossier(world.member, ClaimType.DENTAIRE)
    html = text(world.as_handler.get("/gestion", {"soins": "dentaire"}))
    assert html.count('<th scope="row"><a class="reference"') == 25
    assert "Page 1 sur 2" in html
    assert 'href="?soins=dentaire&amp;page=2"' in html
    second = text(world.as_handler.get("/gestion", {"soins": "dentaire", "page": "2"}))
    assert second.count('<th scope="row"><a class="reference"') == 5
    assert world.as_handler.get("/gestion", {"page": "99"}).status_code == 200


def test_a_value_is_graded_by_word_shape_and_colour(world):
    html = review(world)
    sure, check, doubtful = row(html, "Montant total"), row(html, "Numéro"), row(html, "Numéro de sécurité sociale")
    for found, name, word in (
        (sure, "sure", "sûre"),
        (check, "check", "à vérifier"),
        (doubtful, "doubtful", "douteuse"),
    ):
        assert f"grade-{name}" in found
        assert f"icon-{name}" in found
        assert f"<span>{word}</span>" in found
    assert f"1\u202f389,00{N}€" in sure
    assert f"somme des lignes{N}: juste" in sure
    assert "FA-0411 (30" in check
    assert "Lecture peu sûre" in check
    assert f"clé de contrôle{N}: faux" in doubtful
    assert "Contrôle faux" not in doubtful  # said once


def test_the_social_security_number_is_masked_everywhere(world):
    html = review(world)
    assert f"2{N}84{N}**" in html
    bare = re.sub(r"[\s\u00a0\u202f]|&nbsp;", "", html)
    for nir in (build.NIR, "284053512345679"):
        assert nir not in bare
        assert nir[3:9] not in bare


def test_places_lie_on_the_page_in_its_own_frame(world):
    html = review(world)
    assert 'viewBox="0 0 800 1200"' in html
    assert f'href="/papiers/{world.piece.pk}/pages/1" width="800" height="1200"' in html
    polygons = re.findall(r'<polygon class="box box-(\w+)" points="([^"]+)" data-target="([^"]+)"', html)
    assert ("check", "94.0,194.0 306.0,194.0 306.0,236.0 94.0,236.0") in {
        (grade, points) for grade, points, _ in polygons
    }
    for _, _, target in polygons:
        assert f'<tr id="{target}"' in html


def test_a_sideways_photo_is_shown_upright(world):
    dossier = build.make_dossier(world.member)
    build.add_piece(dossier)
    build.read_pieces(pages=(build.page(rotation=90, width=612.5),))
    html = review(world, dossier)
    assert 'viewBox="0 0 1200 612.5"' in html
    assert 'transform="translate(1200 0) rotate(90)"' in html


@pytest.mark.parametrize(
    ("rotation", "corner"),
    [(0, (0, 0)), (90, (200, 0)), (180, (100, 200)), (270, (0, 100))],
)
def test_turning_puts_the_first_corner_where_it_belongs(rotation, corner):
    """The top left corner of a 100 x 200 page, turned clockwise, by the arithmetic of SVG transforms."""
    transform, width, height = turn_upright(100, 200, rotation)
    assert (width, height) == ((100, 200) if rotation % 180 == 0 else (200, 100))
    moves = re.findall(r"translate\((\S+) (\S+)\)", transform)
    assert tuple(float(edge) for edge in (moves[0] if moves else (0, 0))) == corner


def test_two_papers_on_one_photo_show_the_photo_once(world):
    dossier = build.make_dossier(world.member)
    piece = build.add_piece(dossier)
    build.read_pieces(documents=(build.invoice(), build.invoice()), pages=(build.page(), build.page(sheet=1)))
    html = review(world, dossier)
    assert html.count(f'data-sheet="{piece.pk}-1"') == 1
    assert html.count("<h4>Facture d’optique") == 2


def test_findings_lead_to_what_they_rest_on(world):
    html = review(world)
    failed = html[html.index("finding-failed") :]
    assert "Non conforme" in failed
    anchors = set(re.findall(r'href="#((?:champ|papier)-[^"]+)"', html))
    assert anchors
    for anchor in anchors:
        assert f'id="{anchor}"' in html


def test_findings_lead_to_other_dossiers(world):
    twin = build.make_dossier(world.member, now=build.NOW + dt.timedelta(days=1))
    build.add_piece(twin, data=None, now=build.NOW + dt.timedelta(days=1))
    build.read_pieces(now=build.NOW + dt.timedelta(days=1))
    build.decide_dossiers(now=build.NOW + dt.timedelta(days=1))
    html = review(world, twin)
    assert f'href="/gestion/dossiers/{world.dossier.pk}">dossier {world.dossier.reference}</a>' in html


def test_the_history_says_who(world):
    html = review(world)
    history = html[html.index('id="titre-historique"') :]
    assert "par lecteur-1" in history
    assert "par test" in history
    assert f"nº{N}1{N}: à compléter" in html


def test_messages_of_members_are_shown_as_text(world):
    dossier = build.make_dossier(world.member, message="<img src=x onerror=alert(1)>\nMerci")
    html = review(world, dossier)
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;<br>Merci" in html


def test_a_value_that_is_not_accepted_is_to_be_checked():
    from schemas.rules import installed_rules

    limit = installed_rules().thresholds.of(FieldName.TOTAL_AMOUNT)
    assert limit is not None  # it takes the place of the reader's own
    at_it, under_it = build.field("x", "x", limit, held_back="low_confidence"), build.field("x", "x", limit - 0.001)
    assert grade_field(FieldName.TOTAL_AMOUNT, at_it) is Grade.SURE
    assert grade_field(FieldName.TOTAL_AMOUNT, under_it) is Grade.CHECK
    failed = build.field("x", "x", 0.999, checks=(Check(name="sum_of_lines", passed=False),))
    assert grade_field(FieldName.TOTAL_AMOUNT, failed) is Grade.CHECK
    assert grade_field(FieldName.TOTAL_AMOUNT, build.field(None, "", 0.999)) is Grade.DOUBTFUL
    assert grade_field(FieldName.TOTAL_AMOUNT, build.field("x", "x", 0.49)) is Grade.DOUBTFUL


def test_queries_do_not_grow_with_the_queue(world):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert world.as_handler.get("/gestion").status_code == 200
        return len(queries)

    few = count()
    for _ in range(15):
        build.make_decided_dossier(world.member)
    assert count() == few <= 18


def test_a_frame_leaves_the_letters_free_and_leans_with_them():
    """A place of 100 x 10 turned by a quarter: its frame is 2 wider on each side, along and across."""
    upright = draw_place((Point(0, 0), Point(100, 0), Point(100, 10), Point(0, 10)))
    turned = draw_place((Point(10, 0), Point(10, 100), Point(0, 100), Point(0, 0)))
    assert upright == "-2.0,-2.0 102.0,-2.0 102.0,12.0 -2.0,12.0"
    assert turned == "12.0,-2.0 12.0,102.0 -2.0,102.0 -2.0,-2.0"
    assert draw_place((Point(5, 5),) * 4) == "5.0,5.0 5.0,5.0 5.0,5.0 5.0,5.0"


def test_a_reason_without_a_check_is_said():
    from portal.presenting.reasons import explain_held_back

    assert explain_held_back("check_failed:sum_of_lines") == "contrôle faux : somme des lignes"
    assert explain_held_back("low_confidence") == "lecture peu sûre"
    assert explain_held_back("something_new") == "lecture à confirmer"


def test_every_disagreement_with_a_code_has_its_words():
    from portal.presenting.reasons import CHECKS_FR, explain_held_back

    for code, words in (("facturx", "Factur-X"), ("2ddoc", "2D-Doc")):
        assert words in explain_held_back(f"disagrees_with_{code}")
        assert words in CHECKS_FR[f"agrees_with_{code}"]
