"""Spelling: what somebody may have meant to type, among words that exist."""

from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process

_CLOSE = 70.0  # RapidFuzz ratio, in percent, under which a spelling is not offered
_SHORTEST = 3  # signs
_ALIKE = 90.0  # percent of likeness of two names of one commune


def respell(typed: Sequence[str], known: Collection[str]) -> list[str] | None:
    """Spell normalised words as the closest ones that are known; None when one has no likeness, or nothing changes."""
    spelt = [_closest(word, known) for word in typed]
    if None in spelt or spelt == list(typed):
        return None
    return [word for word in spelt if word is not None]


def are_close_names(name: str, other: str) -> bool:
    """Whether two normalised names may be one, their words in any order."""
    return fuzz.token_sort_ratio(name, other, score_cutoff=_ALIKE) > 0


def _closest(word: str, known: Collection[str]) -> str | None:
    if word in known or any(other.startswith(word) for other in known):
        return word
    if len(word) < _SHORTEST:
        return None
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return found[0] if found else None
