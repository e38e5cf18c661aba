"""Whose words they are: an expression that too many own points to nobody, a sentence heard twice is ambiguous."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.findings import Finding, file_of, find_in_file
from guide.content.reader import Place
from guide.text import join_words, name_key, normalise

# How many files of one kind may own an expression; beyond, it no longer tells one from another.
MOST_OWNERS = {"besoins": 2, "fiches": 3, "mots du glossaire": 1, "pratiques": 1, "réponses": 1}


class _Owner(NamedTuple):
    """What owns words: the kind among which it is told apart, its file, the key of its words, the words."""

    kind: str
    file: str
    place: Place
    words: tuple[str, ...]


def check_sentences(base: KnowledgeBase) -> Iterator[Finding]:
    """List the sentences heard in two places: an exact duplicate can only be told by a coin."""
    first: dict[str, tuple[str, int]] = {}
    for owner in _sentences(base):
        for index, sentence in enumerate(owner.words):
            before = first.setdefault(normalise(sentence), (owner.file, index))
            if before != (owner.file, index):
                message = f"phrase « {sentence} » déjà dans {before[0]} ; la garder là où elle mène le mieux"
                yield find_in_file(base, owner.file, (*owner.place, index), message)


def check_owners(base: KnowledgeBase) -> Iterator[Finding]:
    """List the expressions that too many own, and those that are the name of somebody else."""
    owned: dict[tuple[str, str], list[tuple[_Owner, int]]] = defaultdict(list)
    names = {name_key(name): entry for entry in base.entries.values() for name in (entry.name, *entry.also_known_as)}
    for owner in _lexicons(base):
        seen = set()
        for index, expression in enumerate(owner.words):
            key = normalise(expression)
            if key not in seen:
                seen.add(key)
                owned[owner.kind, key].append((owner, index))
            named = names.get(name_key(expression))
            if named is not None and owner.kind == "fiches" and owner.file != file_of(named):
                message = f"mot « {expression} » : c'est le nom de {file_of(named)} ; le retirer d'ici"
                yield find_in_file(base, owner.file, (*owner.place, index), message)
    for (kind, key), owners in sorted(owned.items()):
        if len(owners) > MOST_OWNERS[kind.split(" de ")[0]]:
            (owner, index), *others = owners
            files = join_words([other.file for other, _ in others])
            message = f"mot « {key} » dans {len(owners)} {kind} (aussi {files}) ; le garder où il mène vraiment"
            yield find_in_file(base, owner.file, (*owner.place, index), message)


def _lexicons(base: KnowledgeBase) -> Iterator[_Owner]:
    for need in base.needs.values():
        yield _Owner("besoins", f"needs/{need.id}.yaml", ("lexicon",), need.lexicon)
    for entry in base.entries.values():
        yield _Owner("fiches", file_of(entry), ("lexicon",), entry.lexicon)
    for term in base.terms.values():
        yield _Owner("mots du glossaire", f"terms/{term.id}.yaml", ("lexicon",), term.lexicon)
    for practice in base.practices.values():
        yield _Owner("pratiques", f"practices/{practice.id}.yaml", ("lexicon",), practice.lexicon)
    for question in base.questions.values():
        for value, option in question.options.items():
            place = ("options", value, "lexicon")
            yield _Owner(f"réponses de {question.id}", f"questions/{question.id}.yaml", place, option.lexicon)


def _sentences(base: KnowledgeBase) -> Iterator[_Owner]:
    for need in base.needs.values():
        yield _Owner("besoins", f"needs/{need.id}.yaml", ("heard",), need.heard)
    for entry in base.entries.values():
        yield _Owner("fiches", file_of(entry), ("heard",), entry.heard)
    for practice in base.practices.values():
        yield _Owner("pratiques", f"practices/{practice.id}.yaml", ("heard",), practice.heard)
