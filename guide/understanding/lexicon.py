"""The lexicon: every expression of the base, by the words it holds, and how much each word tells."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from guide.content.base import KnowledgeBase
from guide.understanding.words import ARTICLES, FUNCTION, Reader, Word

Kind = Literal["need", "entry", "term", "practice"]
Origin = Literal["name", "lexicon", "heard", "text"]

# How much an expression of each origin proves when it is there whole (tuned on tests/golden_questions).
PROOF: dict[Origin, float] = {"name": 1.0, "lexicon": 1.0, "heard": 0.75, "text": 0.4}
_OWNS: dict[Origin, float] = {
    "name": 1.0,
    "lexicon": 1.0,
    "heard": 0.4,
    "text": 0.2,
}  # a word, when counting its owners
_FUNCTION_WEIGHT = 0.12  # of a word that makes sentences stand
_WHOLE: frozenset[Origin] = frozenset(["name", "lexicon"])
_WHOLE_EXPRESSION = 1.1  # what an expression of several words proves at least, however common its words
_SMALL_WORDS = 0.6  # of the one telling word of an expression: what its small words weigh together
_COMMON = (
    (150, 0.25),
    (600, 0.45),
    (2_000, 0.7),
    (5_000, 0.9),
)  # rank among French words, and what is left of a word's weight


class Owner(NamedTuple):
    """What an expression leads to."""

    kind: Kind
    id: str


class Said(NamedTuple):
    """One text of the base, read: whose it is, where it stands, and its words."""

    owner: Owner
    origin: Origin
    text: str
    words: tuple[Word, ...]

    @property
    def stems(self) -> tuple[str, ...]:
        """Its stems, silent words left out."""
        return tuple([word.stem for word in self.words if not word.silent])

    @property
    def is_noun(self) -> bool:
        """Whether it is one noun with its article."""
        return len(self.words) == 2 and self.words[0].word in ARTICLES


class Expression(NamedTuple):
    """One expression of the base: whose it is, and what each of its stems weighs in it."""

    owner: Owner
    origin: Origin
    text: str
    weights: dict[str, float]
    total: float
    noun: bool  # "un local": the word counts where it is a noun, and not in "monnaie locale"


@dataclass(frozen=True)
class Lexicon:
    """Expressions by stem; the rarity of each stem among the owners of a kind."""

    expressions: tuple[Expression, ...]
    by_stem: dict[str, list[int]] = field(repr=False)
    rarity: dict[Kind, dict[str, float]] = field(repr=False)

    @classmethod
    def of(cls, said: Sequence[Said], common: dict[str, float]) -> "Lexicon":
        """Index the expressions of a base, once read; ``common`` lightens the commonest words of French."""
        read = [(each.owner, each.origin, each.text, each.stems, each.is_noun) for each in said]
        rarity = _rarities(((owner, origin, stems) for owner, origin, _, stems, _ in read), common)
        shared = Counter(
            (kind, stems)
            for kind, _, stems in {(o.kind, o.id, stems) for o, origin, _, stems, _ in read if origin in _WHOLE}
        )
        expressions: list[Expression] = []
        by_stem: dict[str, list[int]] = defaultdict(list)
        for owner, origin, text, stems, noun in read:
            if not any(stem not in FUNCTION for stem in stems):
                continue
            known = rarity[owner.kind]
            weights = {stem: _FUNCTION_WEIGHT if stem in FUNCTION else known[stem] for stem in stems}
            if origin in _WHOLE and sum(stem not in FUNCTION for stem in weights) == 1:
                weights = _tie_together(weights)
            if origin in _WHOLE:
                least = _WHOLE_EXPRESSION / math.sqrt(shared[owner.kind, stems])
                if (total := sum(weights.values())) < least:
                    weights = {stem: weight * least / total for stem, weight in weights.items()}
            for stem in weights.keys() - FUNCTION:
                by_stem[stem].append(len(expressions))
            expressions.append(Expression(owner, origin, text, weights, sum(weights.values()), noun))
        return cls(tuple(expressions), dict(by_stem), rarity)


def _tie_together(weights: dict[str, float]) -> dict[str, float]:
    """Have the small words of an expression count when it holds one telling word: "faire une asso" is not "asso"."""
    told = max(weights.values())
    small = len(weights) - 1
    return {stem: weight if stem not in FUNCTION else told * _SMALL_WORDS / small for stem, weight in weights.items()}


def list_expressions(knowledge: KnowledgeBase) -> Iterator[tuple[Owner, Origin, str]]:
    """List what the base says of each thing in the words of people, and in its own."""
    for need in knowledge.needs.values():
        yield from _of(Owner("need", need.id), (need.name, need.said), need.lexicon, need.heard, (need.detail,))
    for entry in knowledge.entries.values():
        texts = (entry.summary, *entry.does, *entry.when_to_call)
        yield from _of(Owner("entry", entry.id), (entry.name, *entry.also_known_as), entry.lexicon, entry.heard, texts)
    for term in knowledge.terms.values():
        yield from _of(Owner("term", term.id), (term.name, *term.also_known_as), term.lexicon, (), (term.definition,))
    for practice in knowledge.practices.values():
        owner = Owner("practice", practice.id)
        yield from _of(owner, (practice.name,), practice.lexicon, practice.heard, (practice.summary,))


def _of(
    owner: Owner, names: Iterable[str], lexicon: Iterable[str], heard: Iterable[str], texts: Iterable[str]
) -> Iterator[tuple[Owner, Origin, str]]:
    origins: Mapping[Origin, Iterable[str]] = {"name": names, "lexicon": lexicon, "heard": heard, "text": texts}
    for origin, said in origins.items():
        for text in said:
            yield owner, origin, text


def read_expressions(knowledge: KnowledgeBase, reader: Reader) -> list[Said]:
    """Read every expression of the base, once."""
    return [Said(owner, origin, text, tuple(reader.read(text))) for owner, origin, text in list_expressions(knowledge)]


def lighten_common(knowledge: KnowledgeBase, reader: Reader) -> dict[str, float]:
    """What is left of the weight of the commonest words of French: they are everywhere."""
    left: dict[str, float] = {}
    for rank, word in enumerate(knowledge.language.words[: _COMMON[-1][0]]):
        for stem in reader.stems(word):
            left.setdefault(stem, next(share for limit, share in _COMMON if rank < limit))
    return left


def _rarities(
    read: Iterable[tuple[Owner, Origin, tuple[str, ...]]], common: dict[str, float]
) -> dict[Kind, dict[str, float]]:
    """Weigh each stem by how few owners of a kind say it: 1 for one owner alone, towards 0 for all of them."""
    owned: dict[Kind, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for owner, origin, stems in read:
        for stem in stems:
            shares = owned[owner.kind][stem]
            shares[owner.id] = max(shares.get(owner.id, 0.0), _OWNS[origin])
    rarity: dict[Kind, dict[str, float]] = {}
    for kind, by_stem in owned.items():
        everybody = len({owner for shares in by_stem.values() for owner in shares})
        rarity[kind] = {
            stem: common.get(stem, 1.0)
            * math.log(1 + everybody / max(1, sum(shares.values())))
            / math.log(1 + everybody)
            for stem, shares in by_stem.items()
        }
    return rarity
