import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from schemas.errors import (
    InvalidKeyError,
    ObjectCorruptError,
    ObjectNotFoundError,
    StorageError,
)
from schemas.settings import Settings
from storage.folder_store import FolderStore
from storage.objects import check_key, open_store, original_key, page_key, words_key

PAPER = b"%PDF-1.7 pretend"
ADDRESS = hashlib.sha256(PAPER).hexdigest()


def test_what_is_put_is_got_back(store):
    info = store.put("derived/a/page-1.jpg", b"one", content_type="image/jpeg")
    assert (info.key, info.size) == ("derived/a/page-1.jpg", 3)
    assert store.get("derived/a/page-1.jpg") == b"one"
    assert store.exists("derived/a/page-1.jpg")
    assert not store.exists("derived/a/page-2.jpg")


def test_a_second_put_replaces_the_first(store):
    store.put("derived/a/words.json.gz", b"one" * 1000)
    store.put("derived/a/words.json.gz", io.BytesIO(b"two"))
    assert store.get("derived/a/words.json.gz") == b"two"


def test_an_empty_object_is_an_object(store):
    store.put("inbox/a/empty", b"")
    assert store.get("inbox/a/empty") == b""
    assert store.describe("inbox/a/empty").size == 0
    assert store.put_original(b"").size == 0


def test_nothing_there_is_said_so(store):
    with pytest.raises(ObjectNotFoundError):
        store.get("derived/none")
    with pytest.raises(ObjectNotFoundError), store.open("derived/none"):
        pass
    with pytest.raises(ObjectNotFoundError):
        store.get_original(ADDRESS)
    assert store.describe("derived/none") is None
    assert list(store.list("derived/")) == []


def test_an_open_object_can_be_sought(store):
    store.put("inbox/a/b", b"0123456789")
    with store.open("inbox/a/b") as file:
        file.seek(4)
        assert file.read(3) == b"456"
        file.seek(0)
        assert file.read() == b"0123456789"


def test_a_listing_holds_the_prefix_and_no_more_in_order(store):
    keys = ["inbox/b/2", "inbox/a/1", "inbox/é à/ñ ü.jpg", "inbox/ab", "derived/x"]
    for key in keys:
        store.put(key, key.encode())
    assert [info.key for info in store.list("inbox/")] == ["inbox/a/1", "inbox/ab", "inbox/b/2", "inbox/é à/ñ ü.jpg"]
    assert [info.key for info in store.list("inbox/a")] == ["inbox/a/1", "inbox/ab"]
    (only,) = store.list("inbox/b/")
    assert only.size == len(b"inbox/b/2")
    assert abs(only.modified - datetime.now(UTC)) < timedelta(minutes=2)
    assert store.get("inbox/é à/ñ ü.jpg") == "inbox/é à/ñ ü.jpg".encode()


@pytest.mark.service
def test_a_long_s3_listing_is_asked_for_page_by_page(s3_store, monkeypatch):
    monkeypatch.setattr("storage.s3_store._PAGE", 5)
    keys = [f"inbox/é{number:03d}" for number in range(15)]
    for key in keys:
        s3_store.put(key, b"x")
    assert [info.key for info in s3_store.list("inbox/")] == keys


def test_only_the_inbox_can_be_emptied(store):
    store.put("inbox/a/b", b"x")
    store.remove("inbox/a/b")
    store.remove("inbox/a/b")
    assert not store.exists("inbox/a/b")
    store.put("derived/a", b"x")
    store.put_original(PAPER)
    for key in ("derived/a", original_key(ADDRESS), "inbox/../derived/a", "inboxes/a", "inbox/"):
        with pytest.raises(InvalidKeyError):
            store.remove(key)
    assert store.get("derived/a") == b"x"
    assert store.get_original(ADDRESS) == PAPER


@pytest.mark.parametrize(
    "key", ["", "/etc/passwd", "a//b", "a/../b", "..", "a/.", "a\\b", "a\nb", "a\0b", "a/" + "b" * 251, "é" * 501]
)
def test_a_dangerous_key_is_refused(key, folder_store):
    with pytest.raises(InvalidKeyError):
        check_key(key)
    with pytest.raises(InvalidKeyError):
        folder_store.put(key, b"x")
    with pytest.raises(InvalidKeyError):
        folder_store.get(key)


def test_keys_of_originals_and_what_is_derived():
    assert original_key(ADDRESS) == f"originals/{ADDRESS[:2]}/{ADDRESS}"
    assert page_key(ADDRESS, 1) == f"derived/{ADDRESS}/page-1.jpg"
    assert words_key(ADDRESS) == f"derived/{ADDRESS}/words.json.gz"
    for wrong in ("", ADDRESS.upper(), ADDRESS[:-1], "../" + ADDRESS[3:]):
        with pytest.raises(InvalidKeyError):
            original_key(wrong)
    with pytest.raises(InvalidKeyError):
        page_key(ADDRESS, 0)


def test_an_original_has_the_address_of_its_content(store):
    kept = store.put_original(PAPER)
    assert (kept.sha256, kept.size) == (ADDRESS, len(PAPER))
    assert store.put_original(io.BytesIO(PAPER)) == kept
    assert store.get_original(ADDRESS) == PAPER
    with store.open_original(ADDRESS) as file:
        assert file.read() == PAPER
    assert [info.key for info in store.list("originals/")] == [original_key(ADDRESS)]


def test_a_large_stream_is_kept_whole(store):
    data = os.urandom(1 << 20) * 11 + b"end"
    kept = store.put_original(io.BytesIO(data))
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert store.get_original(kept.sha256) == data


def test_an_original_cannot_be_put_by_its_key(store):
    with pytest.raises(InvalidKeyError):
        store.put(original_key(ADDRESS), b"something else")


def test_the_same_paper_from_many_at_once_is_kept_once(store):
    data = os.urandom(300_000)
    barrier = threading.Barrier(6)

    def put(_number):
        barrier.wait()
        return store.put_original(data)

    with ThreadPoolExecutor(6) as pool:
        kept = set(pool.map(put, range(6)))
    assert len(kept) == 1
    assert store.get_original(kept.pop().sha256) == data
    assert len(list(store.list("originals/"))) == 1


def test_damage_is_found_and_mended_when_the_paper_comes_again(store, request):
    store.put_original(PAPER)
    damage_original(store, request)
    with pytest.raises(ObjectCorruptError) as caught:
        store.get_original(ADDRESS)
    assert not caught.value.retryable
    with pytest.raises(ObjectCorruptError), store.open_original(ADDRESS):
        pass
    store.put_original(PAPER)
    assert store.get_original(ADDRESS) == PAPER


def damage_original(store, request):
    """As a failing disk would, behind the store's back."""
    key = original_key(ADDRESS)
    if isinstance(store, FolderStore):
        (request.getfixturevalue("tmp_path") / "objects" / key).write_bytes(PAPER[:-1] + b"?")
    else:
        damaged = PAPER[:-1] + b"?"
        store._client.put_object(store._bucket, key, io.BytesIO(damaged), len(damaged))


def test_a_kept_original_is_not_written_again(folder_store, tmp_path):
    folder_store.put_original(PAPER)
    path = tmp_path / "objects" / original_key(ADDRESS)
    before = path.stat()
    folder_store.put_original(PAPER)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_files_are_for_the_owner_alone_and_drafts_are_gone(folder_store, tmp_path):
    folder_store.put_original(PAPER)
    folder_store.put("derived/a/b", b"x")
    root = tmp_path / "objects"
    for path in (root, *root.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert list((root / ".drafts").iterdir()) == []
    assert {info.key for info in folder_store.list("")} == {"derived/a/b", original_key(ADDRESS)}


def test_a_write_that_is_killed_shows_nothing_and_is_cleared_later(folder_store, tmp_path):
    code = f"""
import sys
from pathlib import Path
from storage.folder_store import FolderStore
class Slow:
    def read(self, _size):
        print("reading", flush=True)
        sys.stdin.read(1)
        return b"x"
FolderStore(Path({str(tmp_path / "objects")!r})).put("inbox/a/b", Slow())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline() == b"reading\n"
        writer.send_signal(signal.SIGKILL)
    assert not folder_store.exists("inbox/a/b")
    assert list(folder_store.list("")) == []
    assert folder_store.remove_drafts(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert folder_store.remove_drafts(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert list((tmp_path / "objects" / ".drafts").iterdir()) == []


def test_a_failing_source_leaves_nothing(store):
    class Broken(io.RawIOBase):
        def read(self, _size=-1):
            raise OSError("connection reset")

    with pytest.raises((StorageError, OSError)):
        store.put_original(Broken())
    assert list(store.list("")) == []


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path):
    (tmp_path / "objects").write_text("a file where the folder should be")
    store = FolderStore(tmp_path / "objects")
    with pytest.raises(StorageError) as caught:
        store.put_original(PAPER)
    assert caught.value.retryable
    assert str(tmp_path) not in str(caught.value)


def test_the_settings_name_the_store(tmp_path):
    assert isinstance(open_store(Settings(data_dir=tmp_path)), FolderStore)
