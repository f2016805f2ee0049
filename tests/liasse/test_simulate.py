"""A small month: what comes in, who looks, who answers, and the same again from the same seed."""

import json
from datetime import date
from random import Random

import pytest
from typer.testing import CliRunner

import liasse.__main__ as command_line
from liasse.simulation.figures import count_month
from liasse.simulation.month import run_month
from liasse.simulation.recorded import Library, Recording
from liasse.simulation.world import load_world
from schemas.errors import ConfigurationError
from schemas.vocabulary import DecisionKind, FieldName, MissingPiece
from tests.dossiers.builders import RULES, dossier, field, invoice, prescription

MONDAY = date(2026, 9, 7)


def record(kind, *readings, **claim):
    made = dossier(*readings, **claim)
    return Recording(made.claim, made.readings, kind)


COMPLETE = record(DecisionKind.COMPLETE, invoice(), prescription(), id="complete")
UNPAID = record(DecisionKind.INCOMPLETE, invoice(id="unpaid", paid=False), prescription(), id="unpaid")
HIGH = record(
    DecisionKind.TO_REVIEW,
    invoice(id="high", total_amount="1500.00", amo_amount=None, patient_due=None, lines=("1500.00",)),
    prescription(),
    id="high",
)


def make_world(**changes):
    """The shipped one, small; nothing comes twice or without its request unless a test says so."""
    world = load_world()
    plain = world.members.model_copy(update={"by_mail": 0.0, "sends_again": 0.0})
    return world.model_copy(update={"dossiers_a_day": 20, "members": plain} | changes)


def run(recording, days=14, seed=1, **changes):
    shares = {kind: float(kind is recording.kind) for kind in DecisionKind}
    world = make_world(arrivals=shares, **changes)
    library = Library([COMPLETE, UNPAID, HIGH] if recording is not COMPLETE else [COMPLETE])
    return run_month(library, world, RULES, start=MONDAY, days=days, seed=seed, report=lambda done: None)


def members(**changes):
    return make_world().members.model_copy(update=changes)


def test_complete_dossiers_need_nobody():
    figures = count_month(run(COMPLETE))
    assert figures.dossiers > 100
    assert (figures.settled, figures.touchless, figures.settled_touchless) == (figures.dossiers, 1.0, 1.0)
    assert (figures.busy, figures.queues) == (0.0, ())


def test_members_who_answer_settle_what_was_asked():
    figures = count_month(run(UNPAID, members=members(never_answer=0.0, wrong_paper=0.0, answer_days_median=0.5)))
    assert figures.asked == figures.touchless == 1.0
    assert figures.settled_touchless == 0.0
    assert figures.days_asked.n == figures.settled > figures.dossiers / 2
    assert figures.waits_for_handler == 0


def test_members_who_never_answer_are_given_up():
    figures = count_month(run(UNPAID, members=members(never_answer=1.0), given_up_days=3))
    assert figures.settled == 0
    assert figures.given_up > 0
    assert figures.given_up + figures.waits_for_member == figures.dossiers


def test_a_wrong_paper_is_asked_again_and_goes_to_a_person_in_the_end():
    month = run(UNPAID, members=members(never_answer=0.0, wrong_paper=1.0, answer_days_median=0.1))
    asked = {course.asked for course in month.courses if course.looked}
    assert asked == {3}


def test_what_comes_again_is_recognised_and_looked_at():
    month = run(COMPLETE, members=members(sends_again=0.3))
    figures = count_month(month)
    assert figures.dossiers / 6 < figures.sent_again == figures.recognised
    assert all(bool(course.looked) == course.again for course in month.courses if course.settled)
    assert [queue.queue for queue in figures.queues] == ["controle"]


def test_answers_that_name_their_member_only_join_the_one_request_that_asked():
    habits = members(never_answer=0.0, wrong_paper=0.0, by_mail=1.0, answer_days_median=0.5)
    figures = count_month(run(UNPAID, members=habits))
    assert figures.by_mail == figures.by_mail_placed > 50
    assert figures.queues == ()


def test_an_answer_that_fits_nothing_waits_for_a_person_to_attach_it():
    habits = members(never_answer=0.0, wrong_paper=1.0, by_mail=1.0, answer_days_median=0.1)
    month = run(UNPAID, members=habits)
    figures = count_month(month)
    assert figures.by_mail_placed == 0 < figures.by_mail
    assert RULES.assembly.queue in {queue.queue for queue in figures.queues}
    course = next(course for course in month.courses if course.settled)
    assert [wait.queue for wait in course.waits][:3] == [RULES.assembly.queue] * 3


def test_people_look_in_the_hours_of_the_desk_and_leave_what_nobody_may_take():
    month = run(HIGH)
    figures = count_month(month)
    [queue] = figures.queues
    assert queue.queue == "optique"
    assert queue.looks == sum(len(course.waits) for course in month.courses) >= figures.settled > 0
    assert 0 < figures.busy < 1
    settled = [course.settled for course in month.courses if course.settled]
    assert all(9 <= time.hour <= 17 and time.weekday() < 5 for time in settled)
    nobody = make_world().handlers[0].model_copy(update={"queues": ("dentaire",)})
    stuck = count_month(run(HIGH, handlers=(nobody,)))
    assert stuck.settled == 0
    assert stuck.queues[0].left == stuck.dossiers == stuck.waits_for_handler
    assert stuck.queues[0].oldest_hours > 60


def test_the_same_seed_gives_the_same_month():
    first, again, other = (count_month(run(HIGH, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_what_is_sent_is_made_out_for_the_patient_and_moved_to_the_day():
    other = prescription(id="other", fields={FieldName.PATIENT_NAME: field("Paul MARTIN")})
    library = Library([record(DecisionKind.COMPLETE, invoice(), other, id="complete")])
    made = library.draw(DecisionKind.COMPLETE, "S1", date(2026, 6, 1), Random(1))
    assert made.claim.upload_date == date(2026, 6, 1)
    away = date(2026, 6, 1) - COMPLETE.claim.upload_date
    issued = [reading.documents[0].value_of("issue_date") for reading in (made.readings[0], COMPLETE.readings[0])]
    assert issued[0] - issued[1] == away
    lacking = made.model_copy(
        update={"readings": made.readings[:1], "claim": made.claim.model_copy(update={"files": made.claim.files[:1]})}
    )
    full = library.complete(lacking, (MissingPiece.ORDONNANCE,), RULES, 1, Random(1))
    added = full.readings[-1].documents[0]
    assert (added.type.value, added.value_of("patient_name")) == ("ordonnance", "Léa VASSEUR")
    assert full.claim.files[-1] == full.readings[-1].id


def test_a_world_that_cannot_be_names_the_place(tmp_path):
    path = tmp_path / "world.yaml"
    path.write_text(load_world_text().replace("never_answer: 0.12", "never_answer: 2"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"members\.never_answer"):
        load_world(path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_world(tmp_path / "none.yaml")


def load_world_text():
    from liasse.simulation.world import DEFAULT_WORLD

    return DEFAULT_WORLD.read_text(encoding="utf-8")


def test_the_command_runs_recorded_papers():
    command_line._register()
    result = CliRunner().invoke(command_line.app, ["simulate", "--days", "2", "--dossiers-a-day", "10", "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["dossiers"] > 5
    assert 0 < figures["touchless"] <= 1
