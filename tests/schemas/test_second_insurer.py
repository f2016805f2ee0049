"""Two example insurers that contradict each other, and what a rule file may not leave unsaid."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.checks import ASKING_CHECKS, USUAL_REASONS, RuleCode
from schemas.decisions import Level
from schemas.errors import ConfigurationError
from schemas.rules import default_rules_path, load_rules, parse_rules
from schemas.vocabulary import ClaimType, MissingPiece, ReviewReason
from tests.schemas.test_rule_files import REFERENCE_CLAIMS

FIRST = load_rules()
PATH = default_rules_path().with_name("littoral.yaml")
TEXT = PATH.read_text(encoding="utf-8")
SECOND = parse_rules(TEXT)
INSURERS = sorted(default_rules_path().parent.glob("*.yaml"))


def asked(rules, claim):
    return {piece.piece for piece in rules.claims[claim].pieces}


@pytest.mark.parametrize("path", INSURERS, ids=lambda path: path.stem)
def test_every_example_is_right(path: Path):
    rules = load_rules(path)
    for amount in (*rules.legal_amounts, *rules.prescriptions):
        assert amount.source
        assert amount.effective_from <= date(2026, 12, 31)


def test_they_contradict_each_other():
    assert len(INSURERS) >= 2
    assert MissingPiece.ORDONNANCE in asked(SECOND, ClaimType.MEDECINE_DOUCE) - asked(FIRST, ClaimType.MEDECINE_DOUCE)
    assert MissingPiece.ORDONNANCE in asked(FIRST, ClaimType.PHARMACIE) - asked(SECOND, ClaimType.PHARMACIE)
    assert FIRST.claims[ClaimType.HOSPITALISATION].must_be_paid != SECOND.claims[ClaimType.HOSPITALISATION].must_be_paid
    assert FIRST.uploads != SECOND.uploads
    assert "heic" in set(FIRST.uploads.formats) - set(SECOND.uploads.formats)
    assert all(SECOND.delays.decisions[kind] != days for kind, days in FIRST.delays.decisions.items())
    assert all(SECOND.messages.pieces[piece] != text for piece, text in FIRST.messages.pieces.items())
    assert SECOND.content_hash != FIRST.content_hash


def test_reasons_of_the_reference_insurer_stay_those_of_interfaces():
    given = {FIRST.reason_of(code) for code, check in FIRST.checks.items() if check.level == Level.BLOCKING} - {None}
    # Reasons of its own only for what the interfaces know nothing of: other requests, messages, what is on file.
    assert given - set(ReviewReason) == set(FIRST.reasons)
    assert set(FIRST.reasons) == {
        "controle_systematique",
        "hors_contrat",
        "changement_de_compte",
        "reclamation",
        "urgence",
        "facture_etrangere",
        "fichier_modifie",
        "correction_manuscrite",
    }
    assert not any(FIRST.claims[kind].always_seen for kind in REFERENCE_CLAIMS)
    own = {SECOND.reason_of(code) for code in SECOND.checks} - {None} - set(ReviewReason)
    assert own == set(SECOND.reasons)
    assert SECOND.name_reason("changement_de_compte") == "changement de compte bancaire"
    assert SECOND.name_reason("doublon") == "déjà transmis"
    assert SECOND.name_reason("gone_since") == "gone since"


def test_a_check_asks_or_gives_a_reason():
    assert not ASKING_CHECKS & set(USUAL_REASONS)
    assert ASKING_CHECKS | set(USUAL_REASONS) <= set(RuleCode)


def test_the_hash_is_of_what_the_rules_say():
    assert parse_rules(TEXT + "\n# a remark\n").content_hash == SECOND.content_hash
    turned = TEXT.replace("{complete: 2, to_review: 10,", "{to_review: 10, complete: 2,")
    assert turned != TEXT
    assert parse_rules(turned).content_hash == SECOND.content_hash
    assert parse_rules(TEXT.replace("high_amount: 900", "high_amount: 901")).content_hash != SECOND.content_hash


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("reason: changement_de_compte, queue", "reason: changement, queue", "the reason 'changement' is not declared"),
        ("{level: blocking, reason: urgence}", "blocking", "a blocking check needs a reason"),
        ("iban_is_valid: blocking", "iban_is_valid: {level: blocking, reason: faux}", "'faux' is not declared"),
        ("invoice_present: blocking", "invoice_present: {level: blocking, reason: doublon}", "takes no reason"),
        ("statement_present: blocking", "statement_present: off", "never asked for, because the check"),
        ("invoice_is_paid: blocking", "invoice_is_paid: off", "claims.optique.must_be_paid: without effect"),
        ("issuer_is_identified: {level: blocking, reason: professionnel_non_identifie}", "issuer_is_identified: off",
         "issuer_must_be_identified: without effect"),
        ("replacement_needs_no_look: {level: blocking, reason: declaration_a_verifier}",
         "replacement_needs_no_look: off", "nobody would see the other paper"),
        ("  - {name: claim_limit,", "  - {name: claim_limlt,", "legal_amounts needs 'claim_limit'"),
        ('holidays_subdivision: "57"', 'holidays_subdivision: "58"', "'58' is not known; allowed: 57"),
        ("max_file_bytes: 5000000", "max_file_bytes: 9000000", "heavier than all files together"),
        ("unit: ouvrable_days", "unit: euros", "complaint_acknowledgement is counted in"),
        ("value: 10\n", "value: 1.5\n", "a whole number of ouvrable_days"),
        ("under_age: 16", "under_age: 0", "under_age"),
        ("from_age: 16, under_age: 43", "from_age: 43, under_age: 43", "no age is both"),
        ("above: 800}", "above: 800, main: true}", "take 'above' away"),
        ("attend un complément de votre part", "attend votre ordonnance", "must not say 'ordonnance'"),
        ("demande {{ reference }} complète", "{{ claim }} complète", "unknown name {{ claim }}"),
        ("  iban_is_valid: blocking\n", "", "checks: says nothing of: iban_is_valid"),
        ("urgent: [urgent*, urgence, huissier*, à découvert]", "urgent: []", "words needs 'urgent'"),
        ("effective_from: 2022-12-31", "effective_from: 2022-02-31", "not YAML"),
    ],
)  # fmt: skip
def test_what_contradicts_something_else_is_named_with_its_place(old, new, said):
    assert old in TEXT
    with pytest.raises(ConfigurationError) as caught:
        parse_rules(TEXT.replace(old, new, 1), "mine.yaml")
    assert said in str(caught.value)


def test_a_fault_of_the_whole_has_its_line():
    text = TEXT.replace("{level: blocking, reason: urgence}", "blocking")
    line = next(number for number, one in enumerate(text.splitlines(), 1) if "message_is_not_urgent" in one)
    with pytest.raises(ConfigurationError, match=rf"mine\.yaml:{line}: checks\.message_is_not_urgent: a blocking"):
        parse_rules(text, "mine.yaml")


LINES = TEXT.splitlines(keepends=True)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_line_there_is_an_answer_with_a_line(data):
    rank = data.draw(st.integers(0, len(LINES) - 1))
    line = LINES[rank]
    other = data.draw(
        st.sampled_from(
            ["", line + line, line.replace(":", ""), line.replace(" ", "", 1), "- " + line, line[:-1] + "x\n"]
        )
        | st.text(max_size=20).map(lambda text: text + "\n")
    )
    try:
        rules = parse_rules("".join((*LINES[:rank], other, *LINES[rank + 1 :])), "mine.yaml")
    except ConfigurationError as error:
        faults = str(error).splitlines()
        assert all(fault.startswith("mine.yaml:") for fault in faults[:1])
    else:
        assert rules.content_hash


def test_an_alias_within_itself_is_refused():
    with pytest.raises(ConfigurationError):
        parse_rules("name: &x [*x]\n")
