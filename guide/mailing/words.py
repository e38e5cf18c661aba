"""Words that people typed, made fit for a mail."""

import re
import unicodedata

from guide.text import printable

_LONGEST_NAME, _LONGEST_MESSAGE = 80, 10_000  # signs
_COULD_BE_FOLLOWED = re.compile(r"(?<=\S)([.@/])(?=\w)|(?<=[/:])(?=/)")


def harmless(name: str) -> str:
    """Make one short line of a name that somebody typed, with nothing that a mail reader would turn into a link.

    The form is open to all and mails go to the address that it gives: a name must not carry an advertisement.
    """
    signs = (sign for sign in printable(name, _LONGEST_NAME) if unicodedata.category(sign) != "Cf")
    return _COULD_BE_FOLLOWED.sub(r"\1 ", " ".join("".join(signs).split()))


def paragraphs(text: str | None) -> list[list[str]]:
    """Cut a message in paragraphs and lines, without what no page may hold."""
    lines = [printable(line, _LONGEST_MESSAGE).strip() for line in (text or "").splitlines()]
    cut: list[list[str]] = [[]]
    for line in lines:
        if line:
            cut[-1].append(line)
        elif cut[-1]:
            cut.append([])
    return [paragraph for paragraph in cut if paragraph]
