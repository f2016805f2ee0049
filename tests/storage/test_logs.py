"""Logs: JSON lines that tell where something failed, and not what it failed on."""

import json
import logging
import logging.config

import structlog

from storage.logs import describe_logging, set_up_logs

SECRET = "Kerjean 2 84 05"


def fail():
    raise ValueError(f"cannot read {SECRET}")


def test_our_lines(capsys):
    before = structlog.get_config()
    try:
        set_up_logs()
        log = structlog.get_logger("test")
        log.info("paper read", piece="1234")
        try:
            fail()
        except ValueError:
            log.error("burst failed", exc_info=True)
    finally:
        structlog.configure(**before)
    text = capsys.readouterr().err
    assert SECRET not in text
    read, failed = (json.loads(line) for line in text.splitlines())
    assert (read["event"], read["piece"], read["level"]) == ("paper read", "1234", "info")
    assert failed["error"] == "ValueError"
    assert failed["trace"][-1].startswith("tests/storage/test_logs.py:")
    assert failed["trace"][-1].endswith(" fail")


def test_lines_of_libraries(capsys):
    name = "some.library"
    logging.config.dictConfig(describe_logging({name: "WARNING"}))
    log = logging.getLogger(name)
    try:
        log.info("not shown")
        try:
            fail()
        except ValueError:
            log.exception("something failed")
    finally:
        log.handlers.clear()
    text = capsys.readouterr().err
    assert SECRET not in text
    (line,) = (json.loads(line) for line in text.splitlines())
    assert (line["event"], line["logger"], line["error"]) == ("something failed", name, "ValueError")
