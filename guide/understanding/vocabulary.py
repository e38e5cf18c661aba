"""Vocabulary: the words that misspelt ones are brought back to, all of them well spelt."""

from collections.abc import Iterable, Iterator, Sequence

from guide.content.base import KnowledgeBase
from guide.understanding.lexicon import Said
from guide.understanding.words import Reader, Word


def gather_vocabulary(knowledge: KnowledgeBase, said: Sequence[Said], reader: Reader) -> set[str]:
    """Gather the words of official names, of facts, of the lexicon, and of everything that is said of the language."""
    official = [word for name in _official_names(knowledge) for word in reader.read(name)]
    spoken = {word for text in _list_phrases(knowledge) for word in text.split()}
    return spoken | _well_spelt(said, knowledge.language.words, official)


def _list_phrases(knowledge: KnowledgeBase) -> Iterator[str]:
    asking, distress, outside = knowledge.language.asking, knowledge.language.distress, knowledge.language.outside
    yield from (text for texts in asking.kinds.values() for text in texts)
    yield from (text for subject in outside.subjects for text in subject.lexicon)
    for phrases in (asking.greeting, asking.refusing, asking.follow_up, asking.human):
        yield from phrases
    for phrases in (distress.self_harm, distress.idioms, distress.tired, distress.heavy):
        yield from phrases
    for phrases in (outside.hostile, outside.attacks, outside.ours):
        yield from phrases


def _official_names(knowledge: KnowledgeBase) -> Iterable[str]:
    for entry in knowledge.entries.values():
        yield from (entry.name, entry.short_name)
    for term in knowledge.terms.values():
        yield term.name


def _well_spelt(said: Sequence[Said], french: Iterable[str], official: Iterable[Word]) -> set[str]:
    """The words to correct towards: official names, acronyms, facts, and the good French of the lexicon.

    The misspellings that curators list are left out: they are brought back like those of everybody.
    """
    good = set(french) | {word.word for word in official}
    kept = {word.word for each in said if each.origin == "text" for word in each.words} | {w.word for w in official}
    for each in said:
        if each.origin in ("name", "lexicon"):
            kept.update(word.word for word in each.words if word.word in good or word.capitals)
    return {word for word in kept if word.isalpha()}
