"""Back-up and restoring: the database, then every object, in one folder.

The database is copied first and as of one moment; objects come after it. An original is in the store before its row is
in the database and goes only when it is erased, so every original that the copied database names is among the objects
copied, unless it was erased meanwhile. A back-up into the same folder again copies what is new and takes away what was
erased.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection

from schemas.errors import ConfigurationError, ObjectCorruptError, ObjectNotFoundError, StorageError
from storage.models import Original
from storage.objects import DERIVED, ORIGINALS, ObjectStore, hash_file, original_key

_MANIFEST = "manifest.json"
_OBJECTS = "objects"
_NAMES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a back-up holds, as written in its ``manifest.json``.

    Attributes:
        made_at: when the database was copied.
        version: of Liasse that made it.
        engine: "sqlite" or "postgresql".
        database: name of the file with the database, and its SHA-256.
        originals: rows of originals in the copied database.
        objects: objects kept in the folder, of them ``copied`` by this run and ``removed`` because they were erased.
    """

    made_at: str
    version: str
    engine: str
    database: str
    database_sha256: str
    originals: int
    objects: int
    copied: int
    removed: int


def make_backup(store: ObjectStore, folder: Path, now: datetime) -> BackupReport:
    """Copy the database and every object into a folder.

    Args:
        store: the object store.
        folder: made if need be; an earlier back-up in it is brought up to date.
        now: with time zone.

    Raises:
        StorageError: something could not be copied; what the folder held before is still there.
        ObjectCorruptError: an original is damaged in the store.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = _NAMES[connection.vendor]
    draft = folder / f".{name}"
    draft.unlink(missing_ok=True)
    _dump_database(draft)
    originals = Original.objects.count()
    copied, kept = 0, set()
    for key in _list_kept(store):
        target = folder / _OBJECTS / key
        kept.add(target)
        if not (target.exists() and key.startswith(ORIGINALS)):
            with contextlib.suppress(ObjectNotFoundError):  # erased while we looked
                copied += _copy_object(store, key, target)
    removed = _remove_others(folder / _OBJECTS, kept)
    draft.replace(folder / name)
    report = BackupReport(
        made_at=now.isoformat(),
        version=version("liasse"),
        engine=connection.vendor,
        database=name,
        database_sha256=_hash(folder / name),
        originals=originals,
        objects=len(kept),
        copied=copied,
        removed=removed,
    )
    (folder / _MANIFEST).write_text(json.dumps(asdict(report), indent=1) + "\n")
    return report


def restore_backup(store: ObjectStore, folder: Path) -> BackupReport:
    """Bring a back-up back into an empty database and its objects into the store.

    Objects that are already in the store stay. Run ``liasse migrate`` afterwards if the back-up is of an older release.

    Args:
        store: the object store.
        folder: from ``make_backup``.

    Raises:
        ConfigurationError: the folder holds no back-up for this kind of database, or the database is not empty.
        StorageError: the database file is damaged, or something could not be restored.
        ObjectCorruptError: an original of the back-up is damaged.
    """
    try:
        report = BackupReport(**json.loads((folder / _MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"{folder} holds no back-up") from error
    if report.engine != connection.vendor:
        raise ConfigurationError(f"the back-up is of {report.engine}, the settings name {connection.vendor}")
    if connection.introspection.table_names():
        raise ConfigurationError("the database is not empty: restore into a new one")
    if _hash(folder / report.database) != report.database_sha256:
        raise StorageError("the database of the back-up is damaged")
    root = folder / _OBJECTS
    for path in sorted(root.rglob("*")):
        if not path.is_file():
            continue
        key = path.relative_to(root).as_posix()
        if key.startswith(ORIGINALS):
            with path.open("rb") as file:
                if store.put_original(file).sha256 != path.name:
                    raise ObjectCorruptError(f"original {path.name} is damaged in the back-up")
        else:
            store.put(key, path.read_bytes(), content_type=_guess_type(key))
    _load_database(folder / report.database)
    return report


def _list_kept(store: ObjectStore) -> Iterator[str]:
    for prefix in (ORIGINALS, DERIVED):
        for info in store.list(prefix):
            yield info.key


def _copy_object(store: ObjectStore, key: str, target: Path) -> int:
    """Copy one object, verified where its name tells its content; 0 when the very bytes are already there."""
    sha256 = key.rpartition("/")[2]
    data = store.get_original(sha256) if key == _original_or_none(sha256) else store.get(key)
    if target.exists() and target.read_bytes() == data:
        return 0
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}")
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    return 1


def _original_or_none(sha256: str) -> str | None:
    try:
        return original_key(sha256)
    except StorageError:
        return None


def _remove_others(root: Path, kept: set[Path]) -> int:
    """Take away what the store does not hold any more: what was erased must not live on in back-ups."""
    others = [path for path in root.rglob("*") if path.is_file() and path not in kept] if root.exists() else []
    for path in others:
        path.unlink()
    return len(others)


def _dump_database(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(target)) as copy:
            target.chmod(0o600)
            connection.connection.backup(copy)
            # A copy of one file: no journal beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    target.touch(mode=0o600)
    _run_postgres_tool("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"])


def _load_database(source: Path) -> None:
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        draft = path.with_name(f".{path.name}")
        shutil.copyfile(source, draft)
        draft.chmod(0o600)
        draft.replace(path)
        return
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run_postgres_tool("pg_restore", [*arguments, "--dbname", str(connection.settings_dict["NAME"]), str(source)])


def _run_postgres_tool(program: str, arguments: list[str]) -> None:
    found: dict[str, Any] = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(found["HOST"] or ""),
        "PGPORT": str(found["PORT"] or 5432),
        "PGUSER": str(found["USER"] or ""),
        "PGPASSWORD": str(found["PASSWORD"] or ""),
        "PGDATABASE": str(found["NAME"]),
    }
    try:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{program} is not installed (Debian package: postgresql-client)") from error
    if done.returncode:
        raise StorageError(f"{program} failed: {done.stderr.strip()[-500:]}")


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hash_file(file)[0]
    except OSError as error:
        raise StorageError(f"{path.name} cannot be read: {error.strerror}") from error


def _guess_type(key: str) -> str:
    return "image/jpeg" if key.endswith(".jpg") else "application/gzip" if key.endswith(".gz") else "application/json"
