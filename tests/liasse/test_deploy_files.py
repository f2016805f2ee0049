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
    for name in ("compose.yaml", "liasse.env.example", "liasse-worker.service", "Dockerfile"):
        assert find_settings((DEPLOY / name).read_text()) <= known, name


def test_the_example_gives_everything_that_the_compose_file_asks_for():
    asked = set(re.findall(r"\$\{(\w+):\?\}", (DEPLOY / "compose.yaml").read_text()))
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "liasse.env.example").read_text(), flags=re.MULTILINE))
    assert asked <= given


def test_every_service_runs_a_command_that_exists():
    if not app.registered_commands:
        from liasse.__main__ import _register

        _register()
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    commands = [service["command"] for service in services.values() if "command" in service]
    assert len(commands) == 4
    for command in commands:
        words = command if isinstance(command, list) else [command]
        answer = CliRunner().invoke(app, [words[0], "--help"])
        assert answer.exit_code == 0, answer.output
        assert all(word in answer.output for word in words if word.startswith("--"))
