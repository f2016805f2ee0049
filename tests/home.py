"""Loaded before anything else of a test run: tests work in a folder of their own, whatever the environment says."""

import os

from tests.services.once import find_run_folder

for name in [name for name in os.environ if name.startswith("LIASSE_")]:
    del os.environ[name]
os.environ["LIASSE_DATA_DIR"] = str(find_run_folder() / f"data-{os.getpid()}")
