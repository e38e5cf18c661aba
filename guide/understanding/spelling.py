"""Spelling: the words that nobody knows, brought back to those of the lexicon. Good French words are left alone."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA, JaroWinkler

from guide.understanding.words import stem

_SHORTEST = 4  # letters: under, anything resembles anything
_MOST_CANDIDATES = 60
_ELIDED = re.compile(r"(qu|[jldmtsnc])(.{3,})")
_VOWELS = frozenset("aeiouyh")

# French sounds, in the order in which spellings are folded: "finencement" sounds like "financement".
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"(.)\1+", r"\1"),
        (r"ph", "f"),
        (r"tion", "sion"),
        (r"sch|sh|ch", "9"),
        (r"qu|q|ck", "k"),
        (r"c(?=[eiy])|ss", "s"),
        (r"c", "k"),
        (r"gu(?=[eiy])", "g6"),
        (r"d(?=g[eiy])", ""),
        (r"ge(?=[ao])|g(?=[eiy])", "j"),
        (r"eau|au", "o"),
        (r"oin", "w5"),
        (r"oi|oua", "wa"),
        (r"ou", "w"),
        (r"(?:ain|ein|in|im|yn|ym|un)(?![aeiouynm])", "5"),
        (r"(?:an|am|en|em)(?![aeiouynm])", "1"),
        (r"(?:on|om)(?![aeiouynm])", "3"),
        (r"ai|ei|er$|ez$|et$|ee?s?$", "e"),
        (r"h|6", ""),
        (r"z", "s"),
        (r"y", "i"),
        (r"x", "ks"),
        (r"[estxdp]+$", ""),
        (r"(.)\1+", r"\1"),
    )
)


def sound(word: str) -> str:
    """Fold a word to what one hears.

    >>> sound("finencement") == sound("financement")
    True
    """
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


def _trigrams(word: str) -> list[str]:
    padded = f"  {word} "
    return [padded[index : index + 3] for index in range(len(padded) - 2)]


@dataclass(frozen=True)
class Speller:
    """Knows the words of the lexicon and the good words of French; mends the others."""

    abbreviations: dict[str, tuple[str, ...]]
    lexicon: frozenset[str]
    french: frozenset[str]
    stems: frozenset[str]
    sounds: dict[str, list[str]] = field(repr=False)
    trigrams: dict[str, list[str]] = field(repr=False)

    @classmethod
    def of(cls, lexicon: Iterable[str], french: Iterable[str], abbreviations: dict[str, tuple[str, ...]]) -> "Speller":
        """Prepare the words to correct towards: those of the lexicon, long enough to be told apart."""
        words = frozenset(lexicon)
        targets = sorted(word for word in words if len(word) >= _SHORTEST and word.isalpha())
        sounds: dict[str, list[str]] = defaultdict(list)
        trigrams: dict[str, list[str]] = defaultdict(list)
        for word in targets:
            sounds[sound(word)].append(word)
            for trigram in set(_trigrams(word)):
                trigrams[trigram].append(word)
        return cls(abbreviations, words, frozenset(french), frozenset(map(stem, words)), dict(sounds), dict(trigrams))

    def knows(self, word: str) -> bool:
        """Whether a word needs no correction."""
        return word in self.lexicon or word in self.french or word in self.abbreviations

    def correct(self, word: str) -> tuple[str, ...]:
        """Give back the words that one stands for: itself when it is good, or when nothing resembles it."""
        if len(word) < _SHORTEST or word.isdigit() or self.knows(word) or stem(word) in self.stems:
            return (word,)
        return self._mend(word)

    def _mend(self, word: str) -> tuple[str, ...]:
        if (single := re.sub(r"(.)\1", r"\1", word)) != word and self.knows(single):
            return self.abbreviations.get(single, (single,))
        if found := self._unglue(word):
            return found
        if closest := self._closest(word):
            return (closest,)
        return self._split(word) or (word,)

    def _unglue(self, word: str) -> tuple[str, ...]:
        """Part a lost apostrophe: "dargent" is "d argent", "jcherche" is "j cherche"."""
        parts = _ELIDED.fullmatch(word)
        if not parts:
            return ()
        elided, rest = parts.groups()
        if (elided == "j" or rest[0] in _VOWELS) and (self.knows(rest) or (elided == "j" and stem(rest) in self.stems)):
            return (elided, *self.abbreviations.get(rest, (rest,)))
        return ()

    def _closest(self, word: str) -> str | None:
        """Find the word that sounds the same, or the one written nearly so."""
        if len(heard := sound(word)) >= 3 and (same := self.sounds.get(heard)):
            return max(same, key=lambda other: (JaroWinkler.similarity(word, other), other))
        most = 1 if len(word) < 6 else 2
        shared = Counter(other for trigram in _trigrams(word) for other in self.trigrams.get(trigram, ()))
        best: tuple[float, float, str] | None = None
        for other, _ in shared.most_common(_MOST_CANDIDATES):
            if abs(len(other) - len(word)) > 2 or (other[0] != word[0] and len(word) < 6):
                continue
            distance = OSA.distance(word, other, score_cutoff=most)
            if distance <= most and distance <= len(other) / 3:
                rank = (-distance, JaroWinkler.similarity(word, other), other)
                best = max(best, rank) if best else rank
        return best[2] if best else None

    def _split(self, word: str) -> tuple[str, ...]:
        """Part two words of the lexicon written as one: "budgetcitoyen"."""
        for cut in range(_SHORTEST, len(word) - _SHORTEST + 1):
            first, second = word[:cut], word[cut:]
            if first in self.lexicon and second in self.lexicon:
                return (first, second)
        return ()
