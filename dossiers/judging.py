"""Findings that a person has looked at."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.decisions import Finding, Outcome
from schemas.judgements import Judgement


def apply_judgements(finding: Finding, judgements: Sequence[Judgement]) -> Finding:
    """The finding as passed where a person said so of exactly this finding, else the finding itself."""
    if finding.outcome is Outcome.PASSED:
        return finding
    for judgement in judgements:
        if (judgement.code, judgement.sentence) == (finding.code, finding.handler_fr):
            said = f"{finding.handler_fr} Vérifié par {judgement.by} : en ordre."
            changes = {"outcome": Outcome.PASSED, "missing": (), "reason": None, "handler_fr": said}
            return finding.model_copy(update=changes)
    return finding
