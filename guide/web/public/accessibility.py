"""The declaration of accessibility, written from the review of the 106 criteria of the RGAA (docs/accessibilite.md)."""

import re
from functools import lru_cache
from typing import NamedTuple

from flask import Blueprint, render_template

from guide.settings import ROOT
from guide.text import typeset

REVIEW = ROOT / "docs" / "accessibilite.md"
_LINE = re.compile(r"^\| (\d+\.\d+) \| (.+?) \| (oui|non|sans objet) \| (.+?) \|$", re.MULTILINE)


class Criterion(NamedTuple):
    """One criterion of the RGAA: what it asks, whether it is met, how that was checked."""

    number: str
    asks: str
    met: str
    how: str


@lru_cache(maxsize=1)
def read_review() -> tuple[Criterion, ...]:
    """Read the review, once."""
    found = _LINE.findall(REVIEW.read_text(encoding="utf-8"))
    return tuple(Criterion(number, typeset(asks), met, typeset(how)) for number, asks, met, how in found)


def add_routes(blueprint: Blueprint) -> None:
    """Add the declaration."""
    blueprint.add_url_rule("/accessibilite", "accessibilite", declaration)


def declaration() -> str:
    """What is met, what is not, how to complain: the model of the law."""
    review = read_review()
    return render_template(
        "accessibility.html",
        met=[each for each in review if each.met == "oui"],
        unmet=[each for each in review if each.met == "non"],
        total=len(review),
    )
