"""The rules of the insurer that this site works for."""

from __future__ import annotations

from functools import lru_cache

from schemas.rules import InsurerRules, load_rules
from schemas.settings import load_settings


@lru_cache(maxsize=1)
def insurer_rules() -> InsurerRules:
    """The insurer's rules, read once a process.

    Raises:
        ConfigurationError: the rule file is absent or wrong.
    """
    return load_rules(load_settings().rules_file)
