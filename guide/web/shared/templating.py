"""What every template finds: filters, the human contact, static addresses that carry a hash."""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request
from jinja2 import StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from guide.content.base import KnowledgeBase
from guide.delays import Delays
from guide.explaining import Reader
from guide.lettering import cut_lines
from guide.settings import Settings
from guide.text import typeset
from guide.web.shared import links, presenters

_MAP_LETTERS, _MAP_WIDEST = 23, 118  # units of the map: its letters, its longest line
_TAGS = re.compile(r"(^[^<>]*>|<[^>]*>?)")  # a piece of template may begin in the middle of a tag
STATIC = Path(__file__).resolve().parent.parent / "static"


class FrenchTypography(Extension):
    """Typeset the text of templates once, when they are compiled: authors type plain spaces and apostrophes."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Leave the code of templates alone."""
        for token in stream:
            yield Token(token.lineno, token.type, _typeset_outside_tags(token.value)) if token.type == "data" else token


def _typeset_outside_tags(html: str) -> str:
    """Typeset what is read and leave the tags alone: « viewBox="0 0 1200 170" » is no number of euros."""
    pieces = _TAGS.split(html)
    return "".join(piece if index % 2 else typeset(piece) for index, piece in enumerate(pieces))


def install(app: Flask, settings: Settings, knowledge: KnowledgeBase) -> None:
    """Set up Jinja: a missing variable raises, blocks leave no blank lines."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension(FrenchTypography)
    app.jinja_env.filters.update(presenters.filters())
    app.jinja_env.globals.update(_everywhere(knowledge, settings.delays))
    app.jinja_env.globals["site"] = settings.public_url
    app.context_processor(lambda: {"path": request.path})


def _everywhere(knowledge: KnowledgeBase, delays: Delays) -> dict[str, Any]:
    return {
        "static": static_url,
        "human": knowledge.contact,
        "way_in": lambda entry: presenters.way_in(entry, knowledge),
        "find_links": lambda identifiers, here="": links.find_links(identifiers, knowledge, here),
        "territory_in_words": lambda entry: presenters.territory_in_words(entry, knowledge),
        "map_lines": lambda epci: _map_lines(epci.label),
        "reader": lambda about="": Reader(knowledge, about),
        "stages_in_words": lambda entry: presenters.stages_in_words(entry, knowledge),
        "knowledge": knowledge,
        "entry_name": lambda identifier: presenters.entry_name(identifier, knowledge),
        "entry_url": lambda identifier: presenters.entry_url(identifier, knowledge),
        "delays": delays,
        "CONFIDENCE": presenters.CONFIDENCE,
        "OPENNESS": presenters.OPENNESS,
        "DOORS": presenters.DOORS,
        "KINDS": presenters.KINDS,
    }


def _map_lines(name: str) -> list[str]:
    """A name in the narrow lines of the map, which may also be cut after a hyphen."""
    lines = cut_lines(name.replace("-", "- "), _MAP_LETTERS, _MAP_WIDEST)
    return [line.replace("- ", "-") for line in lines]


def static_url(name: str) -> str:
    """The address of a static file, with the hash of its content so that it may be kept a year.

    Fonts go without: the style sheet names them too, and they never change under one name. No url_for: an error page
    must be drawn even when the request could not be routed (a forged host).
    """
    return f"/static/{name}" if name.startswith("fonts/") else f"/static/{name}?v={_hash_of(name)}"


@lru_cache(maxsize=64)
def _hash_of(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
