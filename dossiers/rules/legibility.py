"""Can every required paper be read, to its last page?"""

from __future__ import annotations

from collections.abc import Sequence

from dossiers.facts import Facts, Standing
from dossiers.papers import Paper, Unreadable
from dossiers.rules.base import Rule
from dossiers.telling import fill_piece, say_piece
from dossiers.wording import describe_kind, say_list
from schemas.advice import LEGIBILITY_ADVICE_FR
from schemas.checks import RuleCode
from schemas.decisions import Finding
from schemas.errors import REFUSAL_SENTENCES_FR
from schemas.vocabulary import (
    DOCUMENT_LABELS_FR,
    Legibility,
    LegibilityReason,
    MissingPiece,
)


class PiecesLegible(Rule):
    """R7: a required piece that cannot be read must be sent again."""

    code = RuleCode.PIECES_LEGIBLE

    def check(self, facts: Facts) -> Finding | None:
        """Look for required pieces that were sent and cannot be read."""
        illegible = [standing for standing in facts.pieces if standing.standing is Standing.ILLEGIBLE]
        if illegible:
            things = list(dict.fromkeys(thing for standing in illegible for thing in standing.unreadable))
            labels = say_list([describe_kind(standing.required) for standing in illegible])
            kinds = list(dict.fromkeys(DOCUMENT_LABELS_FR[thing.kind] for thing in things if thing.kind))
            sentence = fill_piece(facts, MissingPiece.PIECE_ILLISIBLE, say_list(kinds) or "document")
            member = [sentence, *_advise(things)]
            return self.failed(
                f"Pièce envoyée mais illisible : {labels}.",
                [place for thing in things for place in thing.point_to()],
                missing=MissingPiece.PIECE_ILLISIBLE,
                member_fr=" ".join(member),
            )
        pending = [thing for thing in facts.unreadable if thing.pending]
        if pending:
            return self.inconclusive(
                "Un fichier n’a pas pu être lu dans le temps prévu : à regarder.",
                [place for thing in pending for place in thing.point_to()],
            )
        half_read = [paper for paper in _required_papers(facts) if _has_illegible_page(paper)]
        if half_read:
            return self.inconclusive(
                "Une page d’une pièce demandée est illisible.",
                [place for paper in half_read for place in paper.point_to()],
            )
        if not facts.pieces:
            return None
        if facts.unreadable:
            return self.passed(
                "Les pièces demandées sont lisibles ; un autre fichier envoyé ne l’est pas.",
                [place for thing in facts.unreadable for place in thing.point_to()],
            )
        return self.passed("Les pièces reçues sont lisibles.")


def _advise(things: Sequence[Unreadable]) -> list[str]:
    """What to do about it, each sentence once."""
    advice = [REFUSAL_SENTENCES_FR[thing.refusal] for thing in things if thing.refusal]
    advice += [LEGIBILITY_ADVICE_FR[reason] for thing in things for reason in thing.reasons]
    return list(dict.fromkeys(advice))


def _required_papers(facts: Facts) -> list[Paper]:
    return [paper for standing in facts.pieces if standing.standing is Standing.FOUND for paper in standing.papers]


def _has_illegible_page(paper: Paper) -> bool:
    return any(
        page.legibility is Legibility.ILLEGIBLE and LegibilityReason.PAGE_BLANCHE not in page.reasons
        for page in paper.pages
    )


class PagesComplete(Rule):
    """R6: every page of the main paper is there ("Page 1/2" without its second page is not enough)."""

    code = RuleCode.PAGES_COMPLETE

    def check(self, facts: Facts) -> Finding | None:
        """Count the pages of the main papers."""
        if not facts.main_papers or facts.main is None:
            return None
        cut = [paper for paper in facts.main_papers if lacks_pages(paper, facts.main_papers)]
        if not cut:
            evidence = [place for paper in facts.main_papers for place in paper.point_to()]
            return self.passed("Toutes les pages sont là.", evidence)
        evidence = [place for paper in cut for place in paper.point_to()]
        may_hold_it = [
            paper
            for paper in facts.papers
            if paper not in facts.main_papers
            and (
                paper.document.type_confidence < facts.rules.thresholds.type_rule_out
                or (paper.document.page_number_printed or 1) > 1
            )
        ]
        if may_hold_it or any(thing.kind is None for thing in facts.unreadable):
            return self.inconclusive("Une page paraît manquer, mais un autre document envoyé peut l’être.", evidence)
        return self.failed(
            f"Il manque une page à la pièce : {describe_kind(facts.main.required)}.",
            evidence,
            missing=MissingPiece.PAGE_MANQUANTE,
            member_fr=say_piece(facts, facts.main.required, MissingPiece.PAGE_MANQUANTE),
        )


def lacks_pages(paper: Paper, others: Sequence[Paper]) -> bool:
    """Whether the print speaks of pages that are neither in this paper nor in another one of its type."""
    count = paper.document.page_count_printed
    if count is None:
        return paper.document.missing_pages
    present: set[int] = set()
    for other in others:
        if other.type is paper.type and other.document.page_count_printed == count:
            first = other.document.page_number_printed or 1
            elsewhere = sum(len(rest.pages) for rest in other.document.other_pages)
            present |= set(range(first, first + len(other.document.pages) + elsewhere))
    return not present >= set(range(1, count + 1))
