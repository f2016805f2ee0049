"""An S3 server of its own: OpenStack Swift from PyPI, one node, one copy, in a virtual environment of its own.

Swift refuses or ignores much that other servers offer, so code that works here uses only plain S3.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from minio import Minio
from minio.error import MinioException
from urllib3.exceptions import HTTPError

from tests.services.daemons import (
    ServiceError,
    as_user,
    find_free_ports,
    make_data_folder,
    pick_user,
    start_daemon,
    stop_daemons,
    wait_until,
)

_REQUIREMENTS = Path(__file__).with_name("swift-requirements.txt")
_REGION = "us-east-1"
_STORAGE_SERVERS = ("account", "container", "object")
#: In this order: s3api turns S3 requests into Swift's, tempauth knows the one account, slo joins parts.
_PIPELINE = "catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo proxy-server"
#: Unlike the servers, this one looks for its configuration in /etc unless it is told before it begins.
_UPDATER = (
    "import sys; from swift.common.utils import set_swift_dir; set_swift_dir(sys.argv.pop()); "
    "from swift.obj.updater import main; sys.exit(main())"
)


class S3Daemons:
    """The processes of the S3 server, each of which may be killed and started again.

    Attributes:
        address: ``endpoint``, ``access_key``, ``secret_key``, ``region``; plain HTTP.
        names: of the processes.
    """

    def __init__(self, commands: dict[str, list[str]], log: Path, user: str | None, address: dict[str, str]) -> None:
        self.address = address
        self.names = tuple(commands)
        self._commands, self._log, self._user = commands, log, user
        self._running: dict[str, subprocess.Popen] = {}

    @property
    def processes(self) -> list[subprocess.Popen]:
        """What runs, in the order in which it was started."""
        return list(self._running.values())

    def start(self, name: str) -> None:
        """Start one of the processes."""
        self._running[name] = start_daemon(
            self._commands[name], log=self._log, user=self._user, on_death=signal.SIGKILL
        )

    def kill_and_restart(self, name: str) -> None:
        """Kill one of the processes with everything below it, and start it again."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running[name].pid, signal.SIGKILL)
        self._running[name].wait()
        self.start(name)

    def restart_dead(self) -> None:
        """Start again what ended by itself: a process that came back too early found its port still taken."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                self.start(name)


@contextmanager
def run_s3() -> Iterator[dict[str, str]]:
    """Run a fresh server as long as the block lasts.

    Yields:
        ``endpoint``, ``access_key``, ``secret_key``, ``region``; plain HTTP.
    """
    with run_s3_daemons() as daemons:
        yield daemons.address


@contextmanager
def run_s3_daemons() -> Iterator[S3Daemons]:
    """Run a fresh server whose processes may be killed, as long as the block lasts."""
    user = pick_user("swift")
    environment = install_swift(user)
    folder = make_data_folder("s3", user)
    log = folder / "log"
    names = (*_STORAGE_SERVERS, "proxy", "memcached")
    ports = dict(zip(names, find_free_ports(len(names)), strict=True))
    # Swift's own account names are account:user, hence the colon in the key.
    access, secret = "liasse:test", secrets.token_hex(20)
    address = {
        "endpoint": f"127.0.0.1:{ports['proxy']}",
        "access_key": access,
        "secret_key": secret,
        "region": _REGION,
    }
    try:
        _write_configuration(folder, ports, access, secret, user)
        _build_rings(environment, folder, ports)
        if user is not None:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, user)
        commands = {}
        memcached = shutil.which("memcached")
        if memcached:  # without it everything works, at half the speed
            commands["memcached"] = [memcached, "-l", "127.0.0.1", "-p", str(ports["memcached"]), "-U", "0", "-m", "16"]
        for name in (*_STORAGE_SERVERS, "proxy"):
            program = environment / "bin" / f"swift-{name}-server"
            commands[name] = [str(program), str(folder / f"{name}.conf"), "--verbose"]
        # An object that came while the container server was down is kept, and stands in no list until this tells it.
        commands["updater"] = [
            str(environment / "bin" / "python"), "-c", _UPDATER, str(folder / "object.conf"), "--verbose", str(folder)
        ]  # fmt: skip
        daemons = S3Daemons(commands, log, user, address)
        try:
            for name in daemons.names:
                daemons.start(name)
            wait_until(lambda: _answers(ports, access, secret), daemons.processes, log)
            yield daemons
        finally:
            stop_daemons(daemons.processes[::-1], signal.SIGTERM)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install_swift(user: str | None) -> Path:
    """The virtual environment with Swift, made on first use and kept in the user's cache."""
    pins = _REQUIREMENTS.read_text()
    version = next(line.split("==")[1] for line in pins.splitlines() if line.startswith("swift=="))
    environment = _cache_folder() / f"swift-{version}"
    environment.parent.mkdir(parents=True, exist_ok=True)
    with environment.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = environment / "installed.txt"
        if not done.exists() or done.read_text() != pins or not _runs(environment / "bin" / "python", user):
            shutil.rmtree(environment, ignore_errors=True)
            _run([_find_python(user), "-m", "venv", "--without-pip", environment])
            _run(
                [sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", "--quiet",
                 "--disable-pip-version-check", "-r", _REQUIREMENTS]
            )  # fmt: skip
            done.write_text(pins)
    return environment


def _cache_folder() -> Path:
    if os.geteuid() == 0:  # the daemons' account cannot look into root's home
        return Path("/var/cache/liasse-tests")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "liasse-tests"


def _find_python(user: str | None) -> str:
    """A Python that the daemons' account may run: ours may lie in a home that it cannot enter."""
    for candidate in (getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3"):
        if _runs(Path(candidate), user):
            return str(candidate)
    raise ServiceError("no Python that the S3 server's account may run (Debian package: python3)")


def _runs(program: Path, user: str | None) -> bool:
    try:
        return subprocess.run([program, "-c", ""], capture_output=True, cwd="/", **as_user(user)).returncode == 0
    except OSError:
        return False


def _run(command: list) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ServiceError(f"{command[0]} failed:\n{done.stderr[-2000:]}")


def _write_configuration(folder: Path, ports: dict[str, int], access: str, secret: str, user: str | None) -> None:
    (folder / "node" / "disk").mkdir(parents=True)
    (folder / "cache").mkdir()
    (folder / "swift.conf").write_text(
        f"[swift-hash]\nswift_hash_path_suffix = {secrets.token_hex(16)}\n"
        "[storage-policy:0]\nname = default\ndefault = yes\n"
    )
    common = {
        "swift_dir": folder,
        "bind_ip": "127.0.0.1",
        "workers": 0,
        # The log on standard output is enough: nothing for the machine's own (port 9 is "discard").
        "log_udp_host": "127.0.0.1",
        "log_udp_port": 9,
        **({"user": user} if user else {}),
    }
    for name in _STORAGE_SERVERS:
        sections = {
            "DEFAULT": {
                **common,
                "bind_port": ports[name],
                "devices": folder / "node",
                "mount_check": "false",
                "recon_cache_path": folder / "cache",
            },
            "pipeline:main": {"pipeline": f"healthcheck {name}-server"},
            f"app:{name}-server": {"use": f"egg:swift#{name}"},
            "filter:healthcheck": {"use": "egg:swift#healthcheck"},
        }
        if name == "object":
            sections["object-updater"] = {"interval": 1}
        _write_sections(folder / f"{name}.conf", sections)
    sections = {
        "DEFAULT": {**common, "bind_port": ports["proxy"]},
        "pipeline:main": {"pipeline": _PIPELINE},
        **{f"filter:{name}": {"use": f"egg:swift#{name}"} for name in _PIPELINE.split()[:-1]},
        "app:proxy-server": {
            "use": "egg:swift#proxy",
            "account_autocreate": "true",
            "error_suppression_interval": 1,  # with one node there is no other to turn to for a minute
        },
    }
    sections["filter:cache"] = {"use": "egg:swift#memcache", "memcache_servers": f"127.0.0.1:{ports['memcached']}"}
    sections["filter:s3api"] = {"use": "egg:swift#s3api", "location": _REGION}
    sections["filter:tempauth"] = {"use": "egg:swift#tempauth", f"user_{access.replace(':', '_')}": f"{secret} .admin"}
    _write_sections(folder / "proxy.conf", sections)


def _write_sections(path: Path, sections: dict) -> None:
    path.write_text(
        "".join(
            f"[{title}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items()) + "\n"
            for title, values in sections.items()
        )
    )


def _build_rings(environment: Path, folder: Path, ports: dict[str, int]) -> None:
    """A ring tells which disk keeps what: here, always the one there is."""
    builder = environment / "bin" / "swift-ring-builder"
    for name in _STORAGE_SERVERS:
        ring = folder / f"{name}.builder"
        _run([builder, ring, "create", "4", "1", "1"])
        _run([builder, ring, "add", f"r1z1-127.0.0.1:{ports[name]}/disk", "1"])
        _run([builder, ring, "rebalance"])


def _answers(ports: dict[str, int], access: str, secret: str) -> bool:
    try:
        for name in (*_STORAGE_SERVERS, "proxy"):
            urllib.request.urlopen(f"http://127.0.0.1:{ports[name]}/healthcheck", timeout=5).close()
        Minio(
            f"127.0.0.1:{ports['proxy']}", access_key=access, secret_key=secret, region=_REGION, secure=False
        ).list_buckets()
    except (urllib.error.URLError, OSError, HTTPError, MinioException):
        return False
    return True


if __name__ == "__main__":  # for a person who wants one: prints how to reach it, runs until Ctrl-C
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt), run_s3() as address:
        sys.stdout.write(json.dumps(address) + "\n")
        sys.stdout.flush()
        signal.pause()
