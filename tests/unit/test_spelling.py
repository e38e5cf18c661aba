"""A search that finds nothing says what may have been meant, and never guesses from nothing."""

import pytest

from guide.spelling import respell

KNOWN = {"camille", "imaginaire", "recyclerie", "arras", "lens"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("camile", "camille"),
        ("recyclrie", "recyclerie"),
        ("camile ima", "camille ima"),  # a beginning is right as it stands
        ("aras", "arras"),
        ("zzyzx", None),
        ("camille", None),  # nothing to change
        ("camille zzyzx", None),
        ("ca", None),
        ("q", None),
        ("", None),
    ],
)
def test_words_are_spelt_as_the_closest_that_are_known(typed: str, meant: str | None) -> None:
    spelt = respell(typed.split(), KNOWN)
    assert spelt == (meant.split() if meant else None)
