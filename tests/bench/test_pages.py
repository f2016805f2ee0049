"""The pages are timed on a database of their own, in a process of their own."""

import subprocess
import sys

#: What is asked for, each by a member, a handler or a supervisor.
_PAGES = (
    "member: my dossiers",
    "member: search",
    "member: one dossier",
    "member: what changed",
    "handler: queue",
    "handler: queue, last page",
    "handler: search a reference",
    "handler: search a printed word",
    "handler: one dossier",
    "supervisor: dashboard",
    "supervisor: dashboard, half a year",
    "supervisor: journal",
)


def test_every_page_is_asked_for_and_counted():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "pages", "--dossiers", "60"], check=True, capture_output=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("│")]
    assert tuple(line.split("│")[1].strip() for line in lines) == _PAGES
    assert all(int(line.split("│")[-3]) >= 5 for line in lines), done.stdout  # queries
    assert "60 dossiers with " in done.stdout
