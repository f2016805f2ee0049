"""Where papers come from: made out in France, without corrections by hand, and sent as they were made."""

from __future__ import annotations

from collections.abc import Iterator

from dossiers.facts import Facts
from dossiers.papers import Paper
from dossiers.rules.base import Rule
from dossiers.wording import say_list
from schemas.checks import RuleCode
from schemas.decisions import Evidence, Finding
from schemas.edited_files import EditedFiles
from schemas.readings import NOT_STRUCK_OUT, FileReading, Provenance, Source
from schemas.vocabulary import FIELD_LABELS_FR, FieldName


class PapersFromFrance(Rule):
    """No paper was made out abroad: other rules of payment hold there, and amounts are to be converted."""

    code = RuleCode.PAPERS_FROM_FRANCE

    def check(self, facts: Facts) -> Finding | None:
        """Look for what papers from France do not print."""
        found = [paper for paper in facts.papers if paper.document.foreign_signs]
        if not found:
            return self.passed("Rien n’indique un document établi à l’étranger.") if facts.papers else None
        signs = dict.fromkeys(sign for paper in found for sign in paper.document.foreign_signs)
        return self.failed(
            f"Document établi à l’étranger, semble-t-il : on y lit {say_list([f'« {sign} »' for sign in signs])}.",
            [place for paper in found for place in paper.point_to()],
        )


class FiguresNotStruck(Rule):
    """No value was struck out on the paper: what was written in its place is for a person to judge."""

    code = RuleCode.FIGURES_NOT_STRUCK

    def check(self, facts: Facts) -> Finding | None:
        """Look for values that a stroke runs through."""
        found = [(paper, name) for paper in facts.papers for name in _find_struck(paper)]
        if not found:
            return self.passed("Aucune valeur lue n’est raturée.") if facts.papers else None
        names = say_list(list(dict.fromkeys(FIELD_LABELS_FR[name] for _, name in found)))
        return self.failed(
            f"Valeur raturée sur le document : {names}.",
            [place for paper, name in found for place in paper.point_to(name)],
        )


def _find_struck(paper: Paper) -> Iterator[FieldName]:
    for name, field in paper.document.fields.items():
        if field.source is not Source.HANDLER and any(
            check.name == NOT_STRUCK_OUT and not check.passed for check in field.checks
        ):
            yield name


class FilesAsMade(Rule):
    """Nobody changed a file with a program for that, as far as the file says."""

    code = RuleCode.FILES_AS_MADE

    def check(self, facts: Facts) -> Finding | None:
        """Look at what the files say of how they were made."""
        known = [reading for reading in facts.readings if reading.provenance]
        found = [(reading, say) for reading in known for say in _find_changes(reading, facts.rules.edited_files)]
        if not found:
            return self.passed("Rien n’indique qu’un fichier ait été modifié.") if known else None
        says = dict.fromkeys(say for _, say in found)
        return self.failed(
            f"Fichier peut-être modifié : {say_list(list(says))}.",
            [place for reading, _ in found for place in _point_to(reading)],
        )


def _find_changes(reading: FileReading, rules: EditedFiles) -> Iterator[str]:
    made = reading.provenance or Provenance()
    for program in made.programs:
        if any(name.casefold() in program.casefold() for name in rules.programs):
            yield f"enregistré par le logiciel « {program} »"
    if made.written_over:
        yield "du texte ou des traits ont été ajoutés sur une page"
    if made.created and made.modified and rules.days_after is not None:
        days = (made.modified - made.created).days
        if days >= rules.days_after:
            yield f"modifié {days} jours après avoir été créé"


def _point_to(reading: FileReading) -> Iterator[Evidence]:
    pages = reading.provenance.written_over if reading.provenance else ()
    yield from (Evidence(file=reading.id, page=page) for page in pages or (1,))
