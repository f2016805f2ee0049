"""Pictures of the site for docs/portal.md: ``make pictures``.

The real thing: the sample dossiers are read and decided as ``make run`` does, then the pages are opened in Chromium.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bench.sites import LIASSE, open_decided_site, serve, sign_in
from liasse.demo import HANDLER_ACCOUNT, MEMBER_ACCOUNT, OPERATOR_ACCOUNT

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images" / "portal"
_DESK = ViewportSize(width=1280, height=800)
_PHONE = ViewportSize(width=390, height=780)
_SUPERVISOR = ("responsable", "demonstration-responsable")
_QUALITY = 70


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at what, on which screen.

    Attributes:
        path: of the page.
        link: on it, followed first; the first of several.
    """

    name: str
    account: tuple[str, str]
    path: str
    phone: bool = False
    dark: bool = False
    link: str = ""


SHOTS = (
    Shot("member-dossiers", MEMBER_ACCOUNT, "/dossiers", phone=True),
    Shot(
        "member-dossier",
        MEMBER_ACCOUNT,
        "/dossiers",
        phone=True,
        link="main a[href^='/dossiers/']:not([href$='deposer'])",
    ),
    Shot("member-deposit", MEMBER_ACCOUNT, "/dossiers/deposer", phone=True, dark=True),
    Shot("queue", HANDLER_ACCOUNT, "/gestion?statut=to_review"),
    Shot("review", HANDLER_ACCOUNT, "/gestion?statut=to_review", link="a.reference"),
    Shot("review-dark", HANDLER_ACCOUNT, "/gestion?statut=to_review", dark=True, link="a.reference"),
    Shot("figures", _SUPERVISOR, "/gestion/tableau"),
    Shot("journal", _SUPERVISOR, "/gestion/journal"),
    Shot("operations", OPERATOR_ACCOUNT, "/exploitation"),
    Shot("people", OPERATOR_ACCOUNT, "/administration/personnes"),
)


def take_screenshots(folder: Path = _FOLDER) -> None:
    """Read the samples, serve the site, and take every picture.

    Args:
        folder: where they go, as WebP; what was there of the same name is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open_decided_site() as environment, sync_playwright() as started:
        link = subprocess.run(
            [*LIASSE, "accounts", "add", _SUPERVISOR[0], "--role", "superviseur", "--called", "Inès Roux"],
            env=environment, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        with serve(environment) as address:
            browser = started.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            _choose_password(browser, f"{address}{re.sub(r'^https?://[^/]+', '', link)}")
            for shot in SHOTS:
                _take(browser, address, shot, folder / f"{shot.name}.webp")
                print(shot.name, flush=True)
            browser.close()


def _choose_password(browser: Browser, link: str) -> None:
    page = browser.new_page()
    page.goto(link)
    for number in (1, 2):
        page.locator(f"[name=new_password{number}]").fill(_SUPERVISOR[1])
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_url("**/gestion*")
    page.close()


def _take(browser: Browser, address: str, shot: Shot, target: Path) -> None:
    context = browser.new_context(
        viewport=_PHONE if shot.phone else _DESK,
        device_scale_factor=1.5 if shot.phone else 1,
        color_scheme="dark" if shot.dark else "light",
        locale="fr-FR",
    )
    page = context.new_page()
    sign_in(page, address, shot.account)
    page.goto(f"{address}{shot.path}")
    if shot.link:
        page.locator(shot.link).first.click()
    page.wait_for_load_state("networkidle" if not shot.link else "load")
    page.wait_for_timeout(1000)  # pictures of pages come last
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(target, "WEBP", quality=_QUALITY, method=6)
    context.close()


if __name__ == "__main__":
    take_screenshots()
