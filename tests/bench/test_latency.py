"""Photos go from upload to decision in an installation of their own."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.service


def test_photos_are_read_and_decided_one_by_one_and_together():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "latency", "--photos", "1", "--readers", "1"],
        check=True,
        capture_output=True,
        text=True,
    )
    rows = [line.split("│") for line in done.stdout.splitlines() if line.startswith("│")]
    assert [row[1].strip() for row in rows] == ["idle", "readers: 1"]
    assert all(float(row[3]) > 0 for row in rows), done.stdout
