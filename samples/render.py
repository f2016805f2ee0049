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
from samples.layouts.composed import compose
from samples.layouts.pen import Pen
from samples.layouts.style import SANS, SERIF, Style, draw_composed_style, draw_style
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
  const level = colour => {
    const [r, g, b, a = 1] = (colour.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return a ? 0.3 * r + 0.6 * g + 0.1 * b : null;
  };
  const pale = el => {
    let under = null;
    for (let up = el; up && under === null; up = up.parentElement) under = level(getComputedStyle(up).backgroundColor);
    return Math.abs((under ?? 255) - level(getComputedStyle(el).color)) < 70;
  };
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
      if (!el.closest('.stamp, .hand, .over, .handfont') && pale(el)) faults.push('pale:' + text);
      if (el.classList.contains('m') && el.scrollWidth > el.clientWidth + 1) faults.push('wide:' + text);
      const cell = el.closest('.side, .quad > div');
      if (cell && r.right > cell.getBoundingClientRect().right + 1) faults.push('clipped:' + text);
      const out = box[0] < 0 || box[1] < 0 || box[2] > frame.width + 1 || box[3] > frame.height + 1;
      if (out) faults.push('outside:' + text);
      marks.push({page: number + 1, box, text, field: d.f || null, other: d.o || null, value: d.v ?? null,
                  index: d.i === undefined ? null : +d.i, key: d.k || null, pageNo: d.pageNo || null,
                  part: d.part || null, inked: !!el.closest('.stamp, .hand, .handfont, .over')});
      const free = !el.closest('.stamp, .hand, .over, .handfont');
      if (free && !el.querySelector('[data-f],[data-o],[data-k]')) leaves.push([el, r, text]);
    });
    page.querySelectorAll('[data-detail]').forEach(el => {
      const r = el.getBoundingClientRect(), d = el.dataset;
      const box = [r.left - frame.left, r.top - frame.top, r.right - frame.left, r.bottom - frame.top];
      if (r.width) marks.push({page: number + 1, box, text: d.detail, field: null, other: null, value: d.detail,
                               index: +d.i, key: 'detail', pageNo: null, part: null, inked: false});
    });
    for (let a = 0; a < leaves.length; a++) for (let b = a + 1; b < leaves.length; b++) {
      const p = leaves[a][1], q = leaves[b][1];
      const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (w > 2 && h > 5) faults.push('overlap:' + leaves[a][2] + '/' + leaves[b][2]);
    }
    const words = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
    for (let node = words.nextNode(); node; node = words.nextNode()) {
      if (!node.data.trim() || node.parentElement.closest('.stamp, .hand, .over, .handfont, .water')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) for (const [el, q, text] of leaves) {
        const w = Math.min(r.right, q.right) - Math.max(r.left, q.left);
        const h = Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top);
        if (w > 1 && h > 0.3 * Math.min(r.height, q.height) && !el.contains(node)) faults.push('under:' + text);
      }
    }
  });
  const height = Math.max(...pages.map(p => p.getBoundingClientRect().height));
  const stamps = [...document.querySelectorAll('.stamp')].map(el => {
    const page = el.closest('.page'), f = page.getBoundingClientRect(), r = el.getBoundingClientRect();
    return [pages.indexOf(page) + 1, r.left - f.left, r.top - f.top, r.right - f.left, r.bottom - f.top];
  });
  return {marks, faults, stamps, pages: pages.length, height};
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
        part: "last" or "first" when only that part of a name stands there.
        inked: stamped or written by hand.
    """

    page: int
    box: Box
    text: str
    value: str
    field: str | None = None
    other: str | None = None
    index: int | None = None
    key: str | None = None
    part: str | None = None
    inked: bool = False


@dataclass(frozen=True)
class PrintedPaper:
    """A clean paper: the PDF and what is printed where.

    Attributes:
        key: names the paper, so that another scan of it can be told from another paper.
        sizes: width and height of each page in points.
        page_numbers: (page, count) printed on each page, None where nothing is printed.
        structure: parts of which a composed layout was put together.
        stamps: page and box of every rubber stamp.
    """

    key: str
    paper: Paper
    layout: Layout
    pdf: bytes
    sizes: tuple[tuple[float, float], ...]
    marks: tuple[Mark, ...]
    page_numbers: tuple[tuple[int, int] | None, ...]
    structure: tuple[str, ...] = ()
    stamps: tuple[tuple[int, Box], ...] = ()

    @property
    def inked(self) -> bool:
        """True when a hand or a stamp has touched it, so that it is no file straight from a computer."""
        return bool(self.stamps) or any(mark.inked for mark in self.marks)


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


def _draw_style(rng: Random, layout: Layout) -> Style:
    if not layout.composed:
        return draw_style(rng, test=layout.split == "test", fonts=layout.fonts)
    own = layout.fonts if layout.fonts != SANS + SERIF[:1] else ()
    return draw_composed_style(rng, layout.split, own)


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

    def print(
        self, rng: Random, paper: Paper, *, split: str = "all", layout: Layout | None = None, inked: bool = True
    ) -> PrintedPaper:
        """A printed paper, in a layout of a split and a style drawn at random.

        Args:
            rng: source of chance.
            paper: the content.
            split: split of the layout, see ``samples.layouts.SPLITS``, or "all".
            layout: a given layout instead.
            inked: hands and stamps may have touched the paper; False for a file that was never printed.

        Raises:
            LayoutOverflowError: no style of any layout shows the paper properly.
        """
        tried = ""
        for attempt in range(12):
            chosen = layout or choose_layout(rng, paper, split)
            style = _draw_style(rng, chosen)
            if attempt > 3:
                style = replace(style, points=max(7.5, style.points - (1 if attempt < 8 else 2)))
            try:
                return self._print(f"{rng.getrandbits(64):016x}", paper, chosen, style, inked=inked)
            except LayoutOverflowError as error:
                tried = f"{chosen.name}: {error}"
        raise LayoutOverflowError(f"{paper.type} fits no layout; last {tried}")

    def _print(self, key: str, paper: Paper, layout: Layout, style: Style, *, inked: bool) -> PrintedPaper:
        html, structure = self._to_html(paper, layout, style, inked=inked)
        self._page.set_content(html, wait_until="load")
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
                    item["part"],
                    item["inked"],
                )
            )
        stamps = tuple(
            (int(stamp[0]), Box(*(round(max(0, value) * POINTS_PER_PIXEL, 2) for value in stamp[1:])))
            for stamp in found["stamps"]
        )
        return PrintedPaper(key, paper, layout, pdf, tuple(sizes), tuple(marks), tuple(numbers), structure, stamps)

    def _to_html(self, paper: Paper, layout: Layout, style: Style, *, inked: bool) -> tuple[str, tuple[str, ...]]:
        if layout.composed:
            css, body, structure = compose(paper, style, (layout.width, layout.height), inked=inked)
            page = self._templates.get_template("composed.html").render(
                composed_css=css, composed_body=body, style=style, paper_width=layout.width, paper_height=layout.height
            )
            return page, structure
        template = self._templates.get_template(layout.template)
        page = template.render(
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
        return page, ()


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
