"""Papers dropped in a folder or under a bucket prefix, against the real stores and a real database."""

import json
import os
from datetime import UTC, datetime

import pytest

from flows.inbox import find_drops, take_drop
from flows.inbox_places import BucketInbox, FolderInbox
from schemas.errors import KeyConflictError
from storage.models import Dossier, Event, Original, Piece

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = {"first": "Inès", "last": "VALMONT", "birth_date": "1988-04-02", "role": "adherent"}
CLAIM = {
    "id": "C-1",
    "claim_type": "optique",
    "upload_date": "2026-03-01",
    "member": {"member_number": "0441", "people": [PERSON]},
    "patient": PERSON,
    "files": ["facture.jpg", "ordonnance.pdf"],
}


class FolderDropper:
    """Drops as a person with access to the folder would."""

    def __init__(self, tmp_path, store):
        self.inbox = FolderInbox(tmp_path / "inbox")

    def drop(self, folder, **files):
        target = self.inbox.root / folder
        target.mkdir(exist_ok=True)
        for name, data in files.items():
            (target / name.replace("__", ".")).write_bytes(data)

    def left(self):
        return sorted(str(p.relative_to(self.inbox.root)) for p in self.inbox.root.rglob("*") if p.is_file())


class BucketDropper:
    """Drops as a program with access to the bucket would."""

    def __init__(self, tmp_path, store):
        self.store = store
        self.inbox = BucketInbox(store, "inbox/")

    def drop(self, folder, **files):
        for name, data in files.items():
            self.store.put(f"inbox/{folder}/{name.replace('__', '.')}", data)

    def left(self):
        return sorted(info.key.removeprefix("inbox/") for info in self.store.list("inbox/"))


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.service)])
def dropper(request, tmp_path):
    if request.param == "folder":
        return FolderDropper(tmp_path, None)
    return BucketDropper(tmp_path, request.getfixturevalue("s3_store"))


def claim(**changes):
    return json.dumps({**CLAIM, **changes}).encode()


def take_all(dropper, store):
    return sum(take_drop(dropper.inbox, drop, store, now=NOW) for drop in find_drops(dropper.inbox))


def stop(*_):
    raise KeyboardInterrupt


def stop_while_removing(dropper, store, monkeypatch, after):
    """Take a drop, and stop when so many of its files are removed."""
    remove, done = dropper.inbox.remove, []

    def remove_some(drop, name):
        if len(done) == after:
            stop()
        done.append(name)
        remove(drop, name)

    with monkeypatch.context() as patched:
        patched.setattr(dropper.inbox, "remove", remove_some)
        with pytest.raises(KeyboardInterrupt):
            take_all(dropper, store)


@pytest.mark.usefixtures("sqlite_database")
class TestTaking:
    def test_a_complete_drop_becomes_a_dossier_and_is_removed(self, dropper, folder_store):
        dropper.drop("a", facture__jpg=b"one", ordonnance__pdf=b"two", claim__json=claim())
        assert take_all(dropper, folder_store) == 2
        dossier = Dossier.objects.get(reference="C-1")
        assert dossier.member.member_number == "0441"
        assert [piece.name for piece in dossier.pieces.order_by("name")] == ["facture.jpg", "ordonnance.pdf"]
        kept = {folder_store.get_original(piece.original_id) for piece in dossier.pieces.all()}
        assert kept == {b"one", b"two"}
        assert dropper.left() == []

    def test_a_drop_waits_until_every_paper_is_there(self, dropper, folder_store):
        dropper.drop("a", facture__jpg=b"one", claim__json=claim())
        assert take_all(dropper, folder_store) == 0
        assert not Dossier.objects.exists()
        dropper.drop("a", ordonnance__pdf=b"two")
        assert take_all(dropper, folder_store) == 2

    def test_a_drop_without_claim_is_left_alone(self, dropper, folder_store):
        dropper.drop("a", facture__jpg=b"one")
        assert take_all(dropper, folder_store) == 0
        assert dropper.left() == ["a/facture.jpg"]

    def test_the_same_drop_twice_makes_nothing_twice(self, dropper, folder_store):
        for _ in range(2):
            dropper.drop("a", facture__jpg=b"one", ordonnance__pdf=b"two", claim__json=claim())
            take_all(dropper, folder_store)
        assert (Dossier.objects.count(), Piece.objects.count(), Original.objects.count()) == (1, 2, 2)
        assert Event.objects.filter(kind="piece_received").count() == 2

    def test_another_paper_under_the_same_name_is_another_paper(self, dropper, folder_store):
        dropper.drop("a", facture__jpg=b"one", claim__json=claim(files=["facture.jpg"]))
        take_all(dropper, folder_store)
        dropper.drop("b", facture__jpg=b"other", claim__json=claim(files=["facture.jpg"]))
        take_all(dropper, folder_store)
        assert Dossier.objects.count() == 1
        assert {piece.original.size for piece in Piece.objects.all()} == {3, 5}

    def test_a_stop_between_storing_and_removing_loses_and_doubles_nothing(self, dropper, folder_store, monkeypatch):
        dropper.drop("a", facture__jpg=b"one", ordonnance__pdf=b"two", claim__json=claim())

        with monkeypatch.context() as patched:
            patched.setattr(dropper.inbox, "write", stop)
            with pytest.raises(KeyboardInterrupt):
                take_all(dropper, folder_store)
        assert len(dropper.left()) == 3
        take_all(dropper, folder_store)
        assert dropper.left() == []
        assert Piece.objects.count() == 2

    @pytest.mark.parametrize("removed", range(4))
    def test_a_stop_while_a_drop_is_removed_is_made_up_for(self, dropper, folder_store, monkeypatch, removed):
        """Its sender waits for the claim to go: a paper that has gone must not keep the claim for ever."""
        dropper.drop("a", facture__jpg=b"one", ordonnance__pdf=b"two", claim__json=claim())
        stop_while_removing(dropper, folder_store, monkeypatch, removed)
        assert len(dropper.left()) == 4 - removed
        assert take_all(dropper, folder_store) == 0
        assert dropper.left() == []
        assert Piece.objects.count() == 2

    def test_a_new_claim_in_the_place_of_one_half_removed_is_taken(self, dropper, folder_store, monkeypatch):
        dropper.drop("a", facture__jpg=b"one", ordonnance__pdf=b"two", claim__json=claim())
        stop_while_removing(dropper, folder_store, monkeypatch, 1)
        dropper.drop("a", facture__jpg=b"one", claim__json=claim(id="C-2"))
        assert take_all(dropper, folder_store) == 2
        assert set(Dossier.objects.values_list("reference", flat=True)) == {"C-1", "C-2"}
        assert dropper.left() == []

    @pytest.mark.parametrize("note", [b"", b"[]", b"{", b'{"../claim.json": "00"}', b'{"facture.jpg": 3}'])
    def test_a_note_that_is_not_ours_removes_nothing(self, dropper, folder_store, note):
        dropper.drop("a", facture__jpg=b"one", ordonnance__pdf=b"two", claim__json=claim())
        dropper.inbox.write("a", ".taken", note)
        assert take_all(dropper, folder_store) == 2
        assert dropper.left() == []

    def test_a_claim_id_of_another_member_is_not_taken(self, dropper, folder_store):
        dropper.drop("a", facture__jpg=b"one", claim__json=claim(files=["facture.jpg"]))
        take_all(dropper, folder_store)
        stranger = {"member_number": "0999", "people": [PERSON]}
        dropper.drop("b", facture__jpg=b"two", claim__json=claim(files=["facture.jpg"], member=stranger))
        with pytest.raises(KeyConflictError):
            take_all(dropper, folder_store)
        assert "b/facture.jpg" in dropper.left()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"{", "not valid JSON"),
        (b"[]", "claim"),
        (claim(claim_type="garage"), "claim_type"),
        (claim(files=[]), "names no file"),
        (claim(files=["../facture.jpg"]), "path"),
        (claim(files=["claim.json"]), "path"),
        (b" " * 1_000_001, "larger"),
        (b"[" * 200_000, "nested"),
        (claim(files=[""]), "file"),
        (claim(files=["a\0b.png"]), "file"),
        (claim(files=["é" * 200 + ".png"]), "file"),
        (claim(id="\ud800"), "claim"),
    ],
)
def test_a_claim_that_cannot_be_understood_is_set_aside_with_the_reason(dropper, raw, says):
    dropper.drop("a", facture__jpg=b"one", claim__json=raw)
    assert list(find_drops(dropper.inbox)) == []
    assert dropper.left() == [".refused/a.reason.txt", ".refused/a/claim.json", ".refused/a/facture.jpg"]
    reason = dropper.inbox.read(".refused", "a.reason.txt").decode()
    assert says in reason
    assert "VALMONT" not in reason
    assert list(find_drops(dropper.inbox)) == []


@pytest.mark.usefixtures("sqlite_database")
def test_a_paper_replaced_while_it_is_taken_is_taken_too(dropper, folder_store, monkeypatch):
    dropper.drop("a", facture__jpg=b"one", ordonnance__pdf=b"two", claim__json=claim())
    read = dropper.inbox.read

    def replace_after_reading(drop, name):
        data = read(drop, name)
        if name == "ordonnance.pdf" and data == b"two":
            dropper.drop("a", facture__jpg=b"another")
        return data

    with monkeypatch.context() as patched:
        patched.setattr(dropper.inbox, "read", replace_after_reading)
        take_all(dropper, folder_store)
    assert {"a/facture.jpg", "a/claim.json"} <= set(dropper.left())
    dropper.drop("a", ordonnance__pdf=b"two")  # the sender completes the drop again
    take_all(dropper, folder_store)
    assert {folder_store.get_original(sha) for sha in Original.objects.values_list("pk", flat=True)} == {
        b"one",
        b"two",
        b"another",
    }
    assert dropper.left() == []


class TestLinks:
    """Whoever may write into the inbox folder must not reach outside it."""

    @pytest.fixture
    def inbox(self, tmp_path):
        return FolderInbox(tmp_path / "inbox")

    @pytest.fixture
    def outside(self, tmp_path):
        folder = tmp_path / "outside"
        folder.mkdir()
        (folder / "facture.jpg").write_bytes(b"secret")
        (folder / "claim.json").write_bytes(claim(files=["facture.jpg"]))
        return folder

    @pytest.mark.parametrize("linked", ["facture.jpg", "claim.json"])
    def test_a_linked_file_is_not_read(self, inbox, outside, linked):
        drop = inbox.root / "a"
        drop.mkdir()
        (drop / "facture.jpg").write_bytes(b"one")
        (drop / "claim.json").write_bytes(claim(files=["facture.jpg"]))
        (drop / linked).unlink()
        (drop / linked).symlink_to(outside / linked)
        assert list(find_drops(inbox)) == []
        assert (inbox.root / ".refused" / "a" / linked).is_symlink()
        assert (outside / "facture.jpg").read_bytes() == b"secret"

    def test_a_linked_folder_is_neither_read_nor_changed(self, inbox, outside):
        (inbox.root / "a").symlink_to(outside)
        assert list(find_drops(inbox)) == []
        assert (inbox.root / ".refused" / "a").is_symlink()
        assert sorted(path.name for path in outside.iterdir()) == ["claim.json", "facture.jpg"]

    def test_a_reason_is_not_written_through_a_link(self, inbox, outside):
        drop = inbox.root / "a"
        drop.mkdir()
        (drop / "claim.json").write_bytes(b"{")
        (drop / "reason.txt").symlink_to(outside / "facture.jpg")
        assert list(find_drops(inbox)) == []
        assert (outside / "facture.jpg").read_bytes() == b"secret"

    def test_a_pipe_does_not_make_us_wait(self, inbox):
        drop = inbox.root / "a"
        drop.mkdir()
        os.mkfifo(drop / "facture.jpg")
        (drop / "claim.json").write_bytes(claim(files=["facture.jpg"]))
        assert list(find_drops(inbox)) == []

    def test_a_bad_drop_does_not_stand_in_the_way_of_a_good_one(self, inbox):
        for name, raw in (("a", b"[" * 200_000), ("b", claim(files=["x" * 300])), ("c", claim(files=["facture.jpg"]))):
            (inbox.root / name).mkdir()
            (inbox.root / name / "facture.jpg").write_bytes(b"one")
            (inbox.root / name / "claim.json").write_bytes(raw)
        assert [drop.name for drop in find_drops(inbox)] == ["c"]
