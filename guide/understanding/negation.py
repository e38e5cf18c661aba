"""Negation: which words are refused or already settled, so that they ask for nothing.

"Pas un prêt" and "je ne cherche pas d'argent" refuse; "pas de local" and "sans argent" say what is lacking.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from guide.content.language import Negation
from guide.understanding.phrases import Phrasebook
from guide.understanding.words import Reader, Word

_BACK = 4  # words looked at before a negation, for the verb that it denies
_DETERMINERS = frozenset(
    "un une le la les l des mon ma mes notre nos pour sur a au aux cet cette".split()  # noqa: SIM905 - reads as a sentence
)


@dataclass(frozen=True)
class Denial:
    """Finds the words that are denied."""

    denying: frozenset[str]
    wanting: frozenset[str]
    lacking: frozenset[str]
    contrast: frozenset[str]
    settled: Phrasebook[str]

    @classmethod
    def of(cls, negation: Negation, reader: Reader) -> "Denial":
        """Prepare the words of the base."""

        def stems(phrases: Sequence[str]) -> frozenset[str]:
            return frozenset(stem for phrase in phrases for stem in reader.stems(phrase)[:1])

        book = Phrasebook(reader, [(text, "settled") for text in negation.settled])
        return cls(
            denying=stems(negation.denying),
            wanting=stems(negation.wanting),
            lacking=stems(negation.lacking),
            contrast=stems(negation.contrast),
            settled=book,
        )

    def find(self, words: Sequence[Word]) -> set[int]:
        """List the places of the words that are refused or settled."""
        denied: set[int] = set()
        for place, word in enumerate(words):
            if word.stem in self.denying and (start := self._refused_from(words, place)) is not None:
                denied.update(self._scope(words, start))
        for found in self.settled.find(words):
            last = found.places[-1]
            after = set(self._scope(words, last + 1))
            denied.update(after or self._before(words, found.places[0]))
        return denied

    def _refused_from(self, words: Sequence[Word], place: int) -> int | None:
        """Where a refusal begins, or None when the negation tells what is lacking."""
        clause = words[place].clause
        before = [words[at] for at in range(max(0, place - _BACK), place) if words[at].clause == clause]
        after = place + 1
        following = words[after] if after < len(words) and words[after].clause == clause else None
        if following is None:
            return None
        for word in reversed(before):
            if word.stem in self.wanting:
                return after
            if word.stem in self.lacking:
                return after + 1 if following.stem in self.wanting else None
        if following.stem in self.wanting:
            return after + 1
        if words[place].stem == "ni":
            return after
        return after if following.word in _DETERMINERS and not self._had(words, clause) else None

    def _had(self, words: Sequence[Word], clause: int) -> bool:
        """Whether the clause before says what one has: "on a le local mais pas l'argent" tells what is lacking."""
        return any(word.clause in (clause, clause - 1) and word.stem in self.lacking for word in words)

    def _scope(self, words: Sequence[Word], start: int) -> range:
        end = start
        while end < len(words) and words[end].clause == words[start].clause and words[end].stem not in self.contrast:
            end += 1
        return range(start, end)

    def _before(self, words: Sequence[Word], place: int) -> range:
        start = place
        while (
            start > 0 and words[start - 1].clause == words[place].clause and words[start - 1].stem not in self.contrast
        ):
            start -= 1
        return range(start, place)
