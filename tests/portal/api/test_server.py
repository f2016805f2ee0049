"""The API as it is served: by requests that its description allows and forbids, and by a client."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date

import httpx
import pytest

from samples.client.client import ApiProblemError, LiasseClient
from tests.portal import build
from tests.portal.server import new_installation, serve
from tests.services.databases import new_postgres

pytestmark = [pytest.mark.service, pytest.mark.xdist_group("api-server")]

#: Each operation gets so many requests; a run by hand may ask for more.
EXAMPLES = os.environ.get("API_EXAMPLES", "10")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def served(request, tmp_path_factory, run_folder):
    """A site of its own, with credentials made by the real command: the site, both words, and its environment."""
    folder = tmp_path_factory.mktemp("api")
    with ExitStack() as stack:
        environment = {**new_installation(folder, migrated=False), "LIASSE_API_PER_MINUTE": "100000"}
        if request.param == "postgres":
            server = request.getfixturevalue("postgres_server")
            environment["LIASSE_DATABASE_URL"] = stack.enter_context(new_postgres(run_folder, server))
        liasse = [sys.executable, "-m", "liasse"]
        subprocess.run([*liasse, "migrate"], env=environment, check=True, capture_output=True)
        words = add_integrator(environment, "Espace client")
        site = stack.enter_context(serve(environment))
        yield site, words["client_id"], words["client_secret"], environment


def add_integrator(environment, name, *more):
    add = [sys.executable, "-m", "liasse", "integrators", "add", name, "--insurer", "Mutuelle Exemple", *more]
    made = subprocess.run(add, env=environment, check=True, capture_output=True, text=True).stdout
    return dict(line.split("=", 1) for line in made.splitlines())


def fetch_token(address, client_id, secret, scope=""):
    form = {"grant_type": "client_credentials", "scope": scope}
    answer = httpx.post(f"{address}/api/v1/token", data=form, auth=(client_id, secret), trust_env=False)
    return answer.raise_for_status().json()["access_token"]


def send_claim(client, folder, **more):
    paper = folder / "facture.jpg"
    if not paper.exists():  # two may send it at once
        paper.write_bytes(build.jpeg())
    person = {"first": "Enora", "last": "Le Goff", "birth_date": "1979-04-01"}
    claim = {"claim_type": "optique", "member_number": "07000001", "patient": person, "member": {"people": [person]}}
    return client.deposit(claim, [paper], **more)


@pytest.mark.parametrize("scope", ["dossiers:read dossiers:write", "dossiers:read"])
def test_every_request_gets_an_answer_that_the_description_allows(served, tmp_path, scope):
    site, client_id, secret, environment = served
    with LiasseClient(site.address, client_id, secret) as client:
        send_claim(client, tmp_path, key=str(uuid.uuid4()))
        known = send_claim(client, tmp_path, key=str(uuid.uuid4()))["id"]
    token = fetch_token(site.address, client_id, secret, scope)
    page = httpx.get(
        f"{site.address}/api/v1/dossiers?limit=1", headers={"Authorization": f"Bearer {token}"}, trust_env=False
    )
    # A claim may be well written and name a member that nobody knows, so a refusal of it proves nothing.
    # What no generator can guess: without a dossier that exists, nearly all requests would ask for nothing.
    (tmp_path / "schemathesis.toml").write_text(
        f'[parameters]\n"path.dossier_id" = "{known}"\n"query.cursor" = "{page.json()["next"]}"\n'
        '[[operations]]\ninclude-operation-id = "depositDossier"\n'
        'checks.positive_data_acceptance.expected-statuses = ["2xx", "403", "409", "422"]\n'
    )
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(tmp_path / "schemathesis.toml"), "run"),
        *(f"{site.address}/api/v1/openapi.json", "--header", f"Authorization: Bearer {token}"),
        *("--checks", "all", "--max-examples", EXAMPLES, "--seed", "4", "--no-color"),
    ]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-20_000:] + ended.stderr[-2000:]


def test_a_client_deposits_completes_and_follows(served, tmp_path):
    site, client_id, secret, _ = served
    with LiasseClient(site.address, client_id, secret) as client:
        sent = send_claim(client, tmp_path, key="once")
        assert send_claim(client, tmp_path, key="once") == sent
        shown = client.show(sent["id"])
        assert (shown["reference"], len(shown["papers"])) == (sent["reference"], 1)
        assert shown["next_actor"]["code"] == "machine"
        more = tmp_path / "ordonnance.pdf"
        more.write_bytes(b"%PDF-1.7 une ordonnance")
        assert client.add_papers(sent["id"], [more])["received"] == 1
        assert len(client.show(sent["id"])["papers"]) == 2
        assert client.missing(sent["id"])["items"] == []
        send_claim(client, tmp_path, key="twice")
        listed = [one["id"] for one in client.list_all(limit=1, member_number="07000001")]
        assert sent["id"] in listed
        assert len(listed) == len(set(listed)) >= 2


def test_the_same_sending_at_the_same_time_counts_once(served, tmp_path):
    site, client_id, secret, _ = served
    with (
        LiasseClient(site.address, client_id, secret) as one,
        LiasseClient(site.address, client_id, secret) as two,
        ThreadPoolExecutor(2) as pool,
    ):
        send_claim(one, tmp_path, key="before")  # makes the file
        for key in ("at-once-1", "at-once-2", "at-once-3"):
            first, second = pool.map(lambda client, key=key: send_claim(client, tmp_path, key=key), (one, two))
            assert first == second
            assert len(one.show(first["id"])["papers"]) == 1


def test_a_client_is_told_what_is_wrong(served, tmp_path):
    site, client_id, secret, _ = served
    empty = tmp_path / "vide.pdf"
    empty.touch()
    with LiasseClient(site.address, client_id, secret, language="en") as client:
        with pytest.raises(ApiProblemError, match="404 not_found") as nowhere:
            client.show(str(uuid.uuid4()))
        assert "nothing here" in str(nowhere.value)
        with pytest.raises(ApiProblemError) as refused:
            client.add_papers(str(uuid.uuid4()), [empty])
        assert refused.value.status == 404
    with (
        LiasseClient(site.address, client_id, "wrong") as stranger,
        pytest.raises(ApiProblemError, match="401 invalid_client"),
    ):
        stranger.show(str(uuid.uuid4()))


def test_the_system_that_pays_is_heard_about_what_was_handed_over_alone(served, tmp_path):
    site, client_id, secret, environment = served
    with LiasseClient(site.address, client_id, secret) as client:
        sent = send_claim(client, tmp_path)["id"]
        with pytest.raises(ApiProblemError) as refused:
            client.report_settlement(sent, "paid", day=date(2026, 11, 27))
        assert refused.value.status == 403
    words = add_integrator(environment, "Le paiement", "--read-only", "--settles")
    with (
        LiasseClient(site.address, words["client_id"], words["client_secret"]) as payer,
        pytest.raises(ApiProblemError, match="409 not_handed_over"),
    ):
        payer.report_settlement(sent, "paid", day=date(2026, 11, 27))


def test_the_command_of_the_client(served, tmp_path):
    import json

    site, client_id, secret, environment = served
    paper, claim = tmp_path / "facture.jpg", tmp_path / "claim.json"
    paper.write_bytes(build.jpeg())
    person = {"first": "Enora", "last": "Le Goff", "birth_date": "1979-04-01"}
    asked = {"claim_type": "optique", "member_number": "07000002", "patient": person, "member": {"people": [person]}}
    claim.write_text(json.dumps(asked))
    command = [sys.executable, "-m", "samples.client", str(claim), str(paper), "--address", site.address]
    who = {**environment, "LIASSE_CLIENT_ID": client_id, "LIASSE_CLIENT_SECRET": secret}
    ended = subprocess.run([*command, "--seconds", "0"], env=who, capture_output=True, text=True, check=True)
    assert "1 document(s)" in ended.stdout
    assert "Reçu" in ended.stdout


def test_a_revoked_client_is_out(served):
    site, _, _, environment = served
    integrators = [sys.executable, "-m", "liasse", "integrators"]
    words = add_integrator(environment, "Un autre", "--read-only")
    token = fetch_token(site.address, words["client_id"], words["client_secret"])
    headers = {"Authorization": f"Bearer {token}"}
    ask = lambda: httpx.get(f"{site.address}/api/v1/dossiers", headers=headers, trust_env=False)  # noqa: E731
    assert ask().status_code == 200
    subprocess.run([*integrators, "revoke", words["client_id"]], env=environment, check=True, capture_output=True)
    assert ask().status_code == 401
    listed = subprocess.run([*integrators, "list"], env=environment, check=True, capture_output=True, text=True).stdout
    assert f"{words['client_id']}  revoked" in listed
    assert words["client_secret"] not in listed
