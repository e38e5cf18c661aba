"""The picture of everybody: each entry once, in the stages that it serves, readable, and nothing over anything."""

import itertools

import pytest

from guide.content.base import KnowledgeBase
from guide.directory import Query, matches
from guide.lettering import cut_lines, width_of
from guide.panorama import SIZE, SMALL, Box, Mark, Panorama, draw, list_ties

EVERYTHING = Query()


def marks_of(picture: Panorama) -> list[Mark]:
    return [mark for band in picture.bands for mark in band.marks]


def overlap(one: Box, other: Box) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def inside(inner: Box, outer: Box, slack: float = 0.2) -> bool:
    return (
        inner.x >= outer.x - slack
        and inner.y >= outer.y - slack
        and inner.x + inner.width <= outer.x + outer.width + slack
        and inner.y + inner.height <= outer.y + outer.height + slack
    )


def test_every_entry_is_drawn_once_in_the_band_of_its_family(knowledge: KnowledgeBase) -> None:
    picture = draw(EVERYTHING, knowledge)
    assert sorted(mark.entry.id for mark in marks_of(picture)) == sorted(knowledge.entries)
    assert all(mark.entry.family == band.family for band in picture.bands for mark in band.marks)
    assert all(mark.lit for mark in marks_of(picture))
    assert not picture.asked


def test_the_bars_of_a_block_cover_exactly_the_stages_of_its_entries(knowledge: KnowledgeBase) -> None:
    picture = draw(EVERYTHING, knowledge)
    for band in picture.bands:
        for block in band.blocks:
            middles = {column.stage: column.box.x + column.box.width / 2 for column in picture.columns}
            covered = {stage for stage, x in middles.items() for bar in block.bars if bar.x < x < bar.x + bar.width}
            for mark in block.marks:
                assert covered == set(mark.entry.stages), mark.entry.id


def test_nothing_is_drawn_over_anything_nor_out_of_its_band(knowledge: KnowledgeBase) -> None:
    picture = draw(EVERYTHING, knowledge)
    boxes = [mark.box for mark in marks_of(picture)]
    assert not [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)]
    assert not [pair for pair in itertools.combinations([band.box for band in picture.bands], 2) if overlap(*pair)]
    for band in picture.bands:
        assert not [pair for pair in itertools.combinations([block.box for block in band.blocks], 2) if overlap(*pair)]
        for block in band.blocks:
            assert inside(block.box, band.box)
            assert all(inside(mark.box, block.box) for mark in block.marks)


def test_every_name_holds_in_its_box(knowledge: KnowledgeBase) -> None:
    for mark in marks_of(draw(EVERYTHING, knowledge)):
        widest = max(width_of(line, SIZE) for line in mark.lines)
        widest += width_of(mark.carrier, SMALL) if mark.carrier else 0
        assert widest <= mark.box.width, mark.lines
        assert 1 <= len(mark.lines) <= 2, mark.lines


def test_the_picture_is_not_longer_than_a_sheet_of_a3(knowledge: KnowledgeBase) -> None:
    picture = draw(EVERYTHING, knowledge)
    assert picture.height / picture.width < 380 / 279  # millimetres, margins and title aside


@pytest.mark.parametrize(
    "query",
    [Query(need="financer"), Query(stage="idee"), Query(epci="epci-arras"), Query(need="se-former", stage="idee")],
)
def test_what_is_not_asked_for_stays_at_its_place_and_fades(query: Query, knowledge: KnowledgeBase) -> None:
    whole, picture = draw(EVERYTHING, knowledge), draw(query, knowledge)
    assert picture.asked
    assert [mark.box for mark in marks_of(picture)] == [mark.box for mark in marks_of(whole)]
    lit = {mark.entry.id for mark in marks_of(picture) if mark.lit}
    assert lit == {entry.id for entry in knowledge.entries.values() if matches(entry, query)}
    assert 0 < len(lit) < len(knowledge.entries)
    answers = {entry.id for entries in picture.answers.values() for entry in entries}
    assert answers == lit


def test_around_a_structure_what_it_carries_and_who_funds_it_is_tied_to_it(knowledge: KnowledgeBase) -> None:
    picture = draw(EVERYTHING, knowledge, "apes")
    lit = {mark.entry.id for mark in marks_of(picture) if mark.lit}
    carried = {entry.id for entry in knowledge.entries.values() if entry.via == "apes"}
    assert lit == {"apes", "departement-62"} | carried
    assert sorted(tie.kind for tie in picture.ties) == ["carries"] * len(carried) + ["funds"]


def test_a_tie_is_drawn_only_between_two_entries_that_answer(knowledge: KnowledgeBase) -> None:
    picture = draw(Query(need="financer"), knowledge, "pas-de-calais-actif")
    lit = {mark.entry.id for mark in marks_of(picture) if mark.lit}
    assert lit == {"pas-de-calais-actif", "pret-solidaire", "garantie-bancaire", "france-active"}
    assert len(picture.ties) == 3


def test_every_tie_has_a_source(knowledge: KnowledgeBase) -> None:
    funds = [(one, other) for one, other, kind in list_ties(knowledge) if kind == "funds"]
    assert ("departement-62", "apes") in funds
    assert len(funds) == len(set(funds)) == len(knowledge.funding)


def test_who_can_lend_me_money_near_lens_is_read_after_two_choices(knowledge: KnowledgeBase) -> None:
    picture = draw(Query(need="financer", epci="epci-lens-lievin"), knowledge)
    [financers] = [band for band in picture.bands if band.family == "financement"]
    starting = next(column.box for column in picture.columns if column.stage == "creation")
    middle = starting.x + starting.width / 2
    here = {
        mark.entry.id
        for block in financers.blocks
        for mark in block.marks
        if mark.lit and any(bar.x < middle < bar.x + bar.width for bar in block.bars)
    }
    assert {"pret-honneur", "microcredit", "pret-solidaire", "adie", "initiative", "pas-de-calais-actif"} <= here
    elsewhere = {
        mark.entry.id
        for mark in marks_of(picture)
        if not mark.entry.territory.everywhere and "epci-lens-lievin" not in mark.entry.territory.epcis
    }
    assert elsewhere
    assert not elsewhere & {mark.entry.id for mark in marks_of(picture) if mark.lit}


def test_a_text_is_cut_between_words_only() -> None:
    assert cut_lines("un deux trois", 10, 1000) == ("un deux trois",)
    assert cut_lines("un deux trois", 10, 1) == ("un", "deux", "trois")
    assert cut_lines("un\u00a0deux", 10, 1) == ("un\u00a0deux",)
    assert width_of("mm", 10) > width_of("ll", 10) > width_of("l", 10) > 0
