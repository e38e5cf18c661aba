"""Bytes to text: the encoding of a file that somebody exported somewhere, even when it holds two at once.

A general detector was weighed and left: on tables of a few lines it takes « Zoé » for Hungarian. What is
expected here is French, and the encoding that gives the most French letters is the right one.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from guide.errors import TableError

_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ’‘“”«»…–—€°²³·•№\u00a0\u202f")
_LEGACY = {"cp1252": "Windows-1252", "iso8859_15": "ISO-8859-15", "mac_roman": "Mac OS", "cp850": "DOS 850"}
_BOMS = (  # the longest first: that of UTF-32 begins as that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_SEQUENCE = re.compile(rb"([\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2})")  # of UTF-8
_MOST_ODD = 0.02  # share of signs that no text holds


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the name of its encoding in words, and whether it held two."""

    text: str
    encoding: str
    mixed: bool = False


def not_a_table() -> TableError:
    """What is said of a file that nothing reads."""
    then = "Envoyez un fichier CSV ou XLSX, enregistré depuis votre tableur."
    return TableError("Ce fichier n’est pas un tableau.", then)


def decode(data: bytes) -> Decoded:
    """Read the bytes of a text file; raise TableError when they are no text at all."""
    decoded = _decode(data)
    odd = sum(_is_odd(sign) for sign in decoded.text)
    if odd > 10 and odd > _MOST_ODD * len(decoded.text):
        raise not_a_table()
    return decoded


def _is_odd(sign: str) -> bool:
    return sign == "\ufffd" or (unicodedata.category(sign) in ("Cc", "Cn", "Co") and sign not in "\t\r\n")


def _decode(data: bytes) -> Decoded:
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            return Decoded(_strictly(data, codec), name)
    if (order := _utf_16_without_mark(data)) is not None:
        return Decoded(_strictly(data, order), "UTF-16")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return Decoded(data.decode(), "UTF-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise TableError(
            "Ce fichier est abîmé : une partie ne se lit pas.",
            "Enregistrez-le de nouveau, en « CSV UTF-8 » ou en XLSX.",
        ) from None


def _utf_16_without_mark(data: bytes) -> str | None:
    """Latin letters in UTF-16 are every other byte: the side of the zeros says the order."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) < 0.2 * len(data):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _decode_legacy(data: bytes) -> Decoded:
    """One byte a letter, perhaps with lines pasted from UTF-8: « Ã© » is never meant, so it is read as « é »."""
    pieces = _SEQUENCE.split(data)
    in_utf_8 = {index: letter for index, piece in enumerate(pieces) if index % 2 and (letter := _french(piece))}
    rest = b"".join(piece for index, piece in enumerate(pieces) if index not in in_utf_8)
    codec = max(_LEGACY, key=lambda each: _score(rest.decode(each, "replace")))  # the first of equals
    text = "".join(in_utf_8.get(index) or piece.decode(codec, "replace") for index, piece in enumerate(pieces))
    return Decoded(text, _LEGACY[codec], mixed=bool(in_utf_8))


def _french(sequence: bytes) -> str | None:
    letter = sequence.decode("utf-8", "replace")
    return letter if letter in _FRENCH else None


def _score(text: str) -> int:
    return sum(1 if sign in _FRENCH else -2 for sign in text if not sign.isascii())
