"""What is found when the base is read again: a file, a line, the rule broken and the remedy."""

from collections.abc import Iterable
from dataclasses import dataclass

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.content.reader import Place
from guide.text import join_words


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: file, line, rule broken and remedy."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Print as compilers do, so that editors can jump to the line."""
        return f"knowledge/{self.file}:{self.line}: {self.message}"


def find_in_file(base: KnowledgeBase, file: str, place: Place, message: str) -> Finding:
    """Tell what is wrong at one key of a file, ``("needs", "financer")``, or at the nearest key above it."""
    return Finding(file, base.lines[file].line(place), message)


def find_in_entry(base: KnowledgeBase, entry: Entry, place: Place, message: str) -> Finding:
    """Tell what is wrong at one key of an entry."""
    return find_in_file(base, file_of(entry), place, message)


def file_of(entry: Entry) -> str:
    """The file of an entry, from the root of the base."""
    return f"{entry.kind}s/{entry.id}.yaml"


def unknown(what: str, value: str, known: Iterable[str]) -> str:
    """Say that a value is in no list, and which ones are."""
    return f"{what} « {value} » inconnu ; connus : {join_words(sorted(known))}"
