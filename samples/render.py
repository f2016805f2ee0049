"""Prints papers: HTML to PDF through Chromium, and the exact place of every printed value."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Page, sync_playwright

from samples.formats import print_name
from samples.identifiers import group_digits
from samples.layouts import Layout, choose_layout, find_layouts
from samples.layouts.pen import Pen
from samples.layouts.style import Style, draw_style
from samples.papers.values import Paper, Statement
from schemas.errors import ConfigurationError, LiasseError
from schemas.geometry import Box

POINTS_PER_PIXEL = 0.75
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)

#: Reads every mark: page, box in CSS pixels from the page's corner, text; and says what does not fit.
_COLLECT = """
() => {
  const pages = [...document.querySelectorAll('.page')];
  const marks = [], faults = [];
  pages.forEach((page, number) => {
    const frame = page.getBoundingClientRect();
    if (page.scrollHeight > page.clientHeight + 1 || page.scrollWidth > page.clientWidth + 1) faults.push('overflow');
    const leaves = [];
    page.querySelectorAll('[data-f],[data-o],[data-k],[data-page-no]').forEach(el => {
      const r = el.getBoundingClientRect();
      const box = [r.left - frame.left, r.top - frame.top, r.right - frame.left, r.bottom - frame.top];
      const text = (el.dataset.p || el.innerText).replace(/[\\n\\t ]+/g, ' ').trim();
      const d = el.dataset;
      if (!r.width && text) faults.push('hidden');
      const out = box[0] < 0 || box[1] < 0 || box[2] > frame.width + 1 || box[3] > frame.height + 1;
      if (out) faults.push('outside:' + text);
      marks.push({page: number + 1, box, text, field: d.f || null, other: d.o || null, value: d.v ?? null,
                  index: d.i === undefined ? null : +d.i, key: d.k || null, pageNo: d.pageNo || null});
      const free = !el.closest('.stamp') && !el.closest('.hand');
      if (free && !el.querySelector('[data-f],[data-o],[data-k]')) leaves.push([el, r, text]);
    });
    for (let a = 0; a < leaves.length; a++) for (let b = a + 1; b < leaves.length; b++) {
      const p = leaves[a][1], q = leaves[b][1];
      const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (w > 2 && h > 5) faults.push('overlap:' + leaves[a][2] + '/' + leaves[b][2]);
    }
  });
  const height = Math.max(...pages.map(p => p.getBoundingClientRect().height));
  return {marks, faults, pages: pages.length, height};
}
"""


class LayoutOverflowError(LiasseError):
    """A paper does not fit its layout; another layout or style should be tried."""

    code = "layout_overflow"


@dataclass(frozen=True)
class Mark:
    """A printed value and its place, in points from the page's top left corner.

    Attributes:
        field: name of a field of interfaces, or None.
        other: kind of a value that is no field, or None.
        index: number of the line item of which it is a cell, from 0, or None.
        key: column of that cell.
        value: what truth says.
        text: what is printed.
    """

    page: int
    box: Box
    text: str
    value: str
    field: str | None = None
    other: str | None = None
    index: int | None = None
    key: str | None = None


@dataclass(frozen=True)
class PrintedPaper:
    """A clean paper: the PDF and what is printed where.

    Attributes:
        key: names the paper, so that another scan of it can be told from another paper.
        sizes: width and height of each page in points.
        page_numbers: (page, count) printed on each page, None where nothing is printed.
    """

    key: str
    paper: Paper
    layout: Layout
    pdf: bytes
    sizes: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]
    page_numbers: tuple[tuple[int, int] | None, ...]


def find_chromium() -> str:
    """The path of a Chromium on this machine.

    Raises:
        ConfigurationError: there is none.
    """
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise ConfigurationError("no Chromium found: install the package 'chromium' to make sample papers")


def _age(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


class PaperPrinter:
    """Prints papers with one browser that stays open."""

    def __init__(self, page: Page) -> None:
        self._page = page
        folder = Path(__file__).parent / "layouts" / "templates"
        self._templates = Environment(
            loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def print(self, rng: Random, paper: Paper, *, split: str = "all", layout: Layout | None = None) -> PrintedPaper:
        """A printed paper, in a layout of a split and a style drawn at random.

        Args:
            rng: source of chance.
            paper: the content.
            split: split of the layout, see ``samples.layouts.SPLITS``, or "all".
            layout: a given layout instead.

        Raises:
            LayoutOverflowError: no style of any layout shows the paper properly.
        """
        tried = ""
        for attempt in range(12):
            chosen = layout or choose_layout(rng, paper, split)
            style = draw_style(rng, test=chosen.split == "test", fonts=chosen.fonts)
            if attempt > 3:
                style = replace(style, points=max(7.5, style.points - 1))
            try:
                return self._print(f"{rng.getrandbits(64):016x}", paper, chosen, style)
            except LayoutOverflowError as error:
                tried = f"{chosen.name}: {error}"
        raise LayoutOverflowError(f"{paper.type} fits no layout; last {tried}")

    def _print(self, key: str, paper: Paper, layout: Layout, style: Style) -> PrintedPaper:
        self._page.set_content(self._to_html(paper, layout, style), wait_until="load")
        found: dict[str, Any] = self._page.evaluate(_COLLECT)
        if found["faults"]:
            raise LayoutOverflowError(", ".join(sorted(set(found["faults"]))[:3]))
        height = f"{layout.height}mm" if layout.height else f"{found['height'] + 3:.0f}px"
        raw = self._page.pdf(
            width=f"{layout.width}mm", height=height, print_background=True, prefer_css_page_size=False
        )
        pdf, sizes = _freeze_pdf(raw)
        if len(sizes) != found["pages"]:
            raise LayoutOverflowError(f"{len(sizes)} pages printed for {found['pages']}")
        numbers: list[tuple[int, int] | None] = [None] * len(sizes)
        marks = []
        for item in found["marks"]:
            if item["pageNo"]:
                first, _, count = item["pageNo"].partition("/")
                numbers[item["page"] - 1] = (int(first), int(count))
                continue
            box = Box(*(round(value * POINTS_PER_PIXEL, 2) for value in item["box"]))
            marks.append(
                Mark(
                    item["page"],
                    box,
                    item["text"],
                    item["value"] or "",
                    item["field"],
                    item["other"],
                    item["index"],
                    item["key"],
                )
            )
        return PrintedPaper(key, paper, layout, pdf, tuple(sizes), tuple(marks), tuple(numbers))

    def _to_html(self, paper: Paper, layout: Layout, style: Style) -> str:
        template = self._templates.get_template(layout.template)
        return template.render(
            p=paper,
            style=style,
            pen=Pen(style),
            paper_width=layout.width,
            paper_height=layout.height,
            days=lambda count: dt.timedelta(days=count),
            age=_age,
            adherent_text=lambda: _adherent_text(paper, style),
            iban_text=lambda iban: iban if style.toss("iban", 0.2) else group_digits(iban, (4,)),
            holder_text=lambda holder: holder.upper() if style.toss("holder", 0.4) else holder,
            holder_value=lambda holder: holder,
        )


def _adherent_text(paper: Paper, style: Style) -> str:
    return print_name(paper.member.adherent, style.name_format) if isinstance(paper, Statement) else ""


def _freeze_pdf(raw: bytes) -> tuple[bytes, list[tuple[float, float]]]:
    """The same PDF without the time of its making, and its page sizes in points."""
    with pikepdf.open(io.BytesIO(raw)) as document:
        sizes = [(float(page.mediabox[2]), float(page.mediabox[3])) for page in document.pages]
        for key in list(document.docinfo.keys()):
            del document.docinfo[key]
        if "/Metadata" in document.Root:
            del document.Root.Metadata
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue(), sizes


@contextmanager
def open_printer() -> Iterator[PaperPrinter]:
    """A printer whose browser is closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(_ARGUMENTS))
        try:
            page = browser.new_page(viewport={"width": 820, "height": 1160})
            page.emulate_media(media="print")
            yield PaperPrinter(page)
        finally:
            browser.close()


__all__ = [
    "LayoutOverflowError",
    "Mark",
    "PaperPrinter",
    "PrintedPaper",
    "find_chromium",
    "find_layouts",
    "open_printer",
]
