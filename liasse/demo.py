"""The demonstration that ``liasse run`` gives: the sample dossiers, dropped as another system would drop them.

Everybody in it is invented. The accounts exist only in an installation where the demonstration was asked for.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from flows.drops import CLAIM_FILE
from schemas.claims import Claim

#: Shown on the terminal; only the demonstration creates these accounts.
MEMBER_ACCOUNT = ("adherent", "demonstration-adherent")
HANDLER_ACCOUNT = ("gestionnaire", "demonstration-gestionnaire")
OPERATOR_ACCOUNT = ("exploitant", "demonstration-exploitant")


@dataclass(frozen=True, slots=True)
class SampleDossier:
    """One sample request and where its papers are."""

    claim: Claim
    papers: tuple[Path, ...]


def load_samples(folder: Path) -> list[SampleDossier]:
    """The committed sample dossiers, in order of upload date.

    Args:
        folder: holds ``dossiers_inputs.jsonl`` and ``files/``.
    """
    papers = {path.stem: path for path in sorted((folder / "files").iterdir())}
    samples = []
    for line in (folder / "dossiers_inputs.jsonl").read_text().splitlines():
        claim = Claim.model_validate(json.loads(line))
        samples.append(SampleDossier(claim=claim, papers=tuple(papers[name] for name in claim.files)))
    return sorted(samples, key=lambda sample: (sample.claim.upload_date, sample.claim.id))


def drop_sample(sample: SampleDossier, inbox: Path) -> None:
    """Drop one sample: papers first, the claim last and at once, as the inbox asks for."""
    folder = inbox / sample.claim.id
    folder.mkdir(parents=True, exist_ok=True)
    for paper in sample.papers:
        shutil.copyfile(paper, folder / paper.name)
    claim = sample.claim.model_copy(update={"files": tuple(paper.name for paper in sample.papers)})
    draft = folder / f".{CLAIM_FILE}"
    draft.write_text(claim.model_dump_json())
    draft.rename(folder / CLAIM_FILE)


def create_accounts(samples: list[SampleDossier]) -> str:
    """Create the demonstration accounts.

    Returns:
        The member number that the member's account belongs to: the one with most sample dossiers.
    """
    from django.contrib.auth import get_user_model

    from portal.accounts import HANDLERS, OPERATORS, create_account
    from storage.intake import keep_member
    from storage.models import Member

    numbers = [sample.claim.member.member_number for sample in samples]
    number = max(sorted(set(numbers)), key=numbers.count)
    for sample in samples:
        member = sample.claim.member
        keep_member(member, email=f"adherent-{member.member_number.lower()}@exemple.invalid")
    users = get_user_model().objects
    if not users.filter(username=MEMBER_ACCOUNT[0]).exists():
        create_account(*MEMBER_ACCOUNT, member=Member.objects.get(member_number=number))
    if not users.filter(username=HANDLER_ACCOUNT[0]).exists():
        create_account(*HANDLER_ACCOUNT, group=HANDLERS)
    if not users.filter(username=OPERATOR_ACCOUNT[0]).exists():
        create_account(*OPERATOR_ACCOUNT, group=OPERATORS)
    return number
