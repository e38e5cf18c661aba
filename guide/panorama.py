"""« Qui fait quoi ? »: the whole ecosystem as one picture, stages across, families of help down. Pure.

Everything is placed in the units of the picture (its viewBox); a template only writes the shapes down.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.directory import Query, matches
from guide.lettering import cut_lines, width_of
from guide.text import capitalise, normalise

WIDTH = 1440.0
SIZE, SMALL, TITLE = 13.0, 11.5, 15.0  # letters of a mark, of who carries it, of the titles
_TITLES, _HEAD = 156.0, 40.0  # the column of the families, the line of the stages
_LINE = 15.5  # from one line of a mark to the next
_PAD, _GAP, _BAND_GAP = 6.0, 4.0, 10.0  # inside a mark, between marks, between families
_INSET = 3.0  # between a block and the edge of its stages
_BOLD = 1.08  # the titles are bold: wider by that much

TieKind = Literal["carries", "funds"]
Stages = tuple[int, ...]  # the ranks of the stages that an entry serves


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry: its name in a box, and by whom it is carried; ``lit`` when it answers what is asked."""

    entry: Entry
    lines: tuple[str, ...]
    carrier: str | None
    box: Box
    lit: bool

    @property
    def written(self) -> list[tuple[str, float, float]]:
        """Each line, where it begins."""
        first = self.box.y + (self.box.height - _LINE * len(self.lines)) / 2 + _LINE * 0.76
        return [(line, self.box.x + _PAD, round(first + _LINE * rank, 1)) for rank, line in enumerate(self.lines)]


@dataclass(frozen=True, slots=True)
class Block:
    """The entries of a family that serve the same stages; ``bars`` cover these stages, in one piece if they can."""

    box: Box
    bars: tuple[Box, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """One family of help."""

    family: str
    lines: tuple[str, ...]
    box: Box
    blocks: tuple[Block, ...]

    @property
    def marks(self) -> list[Mark]:
        """Every mark of the family, in the order of its blocks."""
        return [mark for block in self.blocks for mark in block.marks]


@dataclass(frozen=True, slots=True)
class Column:
    """One stage."""

    stage: str
    lines: tuple[str, ...]
    box: Box
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """A line from who carries to what is carried, or from who funds to who is funded."""

    path: str
    kind: TieKind


@dataclass(frozen=True, slots=True)
class Panorama:
    """The picture, and the entries that answer what is asked, family by family."""

    width: float
    height: float
    columns: tuple[Column, ...]
    bands: tuple[Band, ...]
    ties: tuple[Tie, ...]
    asked: bool  # something is asked: what does not answer fades

    @property
    def answers(self) -> dict[str, list[Entry]]:
        """The entries that are lit, by family, in the order in which the picture shows them."""
        lit = {band.family: [mark.entry for mark in band.marks if mark.lit] for band in self.bands}
        return {family: entries for family, entries in lit.items() if entries}


def draw(query: Query, knowledge: KnowledgeBase, around: str | None = None) -> Panorama:
    """Draw the whole base; what is not asked for stays there, and fades.

    ``around``: an entry; what it carries or funds, and what carries or funds it, is tied to it by lines.
    """
    columns, bands = _place_everybody(knowledge)
    ties = [tie for tie in list_ties(knowledge) if around in tie[:2]]
    near = {identifier for tie in ties for identifier in tie[:2]} if around else knowledge.entries.keys()
    lit = {entry.id for entry in knowledge.entries.values() if entry.id in near and matches(entry, query)}
    boxes = {mark.entry.id: mark.box for band in bands for mark in band.marks if mark.entry.id in lit}
    height = round(bands[-1].box.y + bands[-1].box.height, 1)
    return Panorama(
        WIDTH,
        height,
        tuple(
            replace(each, box=replace(each.box, height=height), chosen=each.stage == query.stage) for each in columns
        ),
        tuple(_light(band, lit) for band in bands),
        tuple(Tie(_curve(boxes[one], boxes[other]), kind) for one, other, kind in ties if {one, other} <= lit),
        query != Query() or around is not None,
    )


def _light(band: Band, lit: set[str]) -> Band:
    blocks = (
        replace(block, marks=tuple(replace(mark, lit=mark.entry.id in lit) for mark in block.marks))
        for block in band.blocks
    )
    return replace(band, blocks=tuple(blocks))


def list_ties(knowledge: KnowledgeBase) -> list[tuple[str, str, TieKind]]:
    """List who carries what, then who funds whom, by identifier."""
    carried: list[tuple[str, str, TieKind]] = [
        (entry.via, entry.id, "carries") for entry in knowledge.entries.values() if entry.via in knowledge.entries
    ]
    return carried + [(told.who, told.whom, "funds") for told in knowledge.funding]


@lru_cache(maxsize=4)
def _place_everybody(knowledge: KnowledgeBase) -> tuple[tuple[Column, ...], tuple[Band, ...]]:
    """Place the stages and the families of a base, once."""
    stages = knowledge.questions["stage"].options
    width = (WIDTH - _TITLES) / len(stages)
    columns = tuple(
        Column(
            stage,
            cut_lines(option.chip or option.label, TITLE * _BOLD, width - 2 * _PAD),
            _box(_TITLES + rank * width, 0, width, 0),
            chosen=False,
        )
        for rank, (stage, option) in enumerate(stages.items())
    )
    bands, top = [], _HEAD
    for family in knowledge.order.families:
        if any(entry.family == family for entry in knowledge.entries.values()):
            bands.append(_band(family, columns, top, knowledge))
            top = bands[-1].box.y + bands[-1].box.height + _BAND_GAP
    return columns, tuple(bands)


def _band(family: str, columns: tuple[Column, ...], top: float, knowledge: KnowledgeBase) -> Band:
    """Place the blocks of a family, each as high up as the stages that it covers allow."""
    ranks = {column.stage: rank for rank, column in enumerate(columns)}
    groups: dict[Stages, list[Entry]] = defaultdict(list)
    for entry in knowledge.entries.values():
        if entry.family == family:
            groups[tuple(sorted(ranks[stage] for stage in entry.stages))].append(entry)
    skyline, blocks = [top] * len(columns), []
    while groups:
        stages = min(groups, key=lambda each: (max(skyline[each[0] : each[-1] + 1]), each[0] - each[-1], each))
        start = max(skyline[stages[0] : stages[-1] + 1])
        covered = [columns[rank].box for rank in stages]
        block = _block(groups.pop(stages), covered, start, knowledge)
        blocks.append(block)
        for rank in range(stages[0], stages[-1] + 1):
            skyline[rank] = block.box.y + block.box.height + _GAP
    lines = cut_lines(knowledge.order.families[family], TITLE * _BOLD, _TITLES - 2 * _PAD)
    height = max(max(skyline) - _GAP - top, _LINE * 1.2 * len(lines))
    return Band(family, lines, Box(0, top, WIDTH, round(height, 1)), tuple(blocks))


def _block(entries: list[Entry], covered: list[Box], top: float, knowledge: KnowledgeBase) -> Block:
    """Write the names one after the other, from line to line, in the width of the stages that they cover."""
    left, right = covered[0].x + _INSET, covered[-1].x + covered[-1].width - _INSET
    inner = right - left - 2 * _GAP
    x, y, tallest, marks = left + _GAP, top + _GAP, 0.0, []
    for entry in sorted(entries, key=lambda each: (each.kind != "structure", normalise(_label(each, knowledge)))):
        lines = cut_lines(_label(entry, knowledge), SIZE, inner - 2 * _PAD)
        carrier = _carrier(entry, lines, inner, knowledge)
        width = max(width_of(line, SIZE) for line in lines) + (width_of(carrier, SMALL) if carrier else 0) + 2 * _PAD
        if x + width > right - _GAP + 0.1 and x > left + _GAP:
            x, y, tallest = left + _GAP, y + tallest + _GAP, 0.0
        height = _LINE * len(lines) + 0.6 * _PAD
        marks.append(Mark(entry, lines, carrier, _box(x, y, width, height), lit=True))
        x, tallest = x + width + _GAP, max(tallest, height)
    height = y + tallest + _GAP - top
    return Block(_box(left, top, right - left, height), tuple(_bars(covered, top, height)), tuple(marks))


def _bars(covered: list[Box], top: float, height: float) -> Iterator[Box]:
    """Cover some stages, with a break over those that are left out."""
    first = covered[0]
    for stage, following in zip(covered, [*covered[1:], None], strict=True):
        end = stage.x + stage.width
        if following is None or following.x - end > 1:
            yield _box(first.x + _INSET, top, end - first.x - 2 * _INSET, height)
            first = following or first


def _box(x: float, y: float, width: float, height: float) -> Box:
    return Box(round(x, 1), round(y, 1), round(width, 1), round(height, 1))


def _label(entry: Entry, knowledge: KnowledgeBase) -> str:
    """The shortest name that says who it is: an intercommunality is told from the others by its place."""
    epci = knowledge.territory.epcis.get(entry.id)
    return epci.label if epci else capitalise(entry.short_name)


def _carrier(entry: Entry, lines: tuple[str, ...], inner: float, knowledge: KnowledgeBase) -> str | None:
    """Say who carries an entry, after its name, where there is room on the same line."""
    carrier = knowledge.entries.get(entry.via or "")
    said = f"\u00a0par {carrier.short_name}" if carrier else ""
    fits = len(lines) == 1 and width_of(lines[0], SIZE) + width_of(said, SMALL) + 2 * _PAD <= inner
    return said if said and fits else None


def _curve(start: Box, end: Box) -> str:
    """A curve that leaves one box and enters the other, as straight as it can."""
    down = end.y >= start.y + start.height
    up = end.y + end.height <= start.y
    if not down and not up:  # side by side: over what stands between
        x1, x2 = start.x + start.width / 2, end.x + end.width / 2
        return f"M{x1:.0f} {start.y:.0f}C{x1:.0f} {start.y - 22:.0f} {x2:.0f} {end.y - 22:.0f} {x2:.0f} {end.y:.0f}"
    x1, x2 = start.x + start.width / 2, end.x + end.width / 2
    y1, y2 = (start.y + start.height, end.y) if down else (start.y, end.y + end.height)
    bend = (y2 - y1) / 2
    return f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + bend:.0f} {x2:.0f} {y2 - bend:.0f} {x2:.0f} {y2:.0f}"
