"""Texts that an insurer writes, with values put in: Jinja templates in a sandbox.

A text may hold ``{{ name }}`` for the values that its place knows, ``{% for %}`` and ``{% if %}``. It reaches nothing
else: no file, no attribute of ours, no other template. Every text is tried out when the rule file is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import AfterValidator

#: A longer text is a mistake (a loop within a loop), and no message.
MAX_RENDERED = 20_000


class _Sandbox(ImmutableSandboxedEnvironment):
    """Text and nothing more: products and powers could fill the memory, and no letter needs them."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        raise SecurityError(f"{operator} is not for texts")


# plain text for people: nothing of it is HTML, and the pages that show it escape it themselves
_SANDBOX = _Sandbox(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
_SANDBOX.globals.clear()
_FILTERS = ("upper", "lower", "capitalize", "join", "length", "first", "last", "trim", "default")
_SANDBOX.filters = {name: _SANDBOX.filters[name] for name in _FILTERS}

#: What each value looks like, to try a text out: the names that may stand in a text are the keys.
Samples = Mapping[str, Any]


def template(samples: Samples) -> AfterValidator:
    """A validator for a text in which only these names may stand.

    Args:
        samples: a value for each name, for the trial.
    """

    def check(text: str) -> str:
        try:
            used = find_undeclared_variables(_SANDBOX.parse(text))
        except TemplateError as error:
            raise ValueError(f"line {getattr(error, 'lineno', 1)} of the text: {error}") from error
        for name in sorted(used - samples.keys()):
            known = ", ".join(f"{{{{ {known} }}}}" for known in samples) or "none"
            raise ValueError(f"unknown name {{{{ {name} }}}}; known here: {known}")
        try:
            render(text, samples)
        except Exception as error:  # a text can go wrong in as many ways as Python: a sum of words, a missing file
            raise ValueError(f"cannot be filled in: {error}") from error
        return text

    return AfterValidator(check)


def render(text: str, values: Mapping[str, Any]) -> str:
    """Put values into a text.

    Args:
        text: a template that was checked.
        values: by name, all that the template may use.

    Raises:
        jinja2.TemplateError: the text does more than put values in; a checked one does not.
    """
    filled = _compile(text).render(values)
    if len(filled) > MAX_RENDERED:
        raise SecurityError(f"the text grows beyond {MAX_RENDERED} letters")
    return filled


@lru_cache(maxsize=512)
def _compile(text: str) -> Template:
    return _SANDBOX.from_string(text)
