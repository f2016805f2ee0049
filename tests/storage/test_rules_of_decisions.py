"""By which rules a dossier was decided, and what is kept to decide it again under others."""

from datetime import date

from dossiers import decide
from schemas.rules import default_rules_path, load_rules
from schemas.vocabulary import DecisionKind
from storage.models import DecisionRecord, Event
from storage.queries import describe_dossiers, select_dossiers
from storage.replay import find_decided
from storage.work import claim_dossiers, claim_pieces, load_dossier, save_decision, save_reading, schedule_decision
from tests.storage.build import LEASE, NOW, SETTLE, add_piece, at, make_dossier, make_member, make_reading

FIRST = load_rules()
SECOND = load_rules(default_rules_path().with_name("littoral.yaml"))


def read_all(now=NOW):
    for claimed in claim_pieces("r", 50, now, LEASE):
        save_reading(claimed, make_reading(claimed), worker="r", seconds=0.1, now=now, settle=SETTLE)


def decide_all(rules, now):
    for claimed in claim_dossiers("w", 50, now, LEASE):
        loaded = load_dossier(claimed.id, rules)
        decision = decide(loaded.dossier, rules, loaded.history, today=now.date())
        save_decision(claimed, decision, worker="w", now=now)


def test_a_decision_keeps_the_version_and_the_hash_of_its_rules(database, folder_store):
    dossier = make_dossier("A")
    add_piece(dossier, folder_store)
    read_all()
    decide_all(FIRST, at(3))
    schedule_decision(dossier.pk, at(4))
    decide_all(SECOND, at(5))
    one, other = DecisionRecord.objects.order_by("number")
    assert (one.rules_version, one.rules_hash) == (FIRST.full_version, FIRST.content_hash)
    assert (other.rules_version, other.rules_hash) == (SECOND.full_version, SECOND.content_hash)
    assert other.line["rules_hash"] == SECOND.content_hash
    assert Event.objects.last().after["rules_hash"] == SECOND.content_hash
    (found,) = find_decided(10)
    assert (found.reference, found.rules_hash, found.decided_on) == ("A", SECOND.content_hash, date(2026, 10, 12))


def test_decided_dossiers_are_found_latest_first(database, folder_store):
    for number, reference in enumerate(("A", "B", "C")):
        add_piece(make_dossier(reference, member=make_member(f"M-{reference}")), folder_store)
        read_all()
        decide_all(FIRST, at(3 + number))
    make_dossier("open")
    assert [found.reference for found in find_decided(10)] == ["C", "B", "A"]
    assert [found.reference for found in find_decided(2)] == ["C", "B"]
    assert [found.reference for found in find_decided(2, "A")] == ["A"]
    assert list(find_decided(2, "open")) == []


def test_reasons_of_the_insurers_own_are_kept(database, folder_store):
    dossier = make_dossier("A", message="Je suis mécontent")
    add_piece(dossier, folder_store)
    read_all()
    decide_all(SECOND, at(3))
    (line,) = describe_dossiers(select_dossiers())
    assert "reclamation" in line.decision.reasons
    assert line.decision.kind is DecisionKind.TO_REVIEW
    assert line.queue == "reclamations"


def test_the_days_of_a_contract_are_kept(database):
    member = make_member(covered_from=date(2026, 1, 1), covered_until=date(2026, 12, 31))
    loaded = load_dossier(make_dossier("A", member=member).pk, FIRST)
    assert loaded.dossier.claim.member.covered_from == date(2026, 1, 1)
    assert loaded.dossier.claim.member.covered_until == date(2026, 12, 31)
