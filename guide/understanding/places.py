"""Places: the communes and the pays that a message names, as people say them ("vers st omer", "dans l'Audomarois")."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guide.content.base import KnowledgeBase
from guide.content.telling import Place
from guide.territory import Commune
from guide.understanding.words import Word, bare

# Before the name of a place. "De" alone is not enough for a name that is also a word.
_TOWARDS = frozenset(
    """a au aux vers sur pres proche cote dans commune ville village secteur habite autour entre depuis mairie
    vient""".split()  # noqa: SIM905 - reads as a sentence
)
_ARTICLES = ("le", "la", "les")
_LINKS = frozenset("de d du des la le les l en".split())  # noqa: SIM905 - reads as a sentence
_BIG_TOWN = 20_000  # people of a town that everybody knows, were its name a word ("Calais", "Arras")
_TOWN = 5_000  # people of a town that everybody names by its first word
_DOMINANT = 4  # times the people of the next: "Boulogne" is Boulogne-sur-Mer
_SHORT = 4  # letters under which a name is also a word
_NO_PLURAL = 4  # letters under which a final s counts
_LONGEST_NAME = 7  # words
_DEPARTEMENT = (
    ("pas", "de", "calais"),
    ("pas", "de", "calai"),
    ("nord", "pas", "de", "calais"),
    ("grand", "calais"),
    ("grand", "arras"),
)


class Named(NamedTuple):
    """What a name may mean: communes, or a pays, or a place outside the département."""

    communes: tuple[Commune, ...] = ()
    pays: Place | None = None
    elsewhere: str | None = None
    short: bool = False  # the beginning of a longer name
    common: bool = False  # also a word of French


class Mention(NamedTuple):
    """One place found in a message, and the words that name it."""

    named: Named
    places: tuple[int, ...]
    text: str


@dataclass(frozen=True)
class Gazetteer:
    """Every name of a place, by its first word."""

    by_first: dict[str, list[tuple[tuple[str, ...], Named]]] = field(repr=False)

    @classmethod
    def of(cls, knowledge: KnowledgeBase) -> "Gazetteer":
        """Gather the names of communes, old ones included, of pays, and of places elsewhere."""
        french = frozenset(knowledge.language.words)
        names: dict[tuple[str, ...], Named] = {}
        for words, named in _list_names(knowledge):
            if words not in names:
                town = max((commune.population for commune in named.communes), default=0) > _BIG_TOWN
                noun = [each for each in words if each not in _ARTICLES]
                common = len(noun) == 1 and noun[0] in french and not named.pays and not town
                tiny = len(noun) == 1 and len(noun[0]) < _SHORT and not named.pays
                names[words] = named._replace(common=common, short=named.short or tiny)
        by_first: dict[str, list[tuple[tuple[str, ...], Named]]] = defaultdict(list)
        for words, named in names.items():
            for first in {words[0], words[0].rstrip("s") if len(words[0]) > _NO_PLURAL else words[0]}:
                by_first[first].append((words, named))
        for many in by_first.values():
            many.sort(key=lambda each: -len(each[0]))
        return cls(dict(by_first))

    @property
    def words(self) -> Iterator[str]:
        """The words that names are made of, to correct towards."""
        return (word for many in self.by_first.values() for name, _ in many for word in name)

    def find(self, words: Sequence[Word]) -> list[Mention]:
        """List the places named, in the order of the message."""
        found: list[Mention] = []
        at = 0
        while at < len(words):
            if skipped := next((len(name) for name in _DEPARTEMENT if _says(words, at, name)), 0):
                at += skipped
                continue
            mention = self._at(words, at)
            if mention:
                found.append(mention)
            at += len(mention.places) if mention else 1
        return found

    def _at(self, words: Sequence[Word], at: int) -> Mention | None:
        for name, named in self.by_first.get(words[at].word, ()):
            if _says(words, at, name) and self._is_meant(words, at, at + len(name) - 1, named):
                places = tuple(range(at, at + len(name)))
                return Mention(named, places, " ".join(words[place].typed for place in places))
        return None

    def _is_meant(self, words: Sequence[Word], at: int, last: int, named: Named) -> bool:
        """Whether a name that is also a word, or the beginning of a name, is used as the name of a place."""
        if not named.common and not named.short:
            return True
        before = [words[place].word for place in range(max(0, at - 3), at)]
        while before and before[-1] in _LINKS:
            before.pop()
        towards = bool(before) and before[-1] in _TOWARDS
        capital = words[last].typed[:1].isupper() and last > 0
        return (towards or capital) if not (named.common and named.short) else towards and capital


def _says(words: Sequence[Word], at: int, name: tuple[str, ...]) -> bool:
    return len(words) - at >= len(name) and all(
        same_word(words[at + index].word, word) for index, word in enumerate(name)
    )


def same_word(said: str, word: str) -> bool:
    """Whether two words are the same, a final s aside, which people forget ("Etaple")."""
    return said == word or (len(word) > _NO_PLURAL and said.rstrip("s") == word.rstrip("s"))


def _list_names(knowledge: KnowledgeBase) -> Iterator[tuple[tuple[str, ...], Named]]:
    """List whole names first, then the beginnings of names, the dominant commune alone or all of them."""
    territory = knowledge.territory
    starts: dict[tuple[str, ...], dict[str, Commune]] = defaultdict(dict)
    for key, suggestions in territory.names.items():
        words = tuple(key.split())
        communes = tuple({each.commune.code: each.commune for each in suggestions}.values())
        yield words, Named(communes)
        bare_name = words[1:] if words[0] in _ARTICLES and len(words) > 1 else words
        for length in range(1, min(len(bare_name) + (bare_name != words), _LONGEST_NAME)):
            start = bare_name[:length]
            if start[-1] not in _LINKS and start not in (("saint",), ("sainte",)):
                starts[start].update({commune.code: commune for commune in communes})
    for place in knowledge.places.values():
        for name in (place.name, *place.also_known_as, *place.former):
            yield tuple(_fold(name)), Named(pays=place)
    for words, found in starts.items():
        by_people = sorted(found.values(), key=lambda commune: -commune.population)
        dominant = len(by_people) == 1 or (by_people[0].population > max(_TOWN, _DOMINANT * by_people[1].population))
        yield words, Named(tuple(by_people[:1] if dominant else by_people[:8]), short=True)
    for key, departement in territory.elsewhere.items():
        yield tuple(key.split()), Named(elsewhere=departement, short=True)


def _fold(name: str) -> list[str]:
    folded = "".join(sign if sign.isalnum() else " " for sign in bare(name))
    return folded.split()
