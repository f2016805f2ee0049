"""Papers come in by three doors while processes are killed with -9: nothing is lost, nothing is doubled.

``--kill-papers 300 --kill-seconds 300`` makes the long run, ``--kill-seed`` repeats one.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import secrets
import signal
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from portal.accounts import create_account
from schemas.settings import Settings
from storage.events import rebuild_status
from storage.intake import keep_member
from storage.integrators import Scope, add_integrator
from storage.models import DecisionRecord, Dossier, Event, Member, Original, OutboxMessage, Piece, Reading
from storage.objects import open_store
from storage.outbox import make_message_id
from tests.portal.build import PASSWORD
from tests.services.installation import Installation
from tests.services.postgres import run_sql, swap_database
from tests.services.s3 import run_s3_daemons
from tests.services.senders import ApiSender, BucketSender, FolderSender, SiteSender
from tests.services.uploads import make_claim, make_member, make_paper

pytestmark = [pytest.mark.service, pytest.mark.timeout(3600), pytest.mark.xdist_group("whole-installation")]

_COMMON = {"LIASSE_LEASE_SECONDS": "10", "LIASSE_SETTLE_SECONDS": "0.5"}
_MEMBERS = 6


class Killer:
    """Kills a process of an installation every few seconds, as soon as the last kill did not stop everything.

    Args:
        targets: what can be killed, by name; each returns whether there was something to kill.
        chance: decides what and when.
    """

    #: On a slow machine a process needs longer to come back than from one kill to the next; nothing would ever be up.
    patience = 60.0

    def __init__(self, targets, chance):
        self.targets, self.chance = targets, chance
        self.kills = Counter()
        self._bag = []
        self._due = self._late = time.monotonic()
        self._progress = -1

    def kill_now_and_then(self):
        now = time.monotonic()
        if now < self._due or (now < self._late and self._progress == count_progress()):
            return
        self._due = now + self.chance.uniform(1.0, 4.0)
        self._late = now + self.patience
        self._progress = count_progress()
        if not self._bag:  # every target has its turn before one has its second
            self._bag = sorted(self.targets)
            self.chance.shuffle(self._bag)
        name = self._bag.pop()
        with contextlib.suppress(ProcessLookupError, OSError):
            if self.targets[name]():
                self.kills[name] += 1


def count_progress():
    """Grows with everything that is read or decided; -2 while the database does not say."""
    with contextlib.suppress(Exception):
        return Event.objects.filter(kind__in=["piece_read", "decided"]).count()
    connection.close()
    return -2


def kill_process(installation, name, *, group=False):
    service = installation.services[name]
    if not service.is_up:
        return False
    (os.killpg if group else os.kill)(service.process.pid, signal.SIGKILL)
    return True


def kill_one_below(installation, name, chance):
    """A process below a service that leads its own group (a reader), or any of them."""
    top = installation.pid(name)
    below = [pid for pid in installation.family(name) if pid != top]
    leaders = [pid for pid in below if os.getpgid(pid) == pid]
    if not (leaders or below):
        return False
    os.kill(chance.choice(leaders or below), signal.SIGKILL)
    return True


def common_targets(installation, workers, chance):
    targets = {f"worker {name}": lambda name=name: kill_process(installation, name) for name in workers}
    targets |= {f"reader of {name}": lambda name=name: kill_one_below(installation, name, chance) for name in workers}
    targets["prefect server"] = lambda: kill_process(installation, "prefect", group=True)
    targets["site"] = lambda: kill_process(installation, "site")
    targets["site's child"] = lambda: kill_one_below(installation, "site", chance)
    return targets


@pytest.fixture
def chance(request):
    seed = request.config.getoption("--kill-seed")
    seed = secrets.randbelow(10**6) if seed is None else seed
    sys.stdout.write(f"seed of the kills: {seed}\n")  # shown when the test fails, also by a process of xdist
    return random.Random(seed)


def test_sqlite_and_folder(tmp_path, sqlite_database, chance, request, capsys):
    environment = {**_COMMON, "LIASSE_DATABASE_URL": sqlite_database}
    with Installation(tmp_path, environment) as installation:
        data = tmp_path / "data"
        store = open_store(Settings(data_dir=data))
        targets = common_targets(installation, ["worker"], chance)
        drop = FolderSender(data / "inbox")
        run(installation, Killer(targets, chance), store, drop, request.config, capsys, "SQLite + folder")


def test_postgresql_and_s3_with_two_workers(tmp_path, postgres_server, postgres_database, chance, request, capsys):
    prefect = f"prefect_{secrets.token_hex(6)}"
    run_sql(postgres_server, f"CREATE DATABASE {prefect}")
    try:
        with run_s3_daemons() as s3:
            settings = Settings(
                data_dir=tmp_path / "here",
                object_store="s3",
                s3_endpoint=s3.address["endpoint"],
                s3_access_key=s3.address["access_key"],
                s3_secret_key=s3.address["secret_key"],
                s3_secure=False,
            )
            environment = {
                **_COMMON,
                "LIASSE_DATABASE_URL": postgres_database,
                "LIASSE_OBJECT_STORE": "s3",
                "LIASSE_S3_ENDPOINT": s3.address["endpoint"],
                "LIASSE_S3_ACCESS_KEY": s3.address["access_key"],
                "LIASSE_S3_SECRET_KEY": s3.address["secret_key"],
                "LIASSE_S3_SECURE": "false",
            }
            url = swap_database(postgres_server, prefect)
            workers = ("one", "two")
            with Installation(tmp_path, environment, workers=workers, prefect_database=url) as installation:
                targets = common_targets(installation, workers, chance)
                targets["database connection"] = lambda: kill_connection(postgres_server, postgres_database)
                targets["s3 server"] = lambda: s3.kill_and_restart(chance.choice(s3.names)) or True
                installation.also_check = s3.restart_dead
                store = open_store(settings)
                drop = BucketSender(store, settings.inbox_prefix)
                killer = Killer(targets, chance)
                run(installation, killer, store, drop, request.config, capsys, "PostgreSQL + S3, two workers")
            assert set(Reading.objects.values_list("worker", flat=True)) <= set(workers)
    finally:
        run_sql(postgres_server, f"DROP DATABASE {prefect} WITH (FORCE)")


def kill_connection(server, url):
    name = url.rpartition("/")[2]
    run_sql(
        server,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1",
    )
    return True


def run(installation, killer, store, drop, config, capsys, title):
    """Upload, kill, drain, count."""
    call_command("migrate", verbosity=0)  # the site's own tables
    papers = config.getoption("--kill-papers") // 3 * 3
    pause = 3 * config.getoption("--kill-seconds") / papers
    for number in range(_MEMBERS):
        member = make_member(number)
        keep_member(member, email=f"m{number}@exemple.invalid")
    create_account("membre", PASSWORD, member=Member.objects.get(member_number="M-0000"))
    stop = Flag()
    site = SiteSender(f"http://127.0.0.1:{installation.site_port}", "membre", PASSWORD)
    given, secret = add_integrator("Espace client", "Mutuelle Exemple", list(Scope), now=timezone.now())
    api = ApiSender(f"http://127.0.0.1:{installation.site_port}", (given.client_id, secret), installation.folder)

    def send_all(door):
        receipts = []
        for number in range(papers // 3):
            paper = make_paper(3 * number + door - (door == 1 and number % 5 == 4))  # now and then bytes sent already
            if door == 0:
                receipts.append(site.send(paper, stop))
            elif door == 1:
                claim = make_claim(f"DROP-{number}", make_member(1 + number % 2), "facture.pdf")
                receipts.append(drop.send(claim, paper, stop))
            else:  # every third paper joins the dossier of the one before it
                claim = make_claim(f"API-{number}", make_member(3 + number // 3 % 3), "facture.pdf")
                before = receipts[-1].dossier if number % 3 == 2 else ""
                receipts.append(api.send(claim, paper, stop, dossier=before))
            stop.wait(pause)
        connection.close()
        return receipts

    installation.start()
    with ThreadPoolExecutor(3) as threads:
        try:
            sending = [threads.submit(send_all, door) for door in range(3)]
            # What was killed is not done before the killing begins: the first paper has gone the whole way.
            installation.wait_until(DecisionRecord.objects.all().exists, 300, "the first dossier is decided")

            def is_sent():
                killer.kill_now_and_then()
                return all(future.done() for future in sending) and sum(killer.kills.values()) >= 5

            patience = 600 + 5 * config.getoption("--kill-seconds")
            installation.wait_until(is_sent, patience, "every paper has its receipt")
        finally:
            stop.set()
    receipts = [receipt for future in sending for receipt in future.result()]
    began = time.monotonic()
    installation.wait_until(is_drained, 900, "everything is read, decided and told")
    drained = time.monotonic() - began
    lost, doubled = count_lost_and_doubled(receipts, store)
    copies = check_what_was_told(installation)
    with capsys.disabled():
        kills = ", ".join(f"{name} {count}" for name, count in sorted(killer.kills.items()))
        sys.stdout.write(
            f"\n{title}: {len(receipts)} papers uploaded, {sum(killer.kills.values())} kills ({kills}), "
            f"{lost} lost, {doubled} doubled, "
            f"{copies} e-mails sent twice (same Message-ID), drained in {drained:.0f} s\n"
        )
    assert (len(receipts), lost, doubled) == (papers, 0, 0)


def is_drained():
    with contextlib.suppress(Exception):
        return not (
            Piece.objects.filter(state="received").exists()
            or Dossier.objects.filter(settled_after__isnull=False).exists()
            or OutboxMessage.objects.filter(sent_at__isnull=True).exists()
        )
    connection.close()
    return False


def count_lost_and_doubled(receipts, store):
    """Papers with a receipt that are not where they belong, and papers or traces of them that are there twice."""
    by_reference = {reference: str(pk) for pk, reference in Dossier.objects.values_list("pk", "reference")}
    expected = Counter((by_reference.get(receipt.dossier, receipt.dossier), receipt.sha256) for receipt in receipts)
    found = Counter((str(dossier), sha) for dossier, sha in Piece.objects.values_list("dossier", "original"))
    lost, doubled = (expected - found).total(), (found - expected).total()
    digests = {receipt.sha256 for receipt in receipts}
    assert set(Original.objects.values_list("pk", flat=True)) == digests
    for digest in digests:
        store.get_original(digest)  # raises unless the very bytes are there
    assert Piece.objects.filter(state="read", reading__refusal="").count() == Reading.objects.count() == len(receipts)
    reads = Counter(Event.objects.filter(kind="piece_read").values_list("piece", flat=True))
    received = Counter(Event.objects.filter(kind="piece_received").values_list("piece", flat=True))
    assert not Event.objects.filter(kind="piece_refused").exists()
    doubled += sum(count - 1 for counts in (reads, received) for count in counts.values())
    lost += (2 * len(receipts)) - len(reads) - len(received)
    return lost, doubled


def check_what_was_told(installation):
    """Decisions are numbered, each is told once, statuses follow from the events; returns the e-mails sent twice."""
    for dossier in Dossier.objects.all():
        assert rebuild_status(dossier).value == dossier.status
        assert dossier.status in {"complete", "incomplete", "to_review"}
        numbers = list(DecisionRecord.objects.filter(dossier=dossier).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 1
        decided = Event.objects.filter(dossier=dossier, kind="decided").count()
        assert decided == OutboxMessage.objects.filter(dossier=dossier).count() == len(numbers)
        last = Event.objects.filter(dossier=dossier).exclude(kind="member_notified").last()
        assert last.kind == "decided"  # on everything that came in
    keys = Counter(Event.objects.filter(kind="member_notified").values_list("after__key", flat=True))
    assert keys == dict.fromkeys(OutboxMessage.objects.values_list("key", flat=True), 1)
    mails = Counter(
        found
        for folder in installation.folder.glob("*/mail")
        for file in Path(folder).iterdir()
        for found in re.findall(r"^Message-ID: (<.*>)$", file.read_text(), flags=re.MULTILINE)
    )
    host = f"127.0.0.1:{installation.site_port}"
    assert len(mails) == len(keys), host
    assert set(mails) == {make_message_id(key) for key in keys}
    return sum(mails.values()) - len(mails)
