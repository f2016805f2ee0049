"""Pictures of the site for docs/portal.md: ``make pictures``.

The real thing: the sample dossiers are read and decided as ``make run`` does, then the pages are opened in Chromium.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from liasse.demo import HANDLER_ACCOUNT, MEMBER_ACCOUNT, OPERATOR_ACCOUNT

_FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images" / "portal"
_LIASSE = [sys.executable, "-m", "liasse"]
_DESK = ViewportSize(width=1280, height=800)
_PHONE = ViewportSize(width=390, height=780)
_SUPERVISOR = ("responsable", "demonstration-responsable")
_QUALITY = 70
_START_SECONDS = 120


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
    with _installation() as environment, sync_playwright() as started:
        link = subprocess.run(
            [*_LIASSE, "accounts", "add", _SUPERVISOR[0], "--role", "superviseur", "--called", "Inès Roux"],
            env=environment, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        with _serving(environment) as address:
            browser = started.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            _choose_password(browser, f"{address}{re.sub(r'^https?://[^/]+', '', link)}")
            for shot in SHOTS:
                _take(browser, address, shot, folder / f"{shot.name}.webp")
                print(shot.name, flush=True)
            browser.close()


@contextmanager
def _installation() -> Iterator[Mapping[str, str]]:
    """An installation of its own in which every sample dossier is decided."""
    with tempfile.TemporaryDirectory(prefix="liasse-pictures-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIASSE_", "DJANGO_"))}
        environment = {**kept, "LIASSE_DATA_DIR": folder, "LIASSE_SITE_PORT": str(probe.getsockname()[1])}
        probe.close()
        subprocess.run([*_LIASSE, "run", "--until-decided"], env=environment, check=True)
        yield environment


@contextmanager
def _serving(environment: Mapping[str, str]) -> Iterator[str]:
    address = f"http://127.0.0.1:{environment['LIASSE_SITE_PORT']}"
    process = subprocess.Popen([*_LIASSE, "site"], env=dict(environment))
    try:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{address}/sante", timeout=5).close()
                break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.3)
        yield address
    finally:
        process.terminate()
        process.wait(30)


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
    _sign_in(page, address, shot.account)
    page.goto(f"{address}{shot.path}")
    if shot.link:
        page.locator(shot.link).first.click()
    page.wait_for_load_state("networkidle" if not shot.link else "load")
    page.wait_for_timeout(1000)  # pictures of pages come last
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(target, "WEBP", quality=_QUALITY, method=6)
    context.close()


def _sign_in(page: Page, address: str, account: tuple[str, str]) -> None:
    page.goto(f"{address}/connexion")
    page.get_by_label("Identifiant").fill(account[0])
    page.get_by_label("Mot de passe").fill(account[1])
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("button", name="Se déconnecter").wait_for()


if __name__ == "__main__":
    take_screenshots()
