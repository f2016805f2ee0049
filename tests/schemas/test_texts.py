import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError

from schemas.errors import ConfigurationError
from schemas.messages import EMAIL_NAMES, MESSAGE_NAMES, _check_email
from schemas.texts import render, template

NAMES = {"due": "mardi", "pieces": ["a", "b"]}
check = template(NAMES).func


def test_values_are_put_in():
    text = "Le {{ due }} :\n{% for piece in pieces %}\n– {{ piece }}\n{% endfor %}\nFin"
    assert check(text) == text
    assert render(text, NAMES) == "Le mardi :\n– a\n– b\nFin"
    assert render("{% if pieces|length == 1 %}un{% else %}{{ pieces|length }}{% endif %}", NAMES) == "2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ deu }}", "unknown name {{ deu }}; known here: {{ due }}, {{ pieces }}"),
        ("{{ due }", "line 1 of the text"),
        ("Bonjour\n{% for piece in pieces %}", "line 2 of the text"),
        ("{{ due.year }}", "cannot be filled in"),
        ("{{ due.__class__ }}", "unsafe"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ pieces.append('x') }}", "cannot be filled in"),
        ("{{ 'a' * 1000000000 }}", "not for texts"),
        ("{{ 9 ** 99999 }}", "not for texts"),
        ("{{ 'x'|center(1000000000) }}", "No filter named 'center'"),
        ("{{ range(10) }}", "unknown name {{ range }}"),
        ("{% include 'secret' %}", "cannot be filled in"),
        ("{% import 'os' as os %}", "cannot be filled in"),
        ("{% for a in pieces %}{{ a.x }}{% endfor %}", "cannot be filled in"),
    ],
)
def test_a_text_reaches_nothing_else(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        check(text)


def test_a_text_does_not_grow_without_end():
    text = "{% for a in pieces %}{% for b in pieces %}{{ a }}{% endfor %}{% endfor %}"
    with pytest.raises(TemplateError, match="grows"):
        render(text, {"pieces": ["x" * 1000] * 10})


@given(st.text(alphabet="{}%# abcdue|.'\"", max_size=40))
def test_whatever_is_written_is_taken_or_refused_with_a_word(text):
    with contextlib.suppress(ValueError):  # the only error that a wrong text may make
        check(text)
        assert isinstance(render(text, NAMES), str)


@pytest.mark.parametrize(
    "text",
    [
        "Il manque votre ordonnance.",
        "Vos LUNETTES sont remboursées",
        "Une facture d’optique",
        "votre hospitalisation",
        "le décompte de la caisse",
        "audioprothèse",
        "vos séances chez l’ostéopathe",
        "Votre kiné",
    ],
)
def test_an_email_says_nothing_of_health(text):
    with pytest.raises(ValueError, match="may be read by others"):
        _check_email(text)


def test_an_email_knows_nothing_of_health():
    assert not {"claim", "pieces", "notes", "kind", "patient"} & set(EMAIL_NAMES)
    assert set(EMAIL_NAMES) - set(MESSAGE_NAMES) == {"link"}
    assert _check_email("Votre dossier est complet : {{ link }}, le {{ due }}.")


def test_what_gestionnaires_begin_with_is_checked_like_every_text():
    from schemas.rules import default_rules_path, parse_rules

    text = default_rules_path().read_text(encoding="utf-8")
    for wrong, told in (
        (text.replace("Pouvez-vous en envoyer", "{{ nir }} Pouvez-vous en envoyer"), "unknown name {{ nir }}"),
        (text.replace('name: "Précision sur les soins"', 'name: "Document illisible"'), "the same name"),
        (text.replace('name: "Bien reçu"', 'name: "Bien reçu"\n      reason: too_late'), "only a text of 'refusing'"),
    ):
        with pytest.raises(ConfigurationError, match=told.replace("{", "\\{")):
            parse_rules(wrong)
