"""Invented identifiers that pass the checks printed identifiers pass.

Sources of the check rules: NIR, INSEE (key = 97 - n mod 97); RPPS, FINESS and SIRET, Luhn; IBAN, ISO 13616 and the
French RIB key (97 - (89 b + 15 g + 3 c) mod 97). The numbers are drawn in ranges that are rarely or not yet given
out where such a range exists (NIR order numbers from 700, RPPS from 109), so that they do not point at anybody.
"""

from __future__ import annotations

import datetime as dt
from random import Random

_RIB_LETTERS = {c: str((i % 9) + 1) for i, c in enumerate("ABCDEFGHIJKLMNOPQR")} | {
    c: str(i + 2) for i, c in enumerate("STUVWXYZ")
}


def luhn_digit(digits: str) -> str:
    """The digit that makes ``digits`` followed by it pass the Luhn test."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def draw_digits(rng: Random, count: int) -> str:
    """``count`` random digits, zeros included."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def make_nir(rng: Random, sex: str, birth: dt.date, department: str) -> str:
    """A NIR of 15 characters with its key.

    Args:
        rng: source of chance.
        sex: "M" or "F".
        birth: date of birth.
        department: two characters, "2A" and "2B" included.
    """
    head = f"{'1' if sex == 'M' else '2'}{birth:%y%m}{department}{rng.randint(1, 560):03d}{rng.randint(700, 989)}"
    number = int(head.replace("2A", "19").replace("2B", "18"))
    return f"{head}{97 - number % 97:02d}"


def make_rpps(rng: Random) -> str:
    """An RPPS number: 11 digits, Luhn."""
    body = "109" + draw_digits(rng, 7)
    return body + luhn_digit(body)


def make_finess(rng: Random, department: str) -> str:
    """A FINESS number: 9 digits beginning with the department, Luhn."""
    body = ("20" if department in ("2A", "2B") else department) + "0" + draw_digits(rng, 5)
    return body + luhn_digit(body)


def make_adeli(rng: Random, department: str, profession: str) -> str:
    """An ADELI number as older stamps still show it: department, profession, Luhn."""
    body = ("20" if department in ("2A", "2B") else department) + profession + draw_digits(rng, 4)
    return body + luhn_digit(body)


def make_siret(rng: Random) -> str:
    """A SIRET number: SIREN with Luhn, establishment with Luhn."""
    body = rng.choice("345678") + draw_digits(rng, 7)
    siren = body + luhn_digit(body)
    establishment = siren + f"000{rng.randint(1, 9)}"
    return establishment + luhn_digit(establishment)


def rib_key(bank: str, branch: str, account: str) -> str:
    """The two digits of a French RIB."""
    digits = "".join(_RIB_LETTERS.get(c, c) for c in account)
    return f"{97 - (89 * int(bank) + 15 * int(branch) + 3 * int(digits)) % 97:02d}"


def make_iban(rng: Random, bank: str) -> str:
    """A French IBAN whose RIB key and check digits are right.

    Args:
        rng: source of chance.
        bank: five digits of the bank.
    """
    branch = draw_digits(rng, 5)
    account = draw_digits(rng, 11)
    if rng.random() < 0.2:
        account = account[:6] + rng.choice("ABDFHKMNPRTX") + account[7:]
    bban = bank + branch + account + rib_key(bank, branch, account)
    digits = "".join(str(int(c, 36)) for c in bban + "FR00")
    return f"FR{98 - int(digits) % 97:02d}{bban}"


def break_iban(rng: Random, iban: str) -> str:
    """The same IBAN with one digit of the account changed, so that its check digits fail."""
    position = rng.randint(14, 23)
    old = iban[position]
    new = rng.choice([c for c in "0123456789" if c != old])
    return iban[:position] + new + iban[position + 1 :]


def make_lpp(stem: str) -> str:
    """A seven-digit LPP code from its six first digits (key fitted on published codes, a soft rule)."""
    return stem + str(sum((i + 2) * int(c) for i, c in enumerate(stem)) % 11 % 10)


def make_cip(rng: Random) -> str:
    """A CIP13 medicine code: 3400 9 and an EAN key."""
    body = "34009" + draw_digits(rng, 7)
    total = sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(body))
    return body + str(-total % 10)


def make_phone(rng: Random, department: str) -> str:
    """A ten-digit phone number, in the ranges that ARCEP keeps for fiction (01 99 00, 02 61 91...)."""
    south_east = {"04", "06", "07", "13", "26", "30", "34", "38", "42", "48", "63", "66", "69", "73", "74", "83", "84"}
    south_west = {"09", "12", "16", "17", "19", "23", "24", "31", "32", "33", "40", "46", "47", "64", "65", "79", "81"}
    if department in ("75", "77", "78", "91", "92", "93", "94", "95"):
        prefix = "019900"
    elif department in south_east | {"2A", "2B"}:
        prefix = "046571"
    elif department in south_west:
        prefix = "053649"
    elif department in {"14", "22", "28", "29", "35", "37", "41", "44", "45", "49", "50", "53", "56", "61", "72", "85"}:
        prefix = "026191"
    else:
        prefix = "035301"
    return prefix + draw_digits(rng, 4)


def group_digits(text: str, groups: tuple[int, ...], separator: str = " ") -> str:
    """``text`` cut in groups, as people print identifiers.

    Args:
        text: the identifier.
        groups: sizes of the groups; the last one repeats.
        separator: between groups.
    """
    parts: list[str] = []
    position = index = 0
    while position < len(text):
        size = groups[min(index, len(groups) - 1)]
        parts.append(text[position : position + size])
        position += size
        index += 1
    return separator.join(parts)
