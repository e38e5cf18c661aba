"""The words of the glossary where a page uses them: the first time each is met in its texts. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.models import Term
from guide.text import normalise

MOST_WORDS = 6  # explained on one page: beyond, nothing would stand out

_WORD = re.compile(r"\w+")
_IN_BRACKETS = re.compile(r"\(([^)]+)\)")
_ARTICLES = ("le", "la", "les", "l", "un", "une")
_SHORTEST = 3  # letters of an expression that can be told from any other


class _Expression(NamedTuple):
    """One way to say a term, word by word; an acronym is met in capitals only."""

    words: tuple[str, ...]
    capitals: bool
    term: Term


class Piece(NamedTuple):
    """A piece of a text, and the term that it says, if any."""

    text: str
    term: Term | None


class Reader:
    """Reads the texts of one page in order, and remembers which terms were met."""

    def __init__(self, knowledge: KnowledgeBase, about: str = "") -> None:
        """``about``: the entry that the page is about, whose own name needs no explanation there."""
        self.met: list[Term] = []
        self._expressions = _index(knowledge)
        self._about = about

    def read(self, text: str) -> Iterator[Piece]:
        """Cut a text where a term is met for the first time of the page."""
        words = list(_WORD.finditer(text))
        start, rank = 0, 0
        while rank < len(words):
            found = self._find(words, rank)
            if found is None:
                rank += 1
                continue
            first, last = words[rank].start(), words[rank + len(found.words) - 1].end()
            yield Piece(text[start:first], None)
            yield Piece(text[first:last], found.term)
            self.met.append(found.term)
            start, rank = last, rank + len(found.words)
        yield Piece(text[start:], None)

    def _find(self, words: list[re.Match[str]], rank: int) -> _Expression | None:
        for expression in self._expressions.get(_key(words[rank].group()), ()):
            said = [word.group() for word in words[rank : rank + len(expression.words)]]
            if tuple(map(_key, said)) == expression.words and (not expression.capitals or said[0].isupper()):
                return expression if self._is_new(expression.term) else None
        return None

    def _is_new(self, term: Term) -> bool:
        own = self._about and (term.id == self._about or self._about in term.see)
        return not own and term not in self.met and len(self.met) < MOST_WORDS


@lru_cache(maxsize=4)
def _index(knowledge: KnowledgeBase) -> dict[str, list[_Expression]]:
    """Every way to say a term, by its first word, the longest first."""
    found: dict[str, list[_Expression]] = defaultdict(list)
    for term in knowledge.terms.values():
        names = [_IN_BRACKETS.sub("", term.name), *_IN_BRACKETS.findall(term.name), *term.also_known_as]
        for name in names:
            said = _WORD.findall(name)
            said = said[1:] if said and normalise(said[0]) in _ARTICLES else said
            if said and len("".join(said)) >= _SHORTEST:
                words = tuple(_key(word) for word in said)
                found[words[0]].append(_Expression(words, all(word.isupper() for word in said), term))
    return {first: sorted(said, key=lambda each: -len(each.words)) for first, said in found.items()}


@lru_cache(maxsize=20_000)
def _key(word: str) -> str:
    """A word without accents, capitals, nor the mark of its plural."""
    bare = normalise(word)
    return bare[:-1] if len(bare) > _SHORTEST and bare[-1] in "sx" else bare
