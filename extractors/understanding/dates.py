"""French dates in every form that papers show.

Day first, always. A two-digit year is the nearest that is not beyond next year. A letter is taken for a digit
only where the separators leave no doubt that a date stands there.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from extractors.understanding.text import fold

_MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1,
    "fevrier": 2, "fevr": 2, "fev": 2,
    "mars": 3, "mar": 3,
    "avril": 4, "avr": 4,
    "mai": 5,
    "juin": 6,
    "juillet": 7, "juil": 7, "jul": 7,
    "aout": 8, "aou": 8,
    "septembre": 9, "sept": 9, "sep": 9,
    "octobre": 10, "oct": 10,
    "novembre": 11, "nov": 11,
    "decembre": 12, "dec": 12,
}  # fmt: skip

_G = r"[ \t]"
_D = r"[0-9OoQIlıSB|]"
_MONTH = (
    r"(?P<month>janvier|janv|jan|f[eé]vrier|f[eé]vr|f[eé]v|mars|avril|avr|mai|juin|juillet|juil|jul"
    r"|ao[uû]t|ao[uû]|septembre|sept|sep|octobre|oct|novembre|nov|d[eé]cembre|d[eé]c|mar)\.?"
)
_SEPARATOR = r"[/.\-–—]"
_PATTERNS = (
    # 2026-03-01
    re.compile(r"(?<![\w/.-])(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"),
    # 01/03/2026, 1.3.26, 01 / 03 / 2026, O1/03/2O26, le01/03/2026
    re.compile(
        rf"(?:(?<![\w/.])(?<!\d[-–—])|(?<=\b[ld][eu]))(?P<d>{_D}{{1,2}}){_G}?(?P<s>{_SEPARATOR}){_G}?(?P<m>{_D}{{1,2}}){_G}?(?P=s){_G}?"
        rf"(?P<y>[0-9OoQIlSB]{{4}}|[0-9OoQ]{{2}})(?!\w)(?!{_SEPARATOR}\d)"
    ),
    # 1er mars 2026, 12 MARS 26, 12-mars-2026, 1 er févr. 2026
    re.compile(
        rf"(?<![\w/.])(?P<d>\d{{1,2}}|[1lI]{_G}?er)(?:{_G}?er)?(?:{_G}{{0,2}}|-){_MONTH}(?:{_G}{{0,2}}|-)(?P<y>\d{{4}}|\d{{2}})(?!\w)",
        re.IGNORECASE,
    ),
    # 01 03 2026
    re.compile(rf"(?<![\w/.])(?<!\d{_G})(?P<d>\d\d){_G}(?P<m>\d\d){_G}(?P<y>(?:19|20)\d\d)(?!\w)(?!{_G}\d)"),
    # le 01 03 26: only behind words that announce a date
    re.compile(
        r"(?:\b(?:le|du|date)\b|naiss\w*)[ \t.:\n]{1,3}(?P<d>\d\d) (?P<m>\d\d) (?P<y>\d\d)(?!\w)(?! \d)(?![.,]\d)",
        re.IGNORECASE,
    ),
    # 01032026, as filled into a form
    re.compile(r"(?<![\w/.\-])(?P<d>[0-3]\d)(?P<m>[01]\d)(?P<y>(?:19|20)\d\d)(?![\w/\-]|[.,]\d| \d)"),
    # boxes: 0 1 0 3 2 0 2 6, 0|1|0|3|2|0|2|6, 0 1 / 0 3 / 2 0 2 6
    re.compile(
        rf"(?<![\w/.])(?P<d>\d[ \t|]{{1,3}}\d)[ \t|/]{{1,5}}(?P<m>\d[ \t|]{{1,3}}\d)[ \t|/]{{1,5}}"
        rf"(?P<y>[12][ \t|]{{1,3}}[90][ \t|]{{1,3}}\d[ \t|]{{1,3}}\d)(?!\w)(?!{_G}\d)"
    ),
)
#: 01 03 26: three pairs alone are a date only where nothing else can stand.
BARE_DATE = re.compile(rf"[ \t.:\n]{{0,4}}(?P<d>[0-3]\d){_G}(?P<m>[01]\d){_G}(?P<y>\d\d)(?!\w)(?!{_G}\d)(?![.,]\d)")
_RANGE_START = re.compile(
    rf"\b(?:du|d['’]|entre{_G}le|de){_G}{{0,2}}(?P<d>\d{{1,2}})(?:er)?"
    rf"(?:{_G}?(?P<s>{_SEPARATOR}){_G}?(?P<m>\d{{1,2}})|{_G}{{1,2}}{_MONTH})?{_G}{{0,2}}(?:au|et{_G}le|à|-|–){_G}{{0,2}}(?:le{_G})?$",
    re.IGNORECASE,
)
_LIST_TAIL = re.compile(
    rf"(?P<item>(?<![\w/.,])\d{{1,2}}(?:er)?(?:{_SEPARATOR}\d{{1,2}})?){_G}?(?:,|;|et|&|-|\+|/){_G}{{0,2}}$"
)

#: Cards and agreements end some years from now; what seems to be later was misread.
_YEARS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text.

    Attributes:
        repaired: letters were read as digits.
        partial: day or month only are printed; the rest comes from the date that follows.
        linked: the next date of the same text belongs with this one (range or list).
    """

    start: int
    end: int
    value: dt.date
    repaired: bool = False
    partial: bool = False
    linked: bool = False


def parse_date(text: str, *, today: dt.date | None = None) -> dt.date | None:
    """The date that a text is, or None when it is not exactly one date."""
    found = find_dates(text.strip(), today=today)
    whole = [item for item in found if item.start == 0 and item.end == len(text.strip())]
    return whole[0].value if len(whole) == 1 else None


def find_dates(text: str, *, today: dt.date | None = None) -> list[FoundDate]:
    """Every date of a text, left to right; ranges and lists give one date for each end or item.

    Args:
        text: one line; tabs and spaces count as spaces, a line feed ends everything.
        today: what two-digit years are measured against; the system's day by default.
    """
    found: list[FoundDate] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            item = _read(match, today)
            if item is not None:
                found.append(item)
    found.sort(key=lambda item: item.start)
    return _spread(text, found)


def _read(match: re.Match[str], today: dt.date | None) -> FoundDate | None:
    groups = match.groupdict()
    day = _digits(re.sub(r"(?i)[lI]?\s?er$", "1", groups["d"]) if "er" in groups["d"].lower() else groups["d"])
    year = _digits(groups["y"])
    month_name = groups.get("month")
    month = str(_MONTHS.get(fold(month_name), 0)) if month_name else _digits(groups["m"])
    raw = groups["d"] + groups["y"] + (groups.get("m") or "")
    if day is None or year is None or month is None:
        return None
    repaired = False
    if not month_name:
        boxed = re.fullmatch(r"\d[ \t|]+\d", groups["d"]) is not None
        letters = sum(char.isalpha() or (char == "|" and not boxed) for char in raw)
        repaired = letters > 0 and "er" not in raw.lower()
        if repaired and letters > 3:
            return None
    value = build_date(int(day), int(month), int(year), short=len(year) == 2, today=today)
    if value is None:
        return None
    start = min(match.start(name) for name in ("d", "m", "y", "month") if groups.get(name))
    return FoundDate(start, match.end(), value, repaired=repaired)


_TO_DIGIT = str.maketrans({"O": "0", "o": "0", "Q": "0", "I": "1", "l": "1", "ı": "1", "|": "1", "S": "5", "B": "8"})


def _digits(text: str) -> str | None:
    compact = re.sub(r"[ \t]", "", text)
    if not compact.isdigit():
        if re.fullmatch(r"\d(?:[ \t|]+\d)+", text):  # one digit a box
            compact = compact.replace("|", "")
        compact = compact.translate(_TO_DIGIT)
    return compact if compact.isdigit() else None


def build_date(day: int, month: int, year: int, *, short: bool = False, today: dt.date | None = None) -> dt.date | None:
    """A date of the calendar from 1900 to a few years ahead, or None: no paper speaks of later days.

    Args:
        day: 1 to 31.
        month: 1 to 12.
        year: as printed.
        today: what years are measured against.
        short: the year has two digits.
    """
    now = (today or dt.datetime.now(tz=dt.UTC).date()).year
    if short:
        year += 2000 if 2000 + year <= now + 1 else 1900
    if not 1900 <= year <= now + _YEARS_AHEAD:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _spread(text: str, found: list[FoundDate]) -> list[FoundDate]:
    """Add the shortened dates that lean on a full one: "du 3 au 5 mars 2026", "3/02, 10/02 et 17/02/2026"."""
    out: list[FoundDate] = []
    limit = 0
    for item in found:
        head = text[limit : item.start]
        begin = _RANGE_START.search(head)
        if begin:
            start = _complete(begin, item.value)
            if start is not None and start <= item.value:
                out.append(
                    FoundDate(limit + begin.start("d"), limit + _end(begin), start, partial=True, linked=True),
                )
        elif re.search(rf"\b(?:au|et{_G}le){_G}{{0,2}}$", head) and out and item.start - out[-1].end < 12:
            out[-1] = FoundDate(out[-1].start, out[-1].end, out[-1].value, out[-1].repaired, out[-1].partial, True)
        else:
            out.extend(_list_items(text, limit, item))
        out.append(item)
        limit = item.end
    return out


def _end(match: re.Match[str]) -> int:
    return max(match.end(name) for name in ("d", "m", "month") if match.group(name))


def _complete(match: re.Match[str], anchor: dt.date) -> dt.date | None:
    if match.group("month"):
        month = _MONTHS.get(fold(match.group("month")), 0)
    else:
        month = int(match.group("m")) if match.group("m") else anchor.month
    year = anchor.year if month <= anchor.month else anchor.year - 1
    return build_date(int(match.group("d")), month, year)


def _list_items(text: str, limit: int, item: FoundDate) -> list[FoundDate]:
    numeric = bool(re.match(r"\d{1,2}[/.\-]", text[item.start : item.end]))
    items: list[FoundDate] = []
    cursor = item.start
    while True:
        match = _LIST_TAIL.search(text[limit:cursor])
        if not match:
            return items
        parts = re.split(_SEPARATOR, match.group("item").removesuffix("er"))
        if numeric != (len(parts) == 2):
            return items
        month = int(parts[1]) if len(parts) == 2 else item.value.month
        year = item.value.year if month <= item.value.month else item.value.year - 1
        value = build_date(int(parts[0]), month, year)
        if value is None or value >= item.value:
            return items
        start = limit + match.start("item")
        items.insert(0, FoundDate(start, limit + match.end("item"), value, partial=True, linked=True))
        cursor = start
