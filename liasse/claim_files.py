"""Claims and readings in files of JSON lines, and what becomes of them in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import from_json

from schemas.claims import Claim, Dossier
from schemas.errors import ConfigurationError
from schemas.lines import reading_from_line
from schemas.readings import FileReading
from schemas.rules import InsurerRules

if TYPE_CHECKING:
    from dossiers import PastDossier


def follow_claims(
    claims: Iterable[Claim], readings: dict[str, FileReading], rules: InsurerRules
) -> Iterator[tuple[Dossier, tuple[PastDossier, ...]]]:
    """The dossiers of claims in order of upload, each with the member's earlier ones.

    Args:
        claims: in any order; of two claims of one day, the first given comes first.
        readings: by identifier of the file; every file of every claim.
        rules: of the insurer; they tell what is remembered of a dossier.
    """
    from dossiers import remember

    history: dict[str, list[PastDossier]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.upload_date):
        dossier = Dossier(claim=claim, readings=tuple(readings[file] for file in claim.files))
        earlier = history[claim.member.member_number]
        yield dossier, tuple(earlier)
        earlier.append(remember(dossier, rules))


def load_claims(path: Path) -> list[Claim]:
    """The claims of a file of JSON lines.

    Raises:
        ConfigurationError: the file cannot be read, a line is no claim, or two claims have one identifier; the
            message says which.
    """
    claims: dict[str, Claim] = {}
    for number, line in _read_lines(path):
        try:
            claim = Claim.model_validate_json(line)
        except ValidationError as error:
            raise ConfigurationError(f"{path}:{number}: not a claim: {_say_fault(error)}") from error
        if claim.id in claims:
            raise ConfigurationError(f"{path}:{number}: claim {claim.id} is there twice")
        claims[claim.id] = claim
    return list(claims.values())


def find_files(folder: Path, wanted: Sequence[str], claims: Sequence[Claim]) -> dict[str, Path]:
    """Where each paper is: the file of that name, whatever its extension.

    Raises:
        ConfigurationError: a paper is not in the folder, or two files have its name; the message says which.
    """
    by_name: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            by_name[path.stem].append(path)
    for name in wanted:
        found = by_name.get(name, [])
        if len(found) != 1:
            users = ", ".join(claim.id for claim in claims if name in claim.files)
            what = f"two files are named {name}" if found else f"no file is named {name}"
            raise ConfigurationError(f"{folder}: {what} (claim {users})")
    return {name: by_name[name][0] for name in wanted}


def load_readings(path: Path, wanted: Sequence[str]) -> dict[str, FileReading]:
    """The wanted readings of a file, by their identifier.

    Raises:
        ConfigurationError: the file cannot be read, a line is no reading, or a wanted one is not there.
    """
    readings: dict[str, FileReading] = {}
    for number, line in _read_lines(path):
        try:
            # Not ``json.loads``: it lets half a surrogate pair in, and gives up on deep nesting with a RecursionError.
            values = from_json(line)
            if not isinstance(values, dict):
                raise TypeError("an object is expected")
            reading = reading_from_line(values)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise ConfigurationError(f"{path}:{number}: not a reading: {_say_fault(error)}") from error
        readings[reading.id] = reading
    absent = [name for name in wanted if name not in readings]
    if absent:
        raise ConfigurationError(f"{path}: no reading of {', '.join(absent)}")
    return readings


def _read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers; a byte order mark, as Windows writes it, is no part of them."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not a text in UTF-8") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error


def _say_fault(error: Exception) -> str:
    """The first fault, on one line that a terminal can show."""
    if isinstance(error, ValidationError):
        fault = error.errors(include_url=False)[0]
        text = f"{'.'.join(map(str, fault['loc'])) or 'line'}: {fault['msg']}"
    else:
        text = f"{type(error).__name__}: {error}"
    return "".join(letter if letter.isprintable() else " " for letter in text)
