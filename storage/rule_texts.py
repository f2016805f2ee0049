"""The versions of the insurer's rule file: which there were, what each said, and how much each decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min

from schemas.rules import InsurerRules, default_rules_path, parse_rules, read_rule_file
from schemas.settings import load_settings
from storage.models import DecisionRecord, RuleText


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One version.

    Attributes:
        content_hash: by which decisions name it.
        kept: its text can be shown; versions of before texts were kept have none.
        decisions: how many it made.
        first, last: when it made the first and the last of them, None where it made none.
    """

    content_hash: str
    version: str
    kept: bool
    valid_from: date | None
    decisions: int
    first: datetime | None
    last: datetime | None


def keep_rules(rules: InsurerRules, text: str, now: datetime) -> None:
    """Keep the text of a version, once.

    Args:
        rules: made of it.
        text: the file.
        now: with time zone.
    """
    RuleText.objects.get_or_create(
        content_hash=rules.content_hash,
        defaults={"version": rules.full_version, "valid_from": rules.valid_from, "text": text, "kept_at": now},
    )


def keep_installed_rules(now: datetime) -> None:
    """Keep the text that this installation works by, as it is on the disk.

    Raises:
        ConfigurationError: the rule file is absent or wrong.
    """
    path = load_settings().rules_file or default_rules_path()
    text = read_rule_file(path)  # once: the file may be replaced at any moment
    keep_rules(parse_rules(text, str(path)), text, now)


def list_versions() -> tuple[RuleVersion, ...]:
    """Every version that was kept or that decided, the one that decided last first (two queries)."""
    texts = {row.content_hash: row for row in RuleText.objects.defer("text")}
    made = {
        row["rules_hash"]: row
        for row in DecisionRecord.objects.exclude(rules_hash="")
        .order_by()
        .values("rules_hash")
        .annotate(count=Count("pk"), first=Min("decided_at"), last=Max("decided_at"), version=Max("rules_version"))
    }
    versions = []
    for digest in dict.fromkeys((*texts, *made)):
        kept, row = texts.get(digest), made.get(digest)
        versions.append(
            RuleVersion(
                content_hash=digest,
                version=kept.version if kept else str(row["version"]) if row else "",
                kept=kept is not None,
                valid_from=kept.valid_from if kept else None,
                decisions=row["count"] if row else 0,
                first=row["first"] if row else None,
                last=row["last"] if row else None,
            )
        )
    return tuple(sorted(versions, key=lambda one: (one.last is None, -(one.last.timestamp() if one.last else 0))))


def find_text(content_hash: str) -> RuleText | None:
    """A version with its text, None where none is kept."""
    return RuleText.objects.filter(pk=content_hash).first()


def read_rules(kept: RuleText) -> InsurerRules:
    """The rules of a kept version.

    Raises:
        ConfigurationError: this release understands the file no more.
    """
    return parse_rules(kept.text, kept.version)
