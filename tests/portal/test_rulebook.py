"""The rule file in force, the versions before it, what changed between two, and the texts as a member reads them."""

from __future__ import annotations

import pytest
from django.test import Client

from schemas.rules import default_rules_path, installed_rules, parse_rules
from schemas.settings import load_settings
from schemas.sights import SightKind
from storage.models import RuleText, Sight
from storage.rule_texts import keep_installed_rules, keep_rules, list_versions
from tests.portal import build

TEXT = default_rules_path().read_text(encoding="utf-8")


@pytest.fixture
def operator(db):
    client = Client()
    client.force_login(build.make_operator())
    return client


@pytest.fixture
def older(db):
    """A version of before, with a smaller bound of upload."""
    now = installed_rules()
    text = TEXT.replace(f'version: "{now.version}"', 'version: "2025-01"')
    assert text != TEXT
    text = text.replace("blind_checks: ", "blind_checks: 0.5  # before ", 1)
    assert "# before" in text
    rules = parse_rules(text)
    keep_rules(rules, text, build.NOW)
    return rules


def test_a_version_is_kept_once_with_its_text(db):
    keep_installed_rules(build.NOW)
    keep_installed_rules(build.NOW)
    [kept] = RuleText.objects.all()
    assert (kept.content_hash, kept.text) == (installed_rules().content_hash, TEXT)


def test_versions_tell_what_they_decided(world, operator):
    keep_installed_rules(build.NOW)
    build.decide_dossiers()
    [version] = [one for one in list_versions() if one.content_hash == installed_rules().content_hash]
    assert version.decisions > 0
    assert version.first <= version.last
    page = operator.get("/administration/regles").content.decode()
    assert installed_rules().full_version in page
    assert "et il est valable" in page


def test_what_changed_between_two_versions_is_shown_by_its_place(operator, older):
    keep_installed_rules(build.NOW)
    path = f"/administration/regles/{installed_rules().content_hash}"
    page = operator.get(path, {"depuis": older.content_hash}).content.decode()
    assert "blind_checks" in page
    assert "2025-01" in page
    assert "claims.optique" not in page.split("Texte</h2>")[0]  # what is the same is not listed
    assert "blind_checks:" in page  # the text itself, line by line
    assert operator.get(path, {"depuis": "nulle-part"}).status_code == 200
    assert operator.get("/administration/regles/" + "0" * 64).status_code == 404


def test_a_file_that_was_spoilt_on_the_disk_is_told(operator, tmp_path, monkeypatch):
    spoilt = tmp_path / "regles.yaml"
    spoilt.write_text(TEXT.replace("thresholds:", "treshholds:", 1), encoding="utf-8")
    installed_rules()  # what the site works by was read before
    settings = load_settings().model_copy(update={"rules_file": spoilt})
    monkeypatch.setattr("portal.views.rulebook.load_settings", lambda: settings)
    page = operator.get("/administration/regles").content.decode()
    assert "n’est pas valable" in page
    assert "regles.yaml:" in page
    spoilt.write_text(TEXT.replace("name:", "name: Autre", 1).replace("Autre ", "Autre-"), encoding="utf-8")
    page = operator.get("/administration/regles").content.decode()
    assert "au prochain démarrage" in page


def test_texts_are_shown_with_the_values_of_a_dossier_and_the_look_is_written_down(world):
    chief = Client()
    chief.force_login(build.make_handler("ines", supervisor=True))
    page = chief.get("/gestion/textes", {"dossier": world.dossier.reference, "texte": "incomplete"}).content.decode()
    assert page.count('class="message"') == 1
    assert Sight.objects.filter(dossier=world.dossier.pk, what=SightKind.DOSSIER.value).exists()
    every = chief.get("/gestion/textes", {"dossier": world.dossier.reference}).content.decode()
    assert every.count('class="message"') > 10
    assert "Aucun dossier décidé" in chief.get("/gestion/textes", {"dossier": "RIEN"}).content.decode()
