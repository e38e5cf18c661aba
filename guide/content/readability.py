"""How plain a text is: sentences that are too long, acronyms that nobody has spelled out."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from guide.text import normalise

MOST_WORDS = 25  # in one sentence, for somebody who reads on a phone and discovers the words

_END = re.compile(r"(?<=[.!?…])[\s»)]+(?=[A-ZÀ-Ý«])|(?<=\s[;:])\s")
_ACRONYM = re.compile(r"(?<![\w-])[A-ZÀ-Ý]{2,}\d*(?![\w])")
# To be, an adverb perhaps, then a participle; verbs that take « être » when active, and states, are left out.
_PASSIVE = re.compile(
    r"\b(?:est|sont|sera|seront|était|étaient|être|été)\s+(?:pas\s+|plus\s+|jamais\s+|aussi\s+|\w+ment\s+)?"
    r"(?!(?:all|arriv|rest|entr|devenu|venu|né|parti|sorti|concern|obligé|situé|fragile|isolé|prêt|"
    r"plus|vous|nous|tous|du|qui|lui|celui|ici|aussi|ainsi|mais)\w*\b)"
    r"\w+(?:ée?s?|ies?|is|ue?s?|ite?s|rte?s)\b"
)
_SMALL_WORDS = frozenset(
    ["de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "en", "pour", "par", "un", "une"]
)


class LongSentence(NamedTuple):
    """A sentence over the limit, and how many words it has."""

    text: str
    words: int


def sentences(text: str) -> list[str]:
    """Cut a text into sentences; what follows a colon or a semicolon is read after a pause, hence counted apart."""
    return [piece.strip() for piece in _END.split(text) if piece.strip()]


def count_words(sentence: str) -> int:
    """Count the words as one says them: « l'eau » is two."""
    return len(normalise(sentence).split())


def long_sentences(texts: Iterable[str]) -> list[LongSentence]:
    """List the sentences of more than 25 words, longest first."""
    found = (LongSentence(sentence, count_words(sentence)) for text in texts for sentence in sentences(text))
    return sorted((each for each in found if each.words > MOST_WORDS), key=lambda each: -each.words)


def passives(texts: Iterable[str]) -> list[str]:
    """List the sentences that are roughly in the passive: « la demande est lue », not « elle est allée »."""
    return [sentence for text in texts for sentence in sentences(text) if _PASSIVE.search(sentence.lower())]


def unexplained_acronyms(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """List the acronyms of some texts whose words are said neither there nor in the names, in order of appearance."""
    said = list(texts)
    whole = " ".join((*said, *names))
    found = dict.fromkeys(acronym for text in said for acronym in _ACRONYM.findall(text))
    return [acronym for acronym in found if not _is_spelled_out(acronym, whole)]


def _is_spelled_out(acronym: str, text: str) -> bool:
    """Whether words in a row begin with the letters of the acronym, small words aside: « prêt à taux zéro » for PTZ."""
    words = normalise(text).split()
    letters = normalise(acronym)
    return any(_begins(words, start, letters) for start, word in enumerate(words) if word.startswith(letters[0]))


def _begins(words: list[str], start: int, letters: str) -> bool:
    """Whether the letters are the first ones of the words from ``start`` on; small words may be skipped or counted."""
    if not letters:
        return True
    if start >= len(words):
        return False
    word = words[start]
    if word.startswith(letters[0]) and len(word) > 1 and _begins(words, start + 1, letters[1:]):
        return True
    return word in _SMALL_WORDS and _begins(words, start + 1, letters)
