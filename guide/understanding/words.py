"""Words: a message cut into words that compare with those of the lexicon, whatever the spelling of its author.

The lexicon goes through the same cutting, so that both sides meet on the same stems.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol

import snowballstemmer

from guide.content.language import Spellings


class Corrector(Protocol):
    """Knows words, and mends the others."""

    def knows(self, word: str) -> bool:
        """Whether a word needs no correction."""

    def correct(self, word: str) -> tuple[str, ...]:
        """The words that one stands for."""


_STEMMER = snowballstemmer.stemmer("french")
_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"}
)
_UNSEEN = {
    code: " " if unicodedata.category(chr(code)) == "Cc" else None
    for code in (*range(0x10000), *range(0xE0000, 0xE0080))
    if unicodedata.category(chr(code)) in ("Cf", "Cc") and code != ord("\n")
}
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){1,8}[^\W\d_]\b\.?")  # D.L.A.
_SPELT_OUT = re.compile(r"\b[^\W\d_](?: [^\W\d_]){2,7}\b")  # d l a
_PIECE = re.compile(r"[^\W_]+'?|[.!?;:,\n()…]")
_REPEATED = re.compile(r"(.)\1{2,}")
_NUMBERS = frozenset(
    "deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante cent".split()  # noqa: SIM905 - reads as a sentence
)
_SHORT = 4  # letters: « café » is not the CAF
_MOST_MENDED = 8  # unknown words of one message: beyond, it is noise
_MOST_KEPT = 20_000  # words remembered as they were typed
_LONGEST = 40  # letters: beyond, it is noise

# Words that say nothing by themselves: articles and prepositions, which expressions may lack.
SILENT = frozenset("le la les l un une des de du d aux en y ne n".split())  # noqa: SIM905 - reads as a sentence
ARTICLES = frozenset("le la les l un une des de du d".split())  # noqa: SIM905 - reads as a sentence
# Words that make sentences stand, and that lead nowhere alone.
_FUNCTION_WORDS = """
    # a afin ainsi ait alors apres as au aucun aucune aussi autre autres avant avec avoir bah beaucoup ben bien
    bonjour bonsoir c ca car ce cela celle celles celui cependant certaines certains ceux chaque cher chere chez
    chose combien comme comment cordialement coucou dans deja depuis doit donc dont elle elles encore enfin
    ensuite entre est et etc etre euh eux fait faut hein ici il ils j jamais je jour la laquelle lequel leur
    leurs lors lui m ma madame mais me meme merci mes mesdames messieurs moi mon monsieur ni non notre nous ok
    on or ou oui par parfois pas pendant peu peut plait plus plusieurs pour puis qu quand que quel quelqu
    quelque quelques qui quoi rien s sa sait salut sans se ses si soit son sont sous souvent suis sur surtout
    svp t ta te tes toi ton toujours tous tout toute toutes tres trop tu unes uns va vers veut vient voila vos
    votre vous vraiment vu
"""


class Word(NamedTuple):
    """One word of a message: as typed, as understood, its stem, where it stands, and in which clause."""

    typed: str
    word: str
    stem: str
    start: int
    end: int
    clause: int
    capitals: bool

    @property
    def content(self) -> bool:
        """Whether the word may lead somewhere by itself."""
        return self.stem not in FUNCTION

    @property
    def silent(self) -> bool:
        """Whether expressions may lack it: an article, a preposition."""
        return self.word in SILENT


Meant = tuple[tuple[str, str], ...]  # words, each with its stem


class Piece(NamedTuple):
    """A run of letters or one sign, where it stands."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=60_000)
def stem(word: str) -> str:
    """Stem a normalised word (Snowball, French), numbers under one sign; a short word is its own stem."""
    if word.isdigit() or word in _NUMBERS:
        return "#"
    singular = word[:-1] if len(word) > 3 and word[-1] in "sx" else word
    singular = singular[:-1] if singular.endswith("ee") else singular  # « adaptée », once its accent is gone
    if len(singular) <= _SHORT:
        return singular
    stemmed = str(_STEMMER.stemWord(singular))
    return stemmed if len(stemmed) >= _SHORT else singular


FUNCTION = frozenset([*SILENT, *_FUNCTION_WORDS.split(), *map(stem, _FUNCTION_WORDS.split())])


def clean(message: str) -> str:
    """Drop what nobody sees (controls, joiners, right-to-left marks), keep lines and letters."""
    if message.isascii() and message.isprintable():
        return message
    return unicodedata.normalize("NFC", message).translate(_LIGATURES).translate(_UNSEEN)


@lru_cache(maxsize=60_000)
def bare(text: str) -> str:
    """Lower case, without accents."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in folded if not unicodedata.combining(sign))


def _pieces(message: str) -> Iterator[Piece]:
    text = _DOTTED.sub(lambda found: found.group().replace(".", "") + " " * found.group().count("."), message)
    for found in _PIECE.finditer(text):
        yield Piece(found.group(), found.start(), found.end())


@dataclass(frozen=True)
class Reader:
    """Cuts texts into words, with the spellings of ``knowledge/language``; ``correct`` mends the words nobody knows."""

    abbreviations: dict[str, tuple[str, ...]]
    forms: dict[str, str]
    whole: frozenset[str]
    speller: Corrector | None = None
    kept: dict[str, Meant] = field(default_factory=dict, repr=False)  # words alone, as typed

    @classmethod
    def of(cls, spellings: Spellings, speller: Corrector | None = None) -> "Reader":
        """Prepare the spellings of the base."""
        forms = {form: canonical for canonical, forms in spellings.forms.items() for form in forms}
        short = {bare(short): tuple(words.split()) for short, words in spellings.abbreviations.items()}
        return cls(short, forms, frozenset(spellings.whole), speller)

    def read(self, message: str) -> list[Word]:
        """Read the words of a message, in order."""
        text = _SPELT_OUT.sub(self._join, clean(message))
        shouting = text.isupper() and " " in text.strip()
        words: list[Word] = []
        clause, mended = 0, set[str]()
        for piece in _pieces(text):
            if not piece.text[0].isalnum():
                clause += 1
                continue
            capitals = piece.text.isupper() and len(piece.text.rstrip("'")) > 1 and not shouting
            for word, root in self._as_typed(piece.text) if capitals else self._words(piece.text, mended):
                if word == "est" and words and words[-1].word == "est":
                    continue  # « c est » for « c'est », where « c » alone says both
                words.append(Word(piece.text, word, root, piece.start, piece.end, clause, capitals))
        return words

    def _stem(self, word: str) -> str:
        singular = word[:-1] if word[-1:] in "sx" else word
        return singular if singular in self.whole else stem(word)

    def _join(self, found: re.Match[str]) -> str:
        """Join letters said one by one, when together they make a word that is known: "d l a"."""
        together = found.group().replace(" ", "")
        return together if self.speller and self.speller.knows(bare(together)) else found.group()

    def _as_typed(self, typed: str) -> Meant:
        word = bare(typed).rstrip("'")
        return ((word, self._stem(word)),)

    def _words(self, typed: str, mended: set[str]) -> Meant:
        """What a run of letters stands for; the words mended in this message are noted, for there is a limit."""
        if typed in self.kept:
            return self.kept[typed]
        word = bare(typed).rstrip("'")
        if self.speller and not self.speller.knows(word):
            mended.add(word)
            if len(mended) > _MOST_MENDED:
                return self._as_typed(typed)
        if len(self.kept) >= _MOST_KEPT:
            self.kept.clear()
        self.kept[typed] = tuple([(each, self._stem(each)) for each in self._mean(typed, word)])
        return self.kept[typed]

    def _mean(self, typed: str, word: str) -> tuple[str, ...]:
        """The words that a run of letters stands for: itself, those of an abbreviation, or its correction."""
        if len(word) > _LONGEST:
            return ()
        if typed.endswith("'"):
            return (word,)
        if word in self.abbreviations:
            meant = self.abbreviations[word]
        else:
            word = _REPEATED.sub(r"\1\1", word)
            meant = self.speller.correct(word) if self.speller else (word,)
        return tuple([self.forms.get(each, each) for each in meant])

    def stems(self, text: str) -> tuple[str, ...]:
        """The stems of an expression, in order, silent words left out."""
        return tuple([word.stem for word in self.read(text) if not word.silent])
