"""What stands in deploy/ for others to use names settings and commands that exist."""

import re
from pathlib import Path

import yaml
from typer.testing import CliRunner

from liasse.__main__ import app
from schemas.settings import Settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def find_settings(text):
    return set(re.findall(r"\bLIASSE_([A-Z0-9_]+)", text))


def test_every_setting_named_exists():
    known = {name.upper() for name in Settings.model_fields}
    for name in ("compose.yaml", "compose.worker.yaml", "liasse.env.example", "liasse-worker.service", "Dockerfile"):
        assert find_settings((DEPLOY / name).read_text()) <= known, name


def test_the_example_gives_everything_that_the_compose_file_asks_for():
    files = [(DEPLOY / name).read_text() for name in ("compose.yaml", "compose.worker.yaml")]
    asked = {name for text in files for name in re.findall(r"\$\{(\w+)(?::[?-][^}]*)?\}", text)}
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "liasse.env.example").read_text(), flags=re.MULTILINE))
    assert asked <= given


def _services(name):
    return yaml.safe_load((DEPLOY / name).read_text())["services"]


def test_a_worker_elsewhere_reaches_what_the_first_machine_offers():
    main, away = _services("compose.yaml"), _services("compose.worker.yaml")["worker"]
    assert "depends_on" not in away
    opened = {port.rsplit(":", 1)[1] for service in ("database", "prefect") for port in main[service]["ports"]}
    for setting in ("LIASSE_DATABASE_URL", "LIASSE_PREFECT_API_URL"):
        assert "${MAIN_ADDRESS:?}" in away["environment"][setting]
        assert re.search(r":(\d+)/", away["environment"][setting]).group(1) in opened
    here = main["worker"]["environment"]
    same = set(here) - {
        "LIASSE_ALLOWED_HOSTS",
        "LIASSE_SECURE_COOKIES",
        "LIASSE_METRICS_TOKEN",
        "LIASSE_SILENCE_MINUTES",
    }
    assert same == set(away["environment"])


def test_every_process_works_by_the_insurers_own_files():
    for service in [*_services("compose.yaml").values(), *_services("compose.worker.yaml").values()]:
        if "command" in service:
            mounted = {volume.split(":")[-2] for volume in service["volumes"] if volume.endswith(":ro")}
            settings = service["environment"]
            assert {settings["LIASSE_RULES_FILE"], settings["LIASSE_RETENTION_FILE"]} <= mounted


def test_every_service_runs_a_command_that_exists():
    if not app.registered_commands:
        from liasse.__main__ import _register

        _register()
    services = [*_services("compose.yaml").values(), *_services("compose.worker.yaml").values()]
    commands = [service["command"] for service in services if "command" in service]
    assert len(commands) == 6
    for command in commands:
        words = command if isinstance(command, list) else [command]
        answer = CliRunner().invoke(app, [words[0], "--help"])
        assert answer.exit_code == 0, answer.output
        assert all(word in answer.output for word in words if word.startswith("--"))
