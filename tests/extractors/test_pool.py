"""Reader processes: bounded, killable, and gone with their parent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from extractors.pool import ReaderPool
from schemas.errors import RefusalCode
from tests.extractors.papers import draw_page, save, write_text_page

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.pdf"
    path.write_bytes(write_text_page())
    return path


@pytest.fixture
def pipe(tmp_path):
    """A file that never ends: reading it hangs until the reader is killed."""
    path = tmp_path / "pipe.pdf"
    os.mkfifo(path)
    return path


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(check, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return False


def test_reads_and_draws(good):
    with ReaderPool(1) as pool:
        result = pool.submit(good, "piece-1").result(120)
        plain = pool.submit(good, previews=False).result(60)
    assert result.reading.id == "piece-1"
    assert result.reading.refusal is None
    assert result.reading.pages[0].words
    assert len(result.previews) == 1
    assert plain.reading.id == "good"
    assert plain.previews == ()


def test_a_bad_file_is_an_answer(tmp_path, good):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"")
    with ReaderPool(1) as pool:
        assert pool.submit(bad).result(120).reading.refusal is RefusalCode.EMPTY


def test_a_file_that_hangs_costs_only_itself(good, pipe):
    with ReaderPool(1, timeout_seconds=15.0) as pool:
        hanging, after = pool.submit(pipe), pool.submit(good)
        assert hanging.result(120).reading.refusal is RefusalCode.TIMEOUT
        assert after.result(120).reading.refusal is None


def test_a_file_whose_readers_die_costs_only_itself(good, pipe):
    with ReaderPool(1) as pool:
        assert pool.submit(good).result(120).reading.refusal is None
        before = set(find_readers())
        dying = pool.submit(pipe)
        time.sleep(1.0)
        kill(before)
        assert wait_until(lambda: set(find_readers()) - before)
        assert not dying.done()  # another reader has it now
        time.sleep(1.0)
        kill(find_readers())
        assert dying.result(60).reading.refusal is RefusalCode.DAMAGED
        assert pool.submit(good).result(120).reading.refusal is None


def test_a_reader_that_is_killed_costs_its_file_nothing(good, pipe):
    """Somebody kills the reader in the middle of a good file (here one that is written only afterwards)."""
    with ReaderPool(1) as pool:
        assert pool.submit(good).result(120).reading.refusal is None
        before = set(find_readers())
        slow = pool.submit(pipe)
        time.sleep(1.0)
        kill(before)
        assert wait_until(lambda: set(find_readers()) - before)
        pipe.write_bytes(good.read_bytes())
        assert slow.result(120).reading.refusal is None


def test_idle_readers_that_are_killed_are_replaced(good):
    with ReaderPool(2) as pool:
        assert pool.warm_up() >= 1
        kill(find_readers())
        files = [pool.submit(good, f"file-{number}") for number in range(4)]
        assert [file.result(120).reading.refusal for file in files] == [None] * 4


def kill(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def find_readers():
    """Processes of reader pools of this test process: children of its fork server, each leading its own group.

    The fork server must be told from other children: the servers that all tests share may have been started from here.
    """
    parents = find_parents()
    servers = {pid for pid, parent in parents.items() if parent == os.getpid() and is_fork_server(pid)}
    return [pid for pid, parent in sorted(parents.items()) if parent in servers and leads_its_group(pid)]


def leads_its_group(pid):
    """False also for one that has ended since it was listed."""
    try:
        return os.getpgid(pid) == pid
    except ProcessLookupError:
        return False


def is_fork_server(pid):
    return b"multiprocessing.forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes()


def find_parents():
    """The parent of every process that runs."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            parents[int(status.parent.name)] = int(status.read_text().rsplit(")", 1)[1].split()[1])
    return parents


def test_memory_is_bounded(tmp_path, good):
    """A picture that needs more than a reader may take is refused; the next file is read."""
    large = tmp_path / "large.png"
    large.write_bytes(save(draw_page(width=7_000, height=8_000, size=200).convert("RGB"), "PNG", compress_level=1))
    with ReaderPool(1, memory_bytes=320_000_000) as pool:
        assert pool.submit(large).result(120).reading.refusal in {RefusalCode.DAMAGED, RefusalCode.TOO_MANY_PIXELS}
        assert pool.submit(good).result(120).reading.refusal is None


def test_an_absent_file_is_the_callers_mistake(tmp_path):
    with ReaderPool(1) as pool, pytest.raises(FileNotFoundError):
        pool.submit(tmp_path / "absent.pdf").result(120)


PARENT = """
    import sys, time
    sys.path.insert(0, {root!r})
    import orchestrator                      # stands for what a worker's main module loads
    from extractors.pool import ReaderPool

    if __name__ == "__main__":
        print("cv2" in sys.modules, flush=True)
        with ReaderPool(1) as pool:
            pool.warm_up()
            print("ready", flush=True)
            pool.submit({pipe!r})
            time.sleep(300)
"""


def test_readers_load_nothing_of_the_parent_and_die_with_it(tmp_path, pipe):
    (tmp_path / "orchestrator.py").write_text(
        "import pathlib\npathlib.Path(__file__).with_suffix('.log').open('a').write('x')\n"
    )
    script = tmp_path / "parent.py"
    script.write_text(textwrap.dedent(PARENT).format(root=str(ROOT), pipe=str(pipe)))
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "False\n"
        assert parent.stdout.readline() == "ready\n"
        assert (tmp_path / "orchestrator.log").read_text() == "x"
        family = find_family(parent.pid)
        assert len(family) >= 2
    finally:
        parent.kill()
        parent.wait(10)
    assert wait_until(lambda: not any(is_running(pid) for pid in family))


def find_family(root):
    """All processes below one."""
    parents = find_parents()
    family, grown = {root}, {root}
    while grown:
        grown = {pid for pid, parent in parents.items() if parent in family} - family
        family |= grown
    return family - {root}
