"""The words of the glossary, met where a page says them."""

from guide.content.base import KnowledgeBase
from guide.explaining import MOST_WORDS, Reader
from guide.text import typeset


def met(reader: Reader, text: str) -> list[tuple[str, str]]:
    pieces = list(reader.read(text))
    assert "".join(piece.text for piece in pieces) == text
    return [(piece.text, piece.term.id) for piece in pieces if piece.term]


def test_a_term_is_met_by_its_name_its_acronym_or_its_plural(knowledge: KnowledgeBase) -> None:
    assert met(Reader(knowledge), "Le DLA aide.") == [("DLA", "dla")]
    assert met(Reader(knowledge), typeset("Un dispositif local d'accompagnement")) == [
        (typeset("dispositif local d'accompagnement"), "dla")
    ]
    assert met(Reader(knowledge), "Des subventions publiques") == [("subventions", "subvention")]


def test_a_term_is_explained_the_first_time_only(knowledge: KnowledgeBase) -> None:
    reader = Reader(knowledge)
    assert met(reader, "Le DLA, puis le DLA.") == [("DLA", "dla")]
    assert met(reader, "Encore le DLA.") == []
    assert [term.id for term in reader.met] == ["dla"]


def test_an_acronym_is_met_in_capitals_and_never_inside_a_word(knowledge: KnowledgeBase) -> None:
    assert met(Reader(knowledge), "Une caf sans rien, un café, des scicles.") == []
    assert met(Reader(knowledge), "La CAF.") == [("CAF", "caf")]


def test_the_name_of_the_entry_itself_is_not_explained_on_its_page(knowledge: KnowledgeBase) -> None:
    assert met(Reader(knowledge, "dla"), "Le DLA aide.") == []


def test_a_page_never_explains_more_than_a_few_words(knowledge: KnowledgeBase) -> None:
    reader = Reader(knowledge)
    list(reader.read(" ; ".join(term.name for term in knowledge.terms.values())))
    assert len(reader.met) == MOST_WORDS
