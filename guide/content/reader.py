"""YAML as plain values with the line of every key, so that an error can say where it stands."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]

_INTEGER = re.compile(r"-?\d{1,9}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}


class UnreadableError(Exception):
    """A file that is not YAML, or says one thing twice; carries the line and the remedy."""

    def __init__(self, line: int, message: str) -> None:
        """Lines are counted from 1."""
        self.line = line
        super().__init__(message)


@dataclass
class Document:
    """The value of a file, and the line where each of its keys stands."""

    value: Any
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Find the line of a key, or of the nearest key above it that exists."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1


def read_document(path: Path) -> Document:
    """Read one file; raise UnreadableError when it is not YAML or holds a key twice."""
    text = path.read_text(encoding="utf-8")
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        in_quotes = error.context is not None and "quoted scalar" in error.context
        mark = error.context_mark if in_quotes else error.problem_mark or error.context_mark
        raise UnreadableError(mark.line + 1 if mark else 1, _explain(error, text, mark.line if mark else 0)) from None
    except yaml.YAMLError:
        raise UnreadableError(
            _line_of_odd_sign(text), "caractère invisible interdit ; retaper ce passage à la main"
        ) from None
    document = Document(None)
    if node is not None:
        document.value = _value(node, (), document.lines, frozenset())
    return document


def _line_of_odd_sign(text: str) -> int:
    odd = next((index for index, sign in enumerate(text) if not sign.isprintable() and sign not in "\n\r\t"), 0)
    return text[:odd].count("\n") + 1


def _explain(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    lines = text.splitlines()
    faulty = lines[line] if line < len(lines) else ""
    if "\t" in faulty:
        return "tabulation interdite ; remplacer par des espaces"
    if "mapping values" in str(error.problem):
        return "« : » de trop dans un texte ; mettre toute la valeur entre guillemets droits"
    return "écriture YAML incorrecte ; vérifier les guillemets, les deux-points et les retraits autour de cette ligne"


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], above: frozenset[int]) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if id(node) in above:  # an alias (*name) may hold itself
        raise UnreadableError(node.start_mark.line + 1, "renvoi « * » à soi-même ; recopier le texte")
    above |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, above)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, index), lines, above) for index, item in enumerate(node.value)]
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _mapping(node: yaml.MappingNode, place: Place, lines: dict[Place, int], above: frozenset[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in found:
            raise UnreadableError(line, f"clé « {key} » écrite deux fois ; n'en garder qu'une")
        lines[(*place, key)] = line
        found[key] = _value(value_node, (*place, key), lines, above)
    return found


def _scalar(node: yaml.ScalarNode) -> Any:
    """Read a bare word as text, whatever YAML 1.1 makes of it: "on", "oui", "10:30" and "0321" stay words."""
    text = str(node.value)
    if node.style:  # quoted; a bare word has none ("" with the C parser, None without)
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text) and not text.startswith("0"):
        return int(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
