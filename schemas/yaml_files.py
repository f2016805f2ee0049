"""Values from YAML that people write by hand: every fault is named with its line, and with what would be right."""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.errors import ConfigurationError

Model = TypeVar("Model", bound=BaseModel)
Place = Sequence[int | str]


def parse_yaml(
    text: str,
    model: type[Model],
    where: str,
    find_faults: Callable[[Model], Iterable[tuple[Place, str]]] = lambda _: (),
) -> Model:
    """Make a value of the text of a YAML file.

    Args:
        text: YAML, a mapping at its top.
        model: what it must be.
        where: name of the file, for the messages.
        find_faults: what is wrong with the value as a whole, each with its place.

    Raises:
        ConfigurationError: the text is wrong; the message names every fault with its line.
    """
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=yaml.CSafeLoader)  # it is the safe one, in C
        faults = list(_find_repeated_keys(root)) if root else []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{mark.line + 1}: " if mark else " "
        raise ConfigurationError(f"{where}:{line}not YAML: {getattr(error, 'problem', None) or error}") from error
    except (ValueError, RecursionError) as error:  # a date like 2026-02-30; an alias within itself
        raise ConfigurationError(f"{where}: not YAML: {error}") from error
    if not isinstance(data, dict) or root is None:
        raise ConfigurationError(f"{where}:1: expected a mapping of names to values")
    value = None
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            place = [part for part in fault["loc"] if part != "[key]"]
            faults.append((_find_line(root, place), f"{_name_place(place)}: {_say_fault(fault, model, place)}"))
    else:
        faults += [(_find_line(root, place), f"{_name_place(place)}: {what}") for place, what in find_faults(value)]
    if faults or value is None:
        said = dict.fromkeys(f"{where}:{line}: {what}" for line, what in sorted(faults, key=lambda fault: fault[0]))
        raise ConfigurationError("\n".join(said))
    return value


def _name_place(place: Place) -> str:
    return ".".join(map(str, place)) or "file"


def _say_fault(fault: ErrorDetails, model: type[BaseModel], place: Place) -> str:
    """What is wrong and what would be right, in words for somebody who never saw a line of Python."""
    kind, given, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        known = list(_find_names(model, place[:-1]))
        return f"unknown name{_guess(str(place[-1]), known)}; allowed here: {', '.join(known)}"
    if kind == "missing":
        return "is required and is not there"
    if kind in ("enum", "literal_error"):
        known = [word.strip(" '\"") for word in context["expected"].replace(" or ", ", ").split(",")]
        return f"{given!r} is not known here{_guess(str(given), known)}; allowed: {', '.join(known)}"
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_type":
        return f"a text is expected, not {given!r}: put it between quotation marks"
    if kind.endswith(("_type", "_parsing")) and not isinstance(given, Mapping | list):
        return f"{fault['msg'][0].lower()}{fault['msg'][1:]}, not {given!r}"
    return fault["msg"][0].lower() + fault["msg"][1:]


def _guess(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _find_names(model: Any, place: Place) -> Iterator[str]:
    """Names that may stand in the mapping at a place."""
    for part in place:
        model = _step_into(model, part)
    for kind in _unfold(model):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from kind.model_fields


def _step_into(model: Any, part: int | str) -> Any:
    """The type of what stands under a name, or at a rank."""
    for kind in _unfold(model):
        if isinstance(kind, type) and issubclass(kind, BaseModel) and part in kind.model_fields:
            return kind.model_fields[str(part)].annotation
        arguments = get_args(kind)
        if get_origin(kind) is dict:
            return arguments[1]
        if get_origin(kind) is tuple and isinstance(part, int):
            return arguments[0]
    return None


def _unfold(model: Any) -> Iterator[Any]:
    """The alternatives of a type, without what ``Annotated`` says of it."""
    if hasattr(model, "__metadata__"):
        yield from _unfold(get_args(model)[0])
    elif get_origin(model) in (Union, types.UnionType):
        for one in get_args(model):
            yield from _unfold(one)
    else:
        yield model


def _find_line(node: yaml.Node, place: Place) -> int:
    """Line (from 1) of the place that a fault names, or of the nearest place around it."""
    line = node.start_mark.line + 1
    for part in place:
        wanted = part.value if isinstance(part, Enum) else part
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(wanted)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(wanted, int) and wanted < len(node.value):
            node = node.value[wanted]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _find_repeated_keys(node: yaml.Node) -> Iterator[tuple[int, str]]:
    """Keys written twice in one mapping: YAML keeps the last one and says nothing."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen and key.value != "<<":
                    yield key.start_mark.line + 1, f"{key.value!r} is written twice"
                seen.add(key.value)
            yield from _find_repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _find_repeated_keys(value)
