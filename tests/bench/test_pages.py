"""The pages are timed on a database of their own, in a process of their own."""

import subprocess
import sys


def test_every_page_is_asked_for_and_counted():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "pages", "--dossiers", "60"], check=True, capture_output=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("│")]
    assert len(lines) == 9
    assert all(int(line.split("│")[-3]) >= 5 for line in lines), done.stdout  # queries
    assert "60 dossiers with " in done.stdout
