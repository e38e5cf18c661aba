"""Phrases: expressions found word for word in a message, articles aside, with one word slipped in at most."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

from guide.understanding.words import Reader, Word

Label = TypeVar("Label")

_SLIP_FROM = 3  # words of an expression from which another may slip in


class Found(NamedTuple, Generic[Label]):
    """One expression found: what it means, the words that say it (places in the message), and its text."""

    label: Label
    places: tuple[int, ...]
    text: str


@dataclass
class _Node(Generic[Label]):
    following: dict[str, "_Node[Label]"] = field(default_factory=dict)
    ends: list[tuple[Label, str, int]] = field(default_factory=list)


class Phrasebook(Generic[Label]):
    """Expressions by the labels they carry."""

    def __init__(
        self,
        reader: Reader,
        expressions: Iterable[tuple[str, Label]],
        *,
        whole_words: bool = False,
        pronouns: bool = False,
    ) -> None:
        """Read the expressions as messages are read.

        ``whole_words`` compares words, and not their stems; ``pronouns`` counts "en" and "y", which change a meaning.
        """
        self._root: _Node[Label] = _Node()
        self._counted = frozenset(["en", "y"] if pronouns else [])
        self._key = attrgetter("word" if whole_words else "stem")
        for text, label in expressions:
            stems = [self._key(word) for word in reader.read(text) if self._counts(word)]
            node = self._root
            for stem in stems:
                node = node.following.setdefault(stem, _Node())
            if stems and all(label != other for other, _, _ in node.ends):
                node.ends.append((label, text, len(stems)))

    def find(self, words: Sequence[Word]) -> list[Found[Label]]:
        """List every expression that the words hold, the longest first, then in the order of the message."""
        spoken = [(place, self._key(word)) for place, word in enumerate(words) if self._counts(word)]
        found = [each for start in range(len(spoken)) for each in self._from(spoken, start)]
        return sorted(found, key=lambda each: (-len(each.places), each.places))

    def _counts(self, word: Word) -> bool:
        return not word.silent or word.word in self._counted

    def _from(self, spoken: list[tuple[int, str]], start: int) -> Iterator[Found[Label]]:
        walks: list[tuple[_Node[Label], int, tuple[int, ...], bool]] = []
        if spoken[start][1] in self._root.following:
            walks.append((self._root, start, (), False))
        while walks:
            node, at, places, slipped = walks.pop()
            for label, text, length in node.ends:
                if not slipped or length >= _SLIP_FROM:
                    yield Found(label, places, text)
            if at >= len(spoken):
                continue
            place, stem = spoken[at]
            if after := node.following.get(stem):
                walks.append((after, at + 1, (*places, place), slipped))
            if places and not slipped and at + 1 < len(spoken) and spoken[at + 1][1] in node.following:
                walks.append((node, at + 1, places, True))


def longest(found: Iterable[Found[Label]]) -> list[Found[Label]]:
    """Keep the longest expressions that do not share a word."""
    taken: set[int] = set()
    kept = []
    for each in found:
        if not taken.intersection(each.places):
            taken.update(each.places)
            kept.append(each)
    return kept
