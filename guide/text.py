"""French text: normalised for comparing, stemmed for searching, typeset for reading."""

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

NO_BREAK_SPACE = "\u00a0"
NARROW_NO_BREAK_SPACE = "\u202f"

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})  # NFKD leaves them whole
_ARTICLES = ("le ", "la ", "les ", "l ", "un ", "une ", "des ", "d ")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_STEMMER = snowballstemmer.stemmer("french")
_EMPTY_WORDS = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "cette",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "il",
        "ils",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "lui",
        "ma",
        "me",
        "mes",
        "mon",
        "n",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "qui",
        "s",
        "sa",
        "se",
        "ses",
        "son",
        "sur",
        "ta",
        "te",
        "tes",
        "ton",
        "tu",
        "un",
        "une",
        "vos",
        "votre",
        "vous",
        "y",
    ]
)


def normalise(text: str) -> str:
    """Fold a text so that spellings of one name compare equal: lower case, no accents, words one space apart.

    >>> normalise("L’Écopôle d'Œuf-en-Ternois")
    'l ecopole d oeuf en ternois'
    """
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).lower()  # after NFKD: « № » hides an N
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", bare).strip()


def name_key(name: str) -> str:
    """Fold a name so that nobody can own the same one under two spellings, article aside.

    >>> name_key("L'A.P.E.S.")
    'a p e s'
    """
    key = normalise(name)
    for article in _ARTICLES:
        key = key.removeprefix(article)
    return key


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """Stem the meaningful words of a text, in order, for searching (Snowball, French)."""
    return [_stem(word) for word in normalise(text).split() if word not in _EMPTY_WORDS]


_NOT_FOR_HTML = ("Cc", "Cs", "Cn")  # controls, half characters, code points that are nobody's
_SPACES = f"[ {NO_BREAK_SPACE}{NARROW_NO_BREAK_SPACE}]*"
_TYPESETTING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)'(?=[\w«])"), "’"),
    (re.compile(r"\.{3}"), "…"),
    (re.compile(r"(?<=\w) - (?=\w)"), f"{NO_BREAK_SPACE}– "),
    (re.compile(f"«{_SPACES}"), f"«{NO_BREAK_SPACE}"),
    (re.compile(f"{_SPACES}»"), f"{NO_BREAK_SPACE}»"),
    (re.compile(r" +(?=:(?:\s|$))"), NO_BREAK_SPACE),
    (re.compile(r" +(?=[;!?])"), NARROW_NO_BREAK_SPACE),
    (re.compile(r"(?<=\d) (?=\d{3}(?:\D|$))"), NARROW_NO_BREAK_SPACE),
    (re.compile(r"(?<=\d) (?=[€%])"), NO_BREAK_SPACE),
)


_TO_TYPESET = re.compile(r"['«»:;!?€%]|\.{3}| - |\d \d")  # what the rules above look for: most texts hold none


def typeset(text: str) -> str:
    """Set a plain text in French typography: curly apostrophes, guillemets and no-break spaces.

    Curators type straight apostrophes and plain spaces; this is the one place that dresses them.
    """
    if not _TO_TYPESET.search(text):
        return text
    for pattern, replacement in _TYPESETTING:
        text = pattern.sub(replacement, text)
    return text


def printable(text: str, longest: int) -> str:
    """Keep what HTML may hold of a typed text: no control character, and not more than ``longest`` signs."""
    return "".join(" " if unicodedata.category(sign) in _NOT_FOR_HTML else sign for sign in text[:longest])


def printable_lines(text: str, longest: int) -> str:
    """Keep what HTML may hold of a text of several lines."""
    return "\n".join(printable(line.rstrip(), longest) for line in text[:longest].splitlines()).strip()


def code_said(code: str) -> str:
    """A code of six digits as one reads it out: 123 456."""
    return f"{code[:3]}{NO_BREAK_SPACE}{code[3:]}"


def capitalise(text: str) -> str:
    """Give a sentence its capital letter and leave the rest as it stands ("l’APES" stays "L’APES")."""
    return text[:1].upper() + text[1:]


def join_words(items: list[str], last: str = "et") -> str:
    """Join names as one says them in French: "a, b et c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
