"""Settings of an installation: embedded by default, everything else by environment."""

import stat
import threading

import pytest

from schemas.settings import Settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("LIASSE_DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_variable_everything_is_in_one_folder(tmp_path):
    settings = Settings()
    assert settings.data_dir == tmp_path / ".data"
    assert settings.database_url == f"sqlite:///{tmp_path}/.data/liasse.sqlite3"
    assert settings.inbox_dir == tmp_path / ".data" / "inbox"
    assert settings.object_store == "folder"


def test_the_environment_decides(monkeypatch):
    monkeypatch.setenv("LIASSE_DATABASE_URL", "postgres://u:p@db/liasse")
    monkeypatch.setenv("LIASSE_SITE_PORT", "9001")
    monkeypatch.setenv("LIASSE_ALLOWED_HOSTS", '["liasse.exemple.invalid"]')
    settings = Settings()
    assert settings.database_url == "postgres://u:p@db/liasse"
    assert settings.site_url == "http://127.0.0.1:9001"
    assert settings.allowed_hosts == ["liasse.exemple.invalid"]


def test_secrets_do_not_show_when_settings_are_printed():
    settings = Settings(s3_secret_key="open-sesame", secret_key="also-secret")
    assert "open-sesame" not in repr(settings)
    assert "also-secret" not in repr(settings)


def test_the_local_key_is_made_once_private_and_the_same_for_all(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(settings.secret_key_or_local())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) > 50
    path = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret_key"]
