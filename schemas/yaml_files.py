"""Values from YAML that people write by hand: every fault is named with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from schemas.errors import ConfigurationError

Model = TypeVar("Model", bound=BaseModel)


def parse_yaml(text: str, model: type[Model], where: str) -> Model:
    """Make a value of the text of a YAML file.

    Args:
        text: YAML, a mapping at its top.
        model: what it must be.
        where: name of the file, for the messages.

    Raises:
        ConfigurationError: the text is wrong; the message names every fault with its line.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{mark.line + 1}: " if mark else " "
        raise ConfigurationError(f"{where}:{line}not YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(data, dict) or root is None:
        raise ConfigurationError(f"{where}:1: expected a mapping of names to values")
    faults = [f"{where}:{line}: {fault}" for line, fault in _find_repeated_keys(root)]
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            loc = [part for part in fault["loc"] if part != "[key]"]
            faults.append(f"{where}:{_find_line(root, loc)}: {'.'.join(map(str, loc)) or 'file'}: {fault['msg']}")
        raise ConfigurationError("\n".join(faults)) from error
    if faults:
        raise ConfigurationError("\n".join(faults))
    return value


def _find_line(node: yaml.Node, loc: list[int | str]) -> int:
    """Line (from 1) of the place that a validation error names, or of the nearest place around it."""
    line = node.start_mark.line + 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
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
