from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.checks import RuleCode
from schemas.decisions import Level
from schemas.errors import ConfigurationError
from schemas.legal import Unit
from schemas.rules import default_rules_path, load_rules, parse_rules
from schemas.vocabulary import ClaimType, DocumentType, FieldName, MissingPiece

TEXT = default_rules_path().read_text(encoding="utf-8")


#: The requests that the interfaces lay down; the product knows more.
REFERENCE_CLAIMS = tuple(
    ClaimType(name)
    for name in (
        "optique", "dentaire", "audio", "medecine_douce", "hospitalisation", "pharmacie", "soins", "consultation",
        "devis",
    )
)  # fmt: skip


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_the_example_insurer():
    rules = load_rules()
    thresholds = {kind.value: claim.high_amount for kind, claim in rules.claims.items() if claim.high_amount}
    assert thresholds == {
        "optique": 1200, "dentaire": 3000, "audio": 4500, "medecine_douce": 250, "hospitalisation": 8000,
        "pharmacie": 600, "soins": 600, "lentilles": 400, "accompagnant": 1000,
    }  # fmt: skip
    needing = {
        piece: {kind for kind in REFERENCE_CLAIMS if piece in {need.piece for need in rules.claims[kind].pieces}}
        for piece in (MissingPiece.ORDONNANCE, MissingPiece.DECOMPTE_AM, MissingPiece.RIB)
    }
    everything = set(REFERENCE_CLAIMS)
    assert needing[MissingPiece.ORDONNANCE] == {"optique", "audio", "pharmacie"}
    assert needing[MissingPiece.DECOMPTE_AM] == everything - {"medecine_douce", "devis"}
    assert needing[MissingPiece.RIB] == everything - {"devis"}
    main = rules.claims[ClaimType.SOINS].pieces[0]
    assert (main.main, main.kinds) == (True, (DocumentType.FACTURE_SOINS,))
    assert rules.thresholds.of(FieldName.BIC) == 0.90
    assert rules.checks[RuleCode.INVOICE_PAID].level is Level.BLOCKING


def test_legal_amounts_hold_from_their_day():
    rules = load_rules()
    found = rules.legal_amount("participation_forfaitaire", date(2024, 5, 15))
    assert (found.value, found.unit) == (Decimal("2.00"), Unit.EUROS)
    assert "quechoisir" in found.source
    assert rules.legal_amount("participation_forfaitaire", date(2024, 5, 14)) is None
    assert rules.legal_amount("unheard_of", date(2026, 1, 1)) is None
    later = TEXT.replace(
        "legal_amounts:\n",
        "legal_amounts:\n  - {name: forfait_journalier, effective_from: 2030-01-01, value: 25, source: essai}\n",
    )
    rules = parse_rules(later)
    assert rules.legal_amount("forfait_journalier", date(2029, 12, 31)).value == 23
    assert rules.legal_amount("forfait_journalier", date(2030, 1, 1)).value == 25


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("high_amount: 1200", "high_amount: -3", "claims.optique.high_amount"),
        ("high_amount: 1200", "high_amuont: 1200", "high_amuont"),
        ("kinds: [facture_audio]", "kinds: [facture_radio]", "claims.audio.pieces.0.kinds.0"),
        ("when: [no_teletransmission], main: true", "when: [sometimes], main: true", "claims.consultation.pieces.0"),
        ("type_accept: 0.85", "type_accept: 85", "thresholds.type_accept"),
        ("{complete: 3, to_review: 5, incomplete: 20}", "{complete: 3, to_review: 5}", "incomplete"),
        (
            'devis: "Il manque le devis',
            'devis: "Il manque {{ name }}',
            "unknown name {{ name }}; known here: {{ kind }}",
        ),
        ('version: "2026.1"', "version: 2026.1", "version"),
        ("reason: doublon", "reason: double", "routing.routes.0.reason"),
        ("iban_is_valid: blocking", "iban_is_vaild: blocking", "did you mean 'iban_is_valid'?"),
        ("when: [no_rib_on_file]", "when: [no_rib_on_fiel]", "did you mean 'no_rib_on_file'?; allowed: no_teletr"),
        ("high_amount: 1200", "high_amuont: 1200", "did you mean 'high_amount'?; allowed here: pieces, must_be_paid"),
        ("max_files: 10", "max_files: dix", "uploads.max_files: input should be a valid integer"),
    ],
)
def test_a_fault_is_named_with_its_line(old, new, said):
    text = TEXT.replace(old, new, 1)
    with pytest.raises(ConfigurationError) as caught:
        parse_rules(text, "mine.yaml")
    assert said in str(caught.value)
    line = int(str(caught.value).split(":")[1])
    assert abs(line - line_of(text, new.splitlines()[0])) <= 1


def test_every_fault_is_named_at_once():
    text = TEXT.replace("high_amount: 1200", "high_amount: x").replace("type_accept: 0.85", "type_accept: y")
    with pytest.raises(ConfigurationError) as caught:
        parse_rules(text)
    assert len(str(caught.value).splitlines()) == 2


def test_a_key_written_twice_is_named_with_its_line():
    text = TEXT.replace("valid_from:", 'version: "2027"\nvalid_from:')
    line = line_of(text, 'version: "2027"')
    with pytest.raises(ConfigurationError, match=f":{line}: 'version' is written twice"):
        parse_rules(text)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: [1,\nb: 2\n", "just text"])
def test_what_is_no_mapping_is_refused(text):
    with pytest.raises(ConfigurationError):
        parse_rules(text)


def test_a_claim_type_cannot_be_forgotten():
    start, end = TEXT.index("  consultation:"), TEXT.index("  devis:\n    pieces")
    with pytest.raises(ConfigurationError, match="consultation"):
        parse_rules(TEXT[:start] + TEXT[end:])


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(ConfigurationError, match=r"nowhere\.yaml"):
        load_rules(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes("name: é".encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"latin\.yaml"):
        load_rules(tmp_path / "latin.yaml")


def test_a_rule_can_be_switched_off_in_the_file():
    # YAML reads an unquoted off as a boolean
    rules = parse_rules(TEXT.replace("iban_is_valid: blocking", "iban_is_valid: off"))
    assert rules.checks[RuleCode.IBAN_VALID].level == "off"
    rules = parse_rules(TEXT.replace("amounts_add_up: blocking", "amounts_add_up: warning"))
    assert rules.checks[RuleCode.AMOUNTS_ADD_UP].level is Level.WARNING
