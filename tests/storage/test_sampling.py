"""Blind checks: who is drawn, what differs, and what the share of errors may be."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from pydantic import SecretStr

from schemas.lines import reading_to_line
from schemas.readings import DocumentReading, FieldValue, FileReading, Source
from schemas.rules import load_rules
from schemas.settings import load_settings
from schemas.statuses import DossierStatus, EventKind
from schemas.vocabulary import DecisionKind, DocumentType, FieldName
from storage.events import append_event, rebuild_status
from storage.handling_models import BlindCheck
from storage.models import Dossier, Reading
from storage.sampling import Answer, Comparison, Quality, compare_answer, draw_checks, keep_check, measure_quality
from tests.storage.build import NOW, add_piece, make_dossier

THRESHOLDS = load_rules().thresholds


def settle(reference, *, now=NOW, handled=False, decision=DecisionKind.COMPLETE):
    dossier = make_dossier(reference, now=now)
    append_event(dossier, EventKind.DECIDED, at=now, actor="w", decision=decision)
    if handled:
        append_event(dossier, EventKind.HANDLER_ACCEPTED, at=now, actor="odile")
    return dossier


def test_only_what_nobody_touched_is_drawn_and_only_once(database):
    plain = settle("A")
    settle("B", handled=True)
    settle("C", decision=DecisionKind.TO_REVIEW)
    settle("D", now=NOW - timedelta(days=30))
    assert draw_checks(1.0, THRESHOLDS, now=NOW) == 1
    assert draw_checks(1.0, THRESHOLDS, now=NOW) == 0
    assert [check.dossier for check in BlindCheck.objects.all()] == [plain]


def test_a_share_is_drawn_that_depends_on_nothing_but_the_dossiers(database):
    for number in range(100):
        settle(f"S{number:03d}")
    assert draw_checks(0.0, THRESHOLDS, now=NOW) == 0
    first = draw_checks(0.2, THRESHOLDS, now=NOW)
    assert 2 <= first <= 48  # identifiers are random: wide enough never to fail by chance
    drawn = set(BlindCheck.objects.values_list("dossier_id", flat=True))
    BlindCheck.objects.all().delete()
    draw_checks(0.2, THRESHOLDS, now=NOW + timedelta(days=1))
    assert set(BlindCheck.objects.values_list("dossier_id", flat=True)) == drawn
    draw_checks(0.4, THRESHOLDS, now=NOW)
    assert drawn < set(BlindCheck.objects.values_list("dossier_id", flat=True))


def test_nobody_can_tell_beforehand_who_does_not_know_the_secret(database, monkeypatch):
    for number in range(100):
        settle(f"S{number:03d}")

    def draw(secret):
        monkeypatch.setattr(load_settings(), "secret_key", SecretStr(secret))
        BlindCheck.objects.all().delete()
        draw_checks(0.3, THRESHOLDS, now=NOW)
        return set(BlindCheck.objects.values_list("dossier_id", flat=True))

    first = draw("one secret")
    assert draw("another secret") != first
    assert draw("one secret") == first


def test_what_was_accepted_only_just_is_drawn_three_times_as_often(database, folder_store):
    close, clear = set(), set()
    for number in range(80):
        dossier = settle(f"S{number:03d}")
        piece = add_piece(dossier, folder_store)
        (close if number % 2 else clear).add(dossier.pk)
        confidence = 0.91 if number % 2 else 0.99
        field = FieldValue(value=Decimal("12.50"), confidence=confidence, source=Source.TESSERACT)
        document = read(total_amount=field)
        line = reading_to_line(FileReading(id="x", file="x", sha256="0" * 64, documents=(document,)))
        Reading.objects.create(piece=piece, line=line, reader_version="", worker="w", seconds=1, read_at=NOW)
        Dossier.objects.filter(pk=dossier.pk).update(status="complete")

    def draw(share, thresholds):
        BlindCheck.objects.all().delete()
        draw_checks(share, thresholds, now=NOW)
        return set(BlindCheck.objects.values_list("dossier_id", flat=True))

    # Where the insurer names no figure, nothing is accepted only just: the same draw, of all alike.
    unnamed = THRESHOLDS.model_copy(update={"default": None, "fields": {}})
    once, three_times = draw(0.15, unnamed), draw(0.45, unnamed)
    assert draw(0.15, THRESHOLDS) == (once & clear) | (three_times & close)
    assert once & close < three_times & close


def seen(value, source=Source.TESSERACT):
    return FieldValue(value=value, confidence=0.9, source=source)


def read(**values):
    fields = {
        FieldName(name): value if isinstance(value, FieldValue) else seen(value) for name, value in values.items()
    }
    return DocumentReading(type=DocumentType.FACTURE_OPTIQUE, type_confidence=0.99, pages=(1,), fields=fields)


def answer(kind=DocumentType.FACTURE_OPTIQUE, **values):
    return Answer("f", 0, kind, {FieldName(name): value for name, value in values.items()})


@pytest.mark.parametrize(
    ("reading", "said", "differing"),
    [
        (read(total_amount=Decimal("12.50")), answer(total_amount=Decimal("12.50")), []),
        (read(total_amount=Decimal("12.50")), answer(total_amount=Decimal("12.60")), ["total_amount"]),
        (read(patient_name="Léa VASSEUR"), answer(patient_name="vasseur  léa"), []),
        (read(patient_name="Léa VASSEUR"), answer(patient_name="Léo Vasseur"), ["patient_name"]),
        (read(issue_date=date(2026, 3, 1)), answer(issue_date=None), ["issue_date"]),
        (read(), answer(issue_date=None, paid=None, total_amount=None), []),
        (read(), answer(paid=False), []),
        (read(paid=False), answer(paid=None), []),
        (read(paid=True), answer(paid=None), ["paid"]),
        (read(), answer(kind=DocumentType.ORDONNANCE), ["type"]),
        (read(total_amount=seen(Decimal(1), Source.HANDLER)), answer(total_amount=Decimal(2)), []),
    ],
)  # fmt: skip
def test_what_differs(reading, said, differing):
    assert list(compare_answer(reading, said, THRESHOLDS).differing) == differing


def test_only_what_the_machine_accepted_is_judged():
    held = FieldValue(value=Decimal(5), confidence=0.2, source=Source.TESSERACT, held_back="check_failed:sum")
    reading = read(total_amount=held, patient_name="Léa VASSEUR", issue_date=seen(date(2026, 3, 1), Source.MEMBER))
    sure = {name: value.model_copy(update={"confidence": 0.999}) for name, value in reading.fields.items()}
    reading = reading.model_copy(update={"fields": sure})
    said = answer(total_amount=Decimal(5), patient_name="Léo Vasseur", issue_date=date(2026, 3, 2), paid=None)
    assert dict(compare_answer(reading, said, THRESHOLDS).accepted) == {FieldName.PATIENT_NAME: False}
    assert dict(compare_answer(reading, answer(patient_name="Vasseur Léa"), THRESHOLDS).accepted) == {
        FieldName.PATIENT_NAME: True
    }


def test_a_check_is_kept_once_and_changes_no_status(database, folder_store):
    dossier = settle("A")
    piece = add_piece(dossier, folder_store)
    append_event(dossier, EventKind.DECIDED, at=NOW, actor="w", decision=DecisionKind.COMPLETE)
    draw_checks(1.0, THRESHOLDS, now=NOW)
    check = BlindCheck.objects.get()
    user = User.objects.create_user("odile")
    said = Answer(str(piece.pk), 0, DocumentType.FACTURE_OPTIQUE, {FieldName.TOTAL_AMOUNT: Decimal("9.00")})
    found = Comparison(("total_amount",), {FieldName.TOTAL_AMOUNT: False, FieldName.PAID: True})
    assert keep_check(check.pk, [(said, found)], user=user, now=NOW)
    assert not keep_check(check.pk, [(said, Comparison())], user=user, now=NOW)
    check.refresh_from_db()
    assert (check.checked_by, check.differing) == (user, {f"{piece.pk}/0": ["total_amount"]})
    assert check.judged == {"total_amount": {"right": 0, "wrong": 1}, "paid": {"right": 1, "wrong": 0}}
    checked, differed = dossier.events.order_by("id")[dossier.events.count() - 2 :]
    assert (checked.kind, differed.kind) == (EventKind.BLIND_CHECKED.value, EventKind.BLIND_DIFFERED.value)
    assert "value" not in differed.after
    assert differed.content.after["value"] == "9.00"
    dossier.refresh_from_db()
    assert dossier.status == DossierStatus.COMPLETE.value == rebuild_status(dossier).value


def test_the_share_of_errors_comes_with_its_interval(database):
    assert measure_quality(NOW) == Quality()
    for number in range(50):
        check = BlindCheck(dossier=settle(f"Q{number}"), drawn_at=NOW, checked_at=NOW)
        check.differing = {"f/0": ["type"]} if number == 0 else {}
        check.save()
    quality = measure_quality(NOW - timedelta(days=1))
    assert (quality.checked, quality.wrong) == (50, 1)
    assert quality.low == pytest.approx(0.0035, abs=0.0005)
    assert quality.high == pytest.approx(0.105, abs=0.002)
    assert measure_quality(NOW + timedelta(days=1)) == Quality()
