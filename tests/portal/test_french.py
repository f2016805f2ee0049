"""French on screen: dates, amounts, spaces, apostrophes."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import french
from portal.templatetags.liasse_tags import queue_name
from schemas.advice import LEGIBILITY_ADVICE_FR
from schemas.errors import REFUSAL_SENTENCES_FR
from schemas.statuses import NEXT_ACTOR_FR, STATUS_LABELS_FR
from tests.portal.pages import all_pages

N, NN = french.NBSP, french.NARROW


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 3, 3), f"3{N}mars 2026"),
        (dt.date(2026, 8, 1), f"1er{N}août 2026"),
        (dt.date(2025, 12, 31), f"31{N}décembre 2025"),
    ],
)
def test_days(day, words):
    assert french.show_day(day) == words


def test_moments_are_told_in_local_time():
    summer = dt.datetime(2026, 7, 31, 22, 5, tzinfo=dt.UTC)
    assert french.show_moment(summer) == f"1er{N}août 2026 à 0{N}h{N}05"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", f"0,00{N}€"),
        ("389.5", f"389,50{N}€"),
        ("1234.56", f"1{NN}234,56{N}€"),
        ("-1234567.80", f"-1{NN}234{NN}567,80{N}€"),
    ],
)
def test_amounts(amount, words):
    assert french.show_amount(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("Qui a été soigné ?", f"Qui a été soigné{NN}?"),
        ("Il manque : l'ordonnance ; envoyez-la !", f"Il manque{N}: l’ordonnance{NN}; envoyez-la{NN}!"),
        ("« Facture » de 12 €.", f"«{N}Facture{N}» de 12{N}€."),
        ("Déjà fait\u00a0?", f"Déjà fait{NN}?"),
        ("à 14:30, http://exemple", "à 14:30, http://exemple"),
        ("aujourd'hui", "aujourd’hui"),
        ("", ""),
    ],
)
def test_typesetting(plain, set_):
    assert french.typeset(plain) == set_


@given(st.text(alphabet="ab' :;!?«»€%.\u00a0\u202f\n", max_size=40))
def test_typesetting_twice_changes_nothing_more(text):
    once = french.typeset(text)
    assert french.typeset(once) == once


@given(st.from_regex(r"[12][0-9]{2}[0-9AB]{12}", fullmatch=True))
def test_a_masked_number_shows_sex_and_year_only(nir):
    shown = french.mask_nir(nir)
    assert re.sub(r"[\s*]", "", shown) == nir[:3]


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, f"1{N}ko"), (350_400, f"350{N}ko"), (2_400_000, f"2,4{N}Mo"), (20_000_000, f"20{N}Mo")],
)
def test_sizes(size, words):
    assert french.show_size(size) == words


def test_words_in_a_row():
    assert french.enumerate_words([]) == ""
    assert french.enumerate_words(["a"]) == "a"
    assert french.enumerate_words(["a", "b", "c"]) == "a, b et c"


class Text(HTMLParser):
    """Visible text of a page, and what labels and titles say."""

    def __init__(self):
        super().__init__()
        self.pieces = []
        self._hidden = 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in {"script", "style", "code"}
        for name, value in attrs:
            if name in {"aria-label", "placeholder", "alt", "title", "data-too-many", "data-too-heavy"} and value:
                self.pieces.append(value)

    def handle_endtag(self, tag):
        self._hidden -= tag in {"script", "style", "code"}

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.pieces.append(" ".join(data.split(" ")).strip("\n"))


def _faults(text: str) -> list[str]:
    return re.findall(r".{0,20}(?: [:;?!€»](?=\s|$)|« |(?<=\w)'(?=\w)|\d %).{0,10}", text)


def test_pages_are_typeset(world):
    for name, html in all_pages(world).items():
        parser = Text()
        parser.feed(html)
        faults = [fault for piece in parser.pieces for fault in _faults(piece)]
        assert faults == [], name


def test_the_check_above_sees_faults():
    for wrong in ("Il manque : rien", "l'ordonnance", "12 €", "« oui", "oui »", "vu ?"):
        assert _faults(wrong), wrong
    assert not _faults(french.typeset("Il manque : l'ordonnance « A » de 12 € ; vu ?"))


def test_sentences_of_other_rooms_come_out_typeset():
    sentences = [*REFUSAL_SENTENCES_FR.values(), *LEGIBILITY_ADVICE_FR.values(), *STATUS_LABELS_FR.values()]
    for sentence in [*sentences, *NEXT_ACTOR_FR.values()]:
        assert _faults(french.typeset(sentence)) == []


@pytest.mark.parametrize(("queue", "name"), [("controle", "Contrôle"), ("soins_courants", "Soins courants")])
def test_the_name_of_a_queue_is_spelled_as_french(queue, name):
    assert queue_name(queue) == name
