"""Papers are shown to a real ClamAV daemon, with a signature of our own for the harmless test file."""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import contextmanager

import pytest

from flows import stages
from flows.context import make_context
from schemas.settings import Settings
from storage.models import Dossier, Event, Piece
from storage.scanning import ScannerError, find_virus
from tests.storage.build import add_piece, make_dossier

#: The test file that every scanner knows (eicar.org), put together here so that none takes this file for it.
HARMLESS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"

pytestmark = [pytest.mark.service, pytest.mark.usefixtures("database")]


@contextmanager
def run_clamd(folder):
    """A daemon with one signature; yields its address."""
    clamd = shutil.which("clamd") or "/usr/sbin/clamd"
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "test.ndb").write_text(f"Test.Harmless:0:*:{HARMLESS.hex()}\n")
    path, settings = folder / "clamd.sock", folder / "clamd.conf"
    settings.write_text(
        f"LocalSocket {path}\nDatabaseDirectory {signatures}\nForeground yes\nStreamMaxLength 1M\n"
        f"TemporaryDirectory {folder}\n"
    )
    process = subprocess.Popen([clamd, "--config-file", str(settings)], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not path.exists():
            assert process.poll() is None and time.monotonic() < deadline, "clamd did not start"  # noqa: PT018
            time.sleep(0.1)
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def scanner(tmp_path_factory):
    with run_clamd(tmp_path_factory.mktemp("clamd")) as address:
        yield address


@pytest.fixture
def context(scanner, tmp_path, folder_store):
    made = make_context(Settings(data_dir=tmp_path / "data", clamav_url=scanner, readers=1), "w")
    made.store = folder_store
    return made


def take_up(context):
    pieces = stages.claim_papers(context, 5)
    return stages.read_papers(context, pieces)


def test_verdicts(scanner, tmp_path):
    assert find_virus(b"une facture", scanner) is None
    assert find_virus(HARMLESS, scanner) == "Test.Harmless.UNOFFICIAL"
    assert find_virus(b"%PDF-1.7 " + b"x" * 200_000 + HARMLESS, scanner) == "Test.Harmless.UNOFFICIAL"
    with pytest.raises(ScannerError):
        find_virus(b"x" * 2_000_000, scanner)
    for address in (f"unix://{tmp_path}/none.sock", "tcp://127.0.0.1:1"):
        with pytest.raises(ScannerError):
            find_virus(b"une facture", address)


def test_what_is_signalled_is_refused_and_never_opened(context, folder_store):
    dossier = make_dossier()
    add_piece(dossier, folder_store, HARMLESS)
    take_up(context)
    piece = Piece.objects.select_related("reading").get()
    assert (piece.state, piece.reading.refusal, piece.reading.page_keys) == ("refused", "infected", [])
    assert Event.objects.filter(kind="piece_refused").count() == 1
    assert folder_store.get_original(piece.original_id) == HARMLESS  # kept as received
    assert not list(context.work_dir.iterdir())
    assert Dossier.objects.get().status == "processing"


def test_while_the_scanner_is_silent_papers_wait(context, folder_store):
    add_piece(make_dossier(), folder_store)
    context.settings.clamav_url = "tcp://127.0.0.1:1"
    assert take_up(context) == 0
    piece = Piece.objects.get()
    assert (piece.state, piece.attempts) == ("received", 0)
    assert not list(context.work_dir.iterdir())
