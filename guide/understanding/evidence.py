"""Evidence: what the words of a message prove for each thing they may lead to, and which words prove it.

Each word counts once for an owner, as strongly as the best of the expressions in which it stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guide.understanding.lexicon import PROOF, Expression, Lexicon, Owner
from guide.understanding.words import ARTICLES, Word

_LEAST_COVERED = {"name": 0.6, "lexicon": 0.5, "heard": 0.3, "text": 0.25}  # of an expression, to prove anything
_MOST_OPENED = 3_000  # expressions looked at, the rarest words first: what bounds the time on a large base
_WHOLE = ("name", "lexicon")
_NEARLY_WHOLE = 0.75
_PART = 0.4
_DETERMINERS = "mon notre votre leur leurs ce quel aucun aucune sans pas au aux cherche trouver trouve plusieurs #"
_BEFORE_NOUNS = ARTICLES | frozenset(_DETERMINERS.split())
_SCATTERED = 0.35  # what is left when the words of an expression are far apart
_NEAR = 3  # words that may stand between those of an expression


class Proof(NamedTuple):
    """What one word proves: its weight, and the expression in which it stands."""

    weight: float
    expression: Expression


@dataclass(slots=True)
class Evidence:
    """What a message proves for one owner, by stem."""

    proofs: dict[str, Proof] = field(default_factory=dict)

    @property
    def weight(self) -> float:
        """All that is proved."""
        return sum([proof.weight for proof in self.proofs.values()])

    @property
    def best(self) -> Expression:
        """The expression that proves most."""
        return max(self.proofs.values(), key=lambda proof: proof.weight).expression


def gather(words: Sequence[Word], lexicon: Lexicon) -> dict[Owner, Evidence]:
    """Gather what some words prove, owner by owner."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        if not word.silent:
            places[word.stem].append(place)
    found: dict[Owner, Evidence] = defaultdict(Evidence)
    for index in _open(places, lexicon):
        expression = lexicon.expressions[index]
        held = [stem for stem in expression.weights if stem in places]
        covered = sum([expression.weights[stem] for stem in held]) / expression.total
        if expression.noun and not any(_is_noun(words, place) for stem in held for place in places[stem]):
            continue
        if covered < _LEAST_COVERED[expression.origin]:
            continue
        strength = PROOF[expression.origin] * covered * covered
        if expression.origin in _WHOLE and covered < _NEARLY_WHOLE:
            strength *= _PART
        if len(held) > 1 and _spread(held, places) > len(expression.weights) + _NEAR:
            strength *= _SCATTERED
        proofs = found[expression.owner].proofs
        for stem in held:
            weight = expression.weights[stem] * strength
            if stem not in proofs or proofs[stem].weight < weight:
                proofs[stem] = Proof(weight, expression)
    return found


def _is_noun(words: Sequence[Word], place: int) -> bool:
    """Whether a word comes first, or after what announces a noun."""
    return place == 0 or words[place - 1].word in _BEFORE_NOUNS or words[place - 1].clause != words[place].clause


def _open(places: Iterable[str], lexicon: Lexicon) -> set[int]:
    """Choose the expressions worth looking at: those of the rarest words, until there are enough."""
    postings = sorted([lexicon.by_stem[stem] for stem in places if stem in lexicon.by_stem], key=len)
    opened: set[int] = set()
    for posting in postings:
        if opened and len(opened) + len(posting) > _MOST_OPENED:
            break
        opened.update(posting)
    return opened


def _spread(held: Sequence[str], places: dict[str, list[int]]) -> int:
    """How many words lie between the first and the last of some stems, around the rarest of them."""
    anchor = min(held, key=lambda stem: len(places[stem]))
    return min(
        max(near := [min(places[stem], key=lambda place: abs(place - at)) for stem in held]) - min(near)
        for at in places[anchor]
    )
