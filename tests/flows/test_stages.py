"""A worker's stages on real papers, with a real database, object store and reader process; no orchestrator."""

import gzip
import json
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from flows import stages
from flows.context import make_context
from flows.readers import close_readers
from liasse.demo import drop_sample, load_samples
from schemas.checks import RuleCode
from schemas.errors import ConfigurationError
from schemas.settings import Settings, load_settings
from storage.models import Dossier, Event, OutboxMessage, Piece, Reading
from storage.objects import original_key, page_key, words_key
from storage.work import claim_dossiers, claim_pieces
from tests.storage.test_webhooks import make_settings, receiver

SET = Path(__file__).resolve().parents[2] / "samples" / "set"

pytestmark = [pytest.mark.usefixtures("sqlite_database"), pytest.mark.xdist_group("readers")]


@pytest.fixture(scope="module", autouse=True)
def _readers():
    yield
    close_readers()


@pytest.fixture
def context(tmp_path):
    return make_context(Settings(data_dir=tmp_path, readers=1, settle_seconds=0), "w1")


@pytest.fixture
def sample():
    """The sample dossier whose papers are all PDFs and the lightest."""
    samples = [s for s in load_samples(SET) if all(paper.suffix == ".pdf" for paper in s.papers)]
    return min(samples, key=lambda s: sum(paper.stat().st_size for paper in s.papers))


def work(context):
    """One turn of everything, as the resident loop does it."""
    stages.take_drops(context)
    pieces = stages.claim_papers(context, 10)
    kept = stages.read_papers(context, pieces)
    # The delay after the last paper is over at once here, but not before the next tick of the clock.
    decided = [stages.decide_dossier(context, dossier) for dossier in stages.claim_ready_dossiers(context)]
    return kept, decided, stages.send_messages(context)


def test_a_drop_goes_the_whole_way(context, sample):
    drop_sample(sample, context.settings.inbox_dir)
    assert stages.has_work(context)
    kept, decided, sent = work(context)
    assert kept == len(sample.papers)
    assert len(decided) == 1
    dossier = Dossier.objects.get(reference=sample.claim.id)
    assert dossier.decisions.get().decision == decided[0]
    for piece, paper in zip(dossier.pieces.order_by("name"), sample.papers, strict=True):
        assert context.store.get(original_key(piece.original_id)) == paper.read_bytes()
        assert context.store.get(page_key(piece.original_id, 1)).startswith(b"\xff\xd8")
        pages = json.loads(gzip.decompress(context.store.get(words_key(piece.original_id))))
        assert pages[0]["page"] == 1
        assert len(pages[0]["words"][0]) == 9
    assert sent == 0  # nobody gave this member an address
    assert not stages.has_work(context)
    assert list(context.work_dir.iterdir()) == []


def find_outcome(dossier):
    """What the last decision says of the prescription."""
    findings = dossier.decisions.order_by("-number")[0].line["findings"]
    return next(one["outcome"] for one in findings if one["code"] == RuleCode.PRESCRIPTION_PRESENT.value)


def test_a_prescription_from_the_mail_room_completes_the_dossier_that_asks_for_it(context):
    sample = next(s for s in load_samples(SET) if s.claim.id == "sD001")
    invoice, prescription = sample.papers
    first = replace(
        sample, claim=sample.claim.model_copy(update={"files": sample.claim.files[:1]}), papers=(invoice,)
    )  # fmt: skip
    drop_sample(first, context.settings.inbox_dir)
    work(context)
    request = Dossier.objects.get(reference=sample.claim.id)
    assert find_outcome(request) == "failed"
    folder = context.settings.inbox_dir / "courrier"
    folder.mkdir()
    (folder / "scan.pdf").write_bytes(prescription.read_bytes())
    head = {
        "id": "COURRIER-1",
        "upload_date": sample.claim.upload_date.isoformat(),
        "member_number": sample.claim.member.member_number,
        "files": ["scan.pdf"],
    }
    (folder / "papers.json").write_text(json.dumps(head))
    kept, decided, _ = work(context)
    assert (kept, decided) == (1, ["joined"])
    assert Dossier.objects.get(reference="COURRIER-1").status == "joined"
    assert not any(context.settings.inbox_dir.rglob("*.pdf"))
    for claimed in stages.claim_ready_dossiers(context):
        stages.decide_dossier(context, claimed)
    assert request.pieces.count() == 2
    assert request.decisions.count() == 2
    assert find_outcome(request) == "passed"


def test_a_drop_that_is_a_request_and_none_is_set_aside(context, sample):
    drop_sample(sample, context.settings.inbox_dir)
    (drop,) = (folder for folder in context.settings.inbox_dir.iterdir() if not folder.name.startswith("."))
    (drop / "papers.json").write_text("{}")
    assert stages.take_drops(context) == 0
    assert Dossier.objects.count() == 0
    aside = context.settings.inbox_dir / ".refused"
    assert (aside / drop.name / "papers.json").exists()
    assert "claim.json and papers.json" in (aside / f"{drop.name}.reason.txt").read_text()


def test_the_member_is_told_once_and_nothing_of_health_is_in_the_mail(context, sample):
    drop_sample(sample, context.settings.inbox_dir)
    stages.take_drops(context)
    dossier = Dossier.objects.get(reference=sample.claim.id)
    dossier.member.email = "quelqu.un@exemple.invalid"
    dossier.member.save()
    assert work(context)[2] == 1
    assert stages.send_messages(context) == 0
    message = mail.outbox[0]
    assert message.to == ["quelqu.un@exemple.invalid"]
    assert sample.claim.id in message.subject
    person = sample.claim.patient
    assert not any(word in message.subject + message.body for word in (person.last, person.first, "€"))
    assert Event.objects.filter(kind="member_notified").count() == 1


def test_a_mail_server_that_fails_is_asked_again_later(context, sample, settings):
    drop_sample(sample, context.settings.inbox_dir)
    stages.take_drops(context)
    member = Dossier.objects.get(reference=sample.claim.id).member
    member.email = "quelqu.un@exemple.invalid"
    member.save()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    assert work(context)[2] == 0
    message = OutboxMessage.objects.get()
    assert message.sent_at is None
    assert message.attempts == 1
    assert message.due_at > timezone.now()
    assert "ConnectionRefused" in message.last_error


def test_another_system_is_told_of_every_status(context, sample, monkeypatch):
    with receiver() as (port, received):
        settings = make_settings(f"http://127.0.0.1:{port}/")
        for name in ("webhook_url", "webhook_secret", "webhook_private"):
            for one in (context.settings, load_settings()):
                monkeypatch.setattr(one, name, getattr(settings, name))
        drop_sample(sample, context.settings.inbox_dir)
        work(context)
        stages.send_messages(context)
        assert not stages.has_work(context)
    statuses = [json.loads(body)["data"]["status"] for _, _, body in received]
    assert statuses[:2] == ["received", "processing"]
    assert statuses[-1] == Dossier.objects.get().status


def test_a_lost_lease_keeps_the_reading_out(context, sample):
    drop_sample(sample, context.settings.inbox_dir)
    stages.take_drops(context)
    pieces = stages.claim_papers(context, 10)
    later = timezone.now() + timedelta(days=1)
    taken = claim_pieces("w2", 10, later, timedelta(minutes=1))
    assert {piece.id for piece in taken} == {piece.id for piece in pieces}
    assert stages.read_papers(context, pieces) == 0
    assert not Reading.objects.exists()


def test_an_original_that_is_gone_ends_refused_and_keeps_the_worker_alive(context, sample):
    drop_sample(sample, context.settings.inbox_dir)
    stages.take_drops(context)
    for path in (context.settings.data_dir / "objects" / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    now = timezone.now()
    for attempt in range(context.settings.max_attempts + 1):
        # Each time as if the lease of the last try had lapsed.
        pieces = claim_pieces("w1", 10, now + timedelta(hours=attempt), timedelta(minutes=1))
        assert stages.read_papers(context, pieces) == 0
    assert {piece.state for piece in Piece.objects.all()} == {"refused"}
    (ready,) = claim_dossiers("w1", 10, now + timedelta(days=1), timedelta(minutes=1))
    assert stages.decide_dossier(context, ready) != "complete"


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("empty.pdf", "empty"),
        ("encrypted.pdf", "encrypted"),
        ("zip_renamed.pdf", "unsupported_type"),
        ("truncated.jpg", "damaged"),
        ("huge.png", "too_many_pixels"),
        ("500pages.pdf", "too_many_pages"),
    ],
)
def test_a_hostile_file_gets_its_refusal_and_is_kept(context, sample, name, refusal):
    hostile = type(sample)(claim=sample.claim, papers=(SET / "bad" / name,))
    drop_sample(hostile, context.settings.inbox_dir)
    kept, decided, _ = work(context)
    assert kept == 1
    assert decided != [None]
    piece = Piece.objects.get()
    assert piece.reading.refusal == refusal
    assert context.store.get_original(piece.original_id) == (SET / "bad" / name).read_bytes()
    assert Dossier.objects.get().status != "complete"


def test_a_worker_told_to_stop_gives_its_papers_back_uncounted(context, sample, monkeypatch):
    drop_sample(sample, context.settings.inbox_dir)
    stages.take_drops(context)
    pieces = stages.claim_papers(context, 10)
    monkeypatch.setattr("flows.context._PATIENCE_SECONDS", -1.0)  # as if the five seconds were over
    never = Future()
    monkeypatch.setattr(context.pool, "submit", lambda path, identifier: never)  # a reader that takes too long
    context.ask_to_stop()
    assert stages.read_papers(context, pieces) == 0
    piece = Piece.objects.first()
    assert (piece.lease_token, piece.attempts, piece.state) == (None, 0, "received")


def test_readers_that_do_not_work_cost_the_papers_nothing(context, sample, monkeypatch):
    drop_sample(sample, context.settings.inbox_dir)
    stages.take_drops(context)
    broken = Future()
    broken.set_exception(ConfigurationError("Tesseract is not installed"))
    monkeypatch.setattr(context.pool, "submit", lambda path, identifier: broken)
    assert stages.read_papers(context, stages.claim_papers(context, 10)) == 0
    piece = Piece.objects.first()
    assert (piece.lease_token, piece.attempts, piece.state) == (None, 0, "received")
