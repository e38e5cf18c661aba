"""A QR code as one path of an inline drawing: no image to fetch, no style to allow."""

from dataclasses import dataclass
from itertools import groupby

import segno


@dataclass(frozen=True, slots=True)
class Drawing:
    """The side of the square, quiet zone included, and the path of its black modules."""

    side: int
    path: str


def draw(text: str) -> Drawing:
    """Draw a text; runs of black modules become rectangles."""
    code, border, parts = segno.make(text, error="m", micro=False), 4, []
    for y, row in enumerate(code.matrix):
        x = 0
        for black, run in groupby(row):
            length = len(list(run))
            if black:
                parts.append(f"M{x + border} {y + border}h{length}v1h-{length}z")
            x += length
    return Drawing(len(code.matrix) + 2 * border, "".join(parts))
