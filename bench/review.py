"""What a review costs: a scripted careful reviewer settles every sample dossier that waits for a person, by keyboard.

The reviewer looks at one doubt after the other and knows what the paper says (the truth of the set): Enter where the
value is right, the arrow key where another reading is, F2 where nothing is printed, else the value is typed as it is
printed until the page completes it. What a check found is accepted; then the act that the screen proposes is confirmed.
Every key counts, typed letters too.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.sites import open_decided_site, serve, sign_in
from bench.tables import FigureTable, Kind, Row, find_percentile
from liasse.demo import HANDLER_ACCOUNT
from portal.presenting.editing import write_content
from schemas.lines import content_from_json
from schemas.vocabulary import FieldName

_SET = Path(__file__).parents[1] / "samples" / "set"
#: More steps than this on one dossier, and the reviewer goes round in circles.
_MOST_STEPS = 60
_PATIENCE = 20_000
#: Milliseconds that the page has to complete what is typed.
_COMPLETES = 60
#: What has the focus, and what the reviewer reads there.
_LOOK = """() => {
  const at = document.activeElement;
  const form = at?.form;
  const point = at?.closest?.('.point');
  return {
    dossier: document.querySelector('h1 .reference')?.textContent ?? '',
    kind: at?.matches?.('input[data-value]') ? 'value' : at?.matches?.('select[data-value]') ? 'type'
      : at?.matches?.('[data-primary]') ? 'act' : at?.matches?.('button[data-value]') ? 'finding' : 'nothing',
    words: at?.textContent?.trim() ?? '',
    value: at?.value ?? '',
    field: form?.elements.champ?.value ?? '',
    rank: Number(form?.elements.rang?.value ?? 0),
    where: point?.querySelector('.point-where')?.textContent ?? '',
    anchor: point?.id ?? '',
    others: [...(form?.querySelectorAll('[data-alternative]') ?? [])].map((one) => one.value),
    points: document.querySelectorAll('[data-part=points] [data-value]').length,
  };
}"""

#: Milliseconds until the browser painted something.
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
#: Whether what was sent is settled: a point less, or the focus on another one.
_HAS_MOVED = (
    f"before => {{ const now = ({_LOOK})(); return now.points < before.points || now.anchor !== before.anchor }}"
)
#: What a person reads in a list for a type.
_NAME_TYPE = "kind => [...document.activeElement.options].find((one) => one.value === kind)?.textContent.trim() ?? ''"


@dataclass
class Effort:
    """What one dossier took.

    Attributes:
        doubts: values and findings settled.
        typed: values among them that were typed.
        act: what was confirmed in the end, in the words of the button; empty where the screen proposed nothing.
        paint: seconds from asking for the page until something of it is painted.
        expected: what becomes of it when every paper is read without fault.
    """

    expected: str
    keys: int = 0
    doubts: int = 0
    typed: int = 0
    act: str = ""
    paint: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether nothing but doubt of reading held it up."""
        return self.expected == "complete"


class _Reviewer:
    """Looks, presses and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.truth = {
            row["id"]: row["documents"]
            for row in map(json.loads, (_SET / "truth.jsonl").read_text(encoding="utf-8").splitlines())
        }
        self.expected = {
            row["id"]: row["expected"]["decision"]
            for row in map(json.loads, (_SET / "dossiers.jsonl").read_text(encoding="utf-8").splitlines())
        }

    def review_all(self) -> dict[str, Effort]:
        """Take one dossier after the other until none is left; the effort by reference."""
        efforts: dict[str, Effort] = {}
        self.page.get_by_role("button", name="Dossier suivant").focus()
        self.page.keyboard.press("Enter")
        while True:
            self.page.wait_for_load_state("load")
            self.page.wait_for_timeout(200)
            seen = self.page.evaluate(_LOOK)
            reference = seen["dossier"]
            if not reference or reference in efforts:
                return efforts
            effort = Effort(self.expected.get(reference, "?"), paint=self.page.evaluate(_PAINT) / 1000)
            efforts[reference] = effort
            self._review(effort)
            print(f"{reference} {effort.keys} keys, {effort.doubts} doubts, {effort.act or 'left'}", flush=True)
            if not effort.act:
                effort.keys += 1
                with self.page.expect_navigation(timeout=_PATIENCE):
                    self.page.keyboard.press("Alt+PageDown")

    def _review(self, effort: Effort) -> None:
        for _ in range(_MOST_STEPS):
            seen = self.page.evaluate(_LOOK)
            if seen["kind"] == "act":
                effort.act, effort.keys = seen["words"], effort.keys + 1
                with self.page.expect_navigation(timeout=_PATIENCE):
                    self.page.keyboard.press("Enter")
                return
            if seen["kind"] == "nothing":
                return
            effort.doubts += 1
            if seen["kind"] == "value":
                self._settle_value(seen, effort)
            else:
                effort.keys += self._press_type(seen) if seen["kind"] == "type" else self._press("Enter")
            self.page.wait_for_function(_HAS_MOVED, arg=seen, timeout=_PATIENCE)

    def _settle_value(self, seen: Mapping[str, Any], effort: Effort) -> None:
        name = FieldName(seen["field"])
        said = self._find_truth(seen, name)
        right = [write_content(name, content_from_json(name, value)) for value in said]
        if any(_same(seen["value"], one) for one in right):
            effort.keys += self._press("Enter")
        elif found := next((place for place, other in enumerate(seen["others"], 1) if _same(other, right[0])), 0):
            for _ in range(found):
                effort.keys += self._press("ArrowDown")
            effort.keys += self._press("Enter")
        elif not right[0]:
            effort.keys += self._press("F2")
        else:
            effort.typed += 1
            effort.keys += self._type(right, self._find_printed(seen, name)) + self._press("Enter")

    def _type(self, right: Sequence[str], printed: Sequence[str]) -> int:
        """Keys that a value takes when it is typed as it is printed until the page completes it."""
        text = next(iter(printed), right[0])
        for typed, letter in enumerate(text, 1):
            self.page.keyboard.type(letter)
            self.page.wait_for_timeout(_COMPLETES)
            value = self.page.evaluate(_LOOK)["value"]
            if any(_same(value, one) for one in (*right, *printed)):
                return typed
        return len(text)

    def _find_printed(self, seen: Mapping[str, Any], name: FieldName) -> list[str]:
        """How the paper prints a value of one part."""
        printed = self._find_document(seen).get("fields", {}).get(name.value, {}).get("printed", [])
        return [str(one) for one in printed] if len(printed) == 1 else []

    def _find_truth(self, seen: Mapping[str, Any], name: FieldName) -> list[Any]:
        """What the paper says, then what may be said as well."""
        field = self._find_document(seen).get("fields", {}).get(name.value, {})
        return [field.get("value"), *field.get("accept", [])]

    def _find_document(self, seen: Mapping[str, Any]) -> dict[str, Any]:
        file = next((name for name in self.truth if name in seen["where"]), "")
        documents = self.truth.get(file, [])
        found: dict[str, Any] = documents[seen["rank"]] if seen["rank"] < len(documents) else {}
        return found

    def _press_type(self, seen: Mapping[str, Any]) -> int:
        kind = self._find_document(seen).get("type", seen["value"])
        if kind == seen["value"]:
            return self._press("Enter")
        label = self.page.evaluate(_NAME_TYPE, kind)
        self.page.keyboard.type(label)
        return len(label) + self._press("Enter")

    def _press(self, key: str) -> int:
        self.page.keyboard.press(key)
        return 1


def measure_review() -> list[FigureTable]:
    """Read the samples, serve the site, and review what waits."""
    with open_decided_site() as environment, serve(environment) as address, sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport={"width": 1400, "height": 900}, locale="fr-FR").new_page()
        page.set_default_timeout(_PATIENCE)
        sign_in(page, address, HANDLER_ACCOUNT)
        page.goto(f"{address}/gestion")
        efforts = _Reviewer(page).review_all()
        browser.close()
    return [_tabulate(efforts), _tabulate_paint([effort.paint for effort in efforts.values() if effort.paint])]


def _tabulate(efforts: Mapping[str, Effort]) -> FigureTable:
    rows = {"all": _sum_up(list(efforts.values()))}
    for title, chosen in (
        (
            "complete, accepted",
            [one for one in efforts.values() if one.expected == "complete" and "Accepter" in one.act],
        ),
        ("a piece asked for", [one for one in efforts.values() if "demande" in one.act]),
        ("no act proposed", [one for one in efforts.values() if not one.act]),
    ):
        rows[title] = _sum_up(chosen)
    return FigureTable(
        title="keys for a dossier that waits for a person (no pointer is used)",
        key="dossiers",
        columns={
            "n": Kind.COUNT,
            "median": Kind.NUMBER,
            "p90": Kind.NUMBER,
            "most": Kind.COUNT,
            "at most 6": Kind.SHARE,
            "doubts, mean": Kind.NUMBER,
            "values typed": Kind.COUNT,
        },
        rows=rows,
        note="Letters of typed values count. Where no act is proposed, the next dossier is taken (one key).",
    )


def _tabulate_paint(seconds: list[float]) -> FigureTable:
    row = {
        "n": len(seconds),
        "median, s": find_percentile(seconds, 0.5),
        "p95, s": find_percentile(seconds, 0.95),
        "most, s": max(seconds, default=None),
    }
    return FigureTable(
        title="from asking for the review screen to the first thing painted",
        key="screen",
        columns={"n": Kind.COUNT, "median, s": Kind.SECONDS, "p95, s": Kind.SECONDS, "most, s": Kind.SECONDS},
        rows={"review": row},
        note="Site and browser on the same machine; the time of answering is in it.",
    )


def _sum_up(efforts: list[Effort]) -> Row:
    keys = sorted(effort.keys for effort in efforts)
    if not keys:
        return {"n": 0}
    return {
        "n": len(keys),
        "median": median(keys),
        "p90": find_percentile([float(one) for one in keys], 0.9),
        "most": keys[-1],
        "at most 6": sum(one <= 6 for one in keys) / len(keys),
        "doubts, mean": sum(effort.doubts for effort in efforts) / len(keys),
        "values typed": sum(effort.typed for effort in efforts),
    }


def _same(shown: str, right: str) -> bool:
    return "".join(shown.split()).casefold() == "".join(right.split()).casefold()
