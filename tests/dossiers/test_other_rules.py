"""The same dossier under other rules, and the texts that its member would read."""

from datetime import date
from decimal import Decimal

import pytest

from dossiers.comparing import compare_decisions, compare_rules
from dossiers.previewing import list_texts, preview_text
from dossiers.telling import write_email
from schemas.rules import load_rules
from schemas.vocabulary import CLAIM_LABELS_FR, DOCUMENT_LABELS_FR, DecisionKind
from tests.dossiers.builders import RULES, dossier, invoice, judge, prescription
from tests.dossiers.insurers import SECOND, weigh

LINK = "https://espace.exemple/dossiers/7"


def changed(before, after):
    return {change.what: (change.before, change.after) for change in compare_decisions(before, after)}


def test_the_same_decision_has_no_difference():
    assert compare_decisions(judge(invoice()), judge(invoice())) == ()


def test_what_people_notice_comes_first_then_the_checks():
    softer = weigh(RULES, invoice_is_paid="warning")
    before, after = (judge(invoice(paid=None), prescription(), rules=rules) for rules in (RULES, softer))
    found = changed(before, after)
    assert found["decision"] == ("incomplete", "complete")
    assert found["missing"] == ("facture_acquittee", "")
    assert found["check:invoice_is_paid"] == ("failed, blocking", "failed, warning")
    assert found["due"] == ("2026-05-18", "2026-04-20")
    assert next(iter(found)) == "decision"
    assert list(found)[-1] == "check:invoice_is_paid"
    assert "check:invoice_present" not in found


def test_a_check_switched_off_is_a_difference_only_where_it_found_something():
    softer = weigh(RULES, invoice_is_paid="off")
    assert not changed(judge(invoice(), prescription()), judge(invoice(), prescription(), rules=softer))


def test_rule_files_are_compared_by_the_place_of_each_value():
    claims = {**RULES.claims}
    optique = next(iter(claims))
    claims[optique] = claims[optique].model_copy(update={"high_amount": Decimal(900)})
    other = RULES.model_copy(update={"claims": claims, "version": "2026.2"})
    found = {change.what: (change.before, change.after) for change in compare_rules(RULES, other)}
    assert found == {"version": ("2026.1", "2026.2"), "claims.optique.high_amount": ("1200", "900")}
    assert compare_rules(RULES, RULES) == ()


def test_members_of_lists_are_called_by_their_name():
    places = {change.what for change in compare_rules(load_rules(), SECOND)}
    assert "claims.optique.pieces[devis].above" in places
    assert "routing.routes[changement_de_compte].queue" not in places  # the same with both


def test_every_text_can_be_looked_at_on_any_dossier():
    case = dossier(invoice(paid=None), prescription())
    for rules in (RULES, SECOND):
        for name in list_texts(rules):
            text = preview_text(name, case, rules, today=date(2026, 4, 15), link=LINK)
            assert text.strip(), name
            assert "{{" not in text, name
            assert "{%" not in text, name
    with pytest.raises(KeyError):
        preview_text("nothing.here", case, RULES, today=date(2026, 4, 15), link=LINK)


def test_a_preview_is_what_the_member_would_read():
    case = dossier(invoice(paid=None), prescription())
    decision = judge(invoice(paid=None), prescription())
    assert preview_text("incomplete", case, RULES, today=date(2026, 4, 15), link=LINK) == decision.message_fr
    assert "facture d’optique" in preview_text("pieces.facture", case, RULES, today=date(2026, 4, 15), link=LINK)


@pytest.mark.parametrize("rules", [RULES, SECOND], ids=["first", "second"])
@pytest.mark.parametrize("kind", DecisionKind)
def test_an_email_names_neither_care_nor_papers(rules, kind):
    subject, body = write_email(rules, kind, reference="D-7", due=date(2026, 5, 6), link=LINK)
    assert "\n" not in subject
    assert LINK in body
    text = f"{subject} {body}".casefold()
    words = {label.casefold() for label in (*CLAIM_LABELS_FR.values(), *DOCUMENT_LABELS_FR.values())} - {
        "autre document"
    }
    assert not {word for word in words - {"devis"} if word in text}
    assert "vasseur" not in text
