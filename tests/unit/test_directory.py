"""The directory: every name finds its entry, a misspelt one too, and each filter lets through what it says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.directory import Query, list_projects, search_entries, search_places, search_terms
from guide.text import normalise, stems


def ids(query: Query, knowledge: KnowledgeBase) -> list[str]:
    return [entry.id for entry in search_entries(query, knowledge)]


def test_without_a_question_everything_is_listed_by_name(knowledge: KnowledgeBase) -> None:
    names = [normalise(entry.name) for entry in search_entries(Query(), knowledge)]
    assert len(names) == len(knowledge.entries)
    assert names == sorted(names)


@pytest.mark.parametrize("q", ["   ", "?!", "’", "\x00"])
def test_a_question_without_a_word_lists_everything(q: str, knowledge: KnowledgeBase) -> None:
    assert ids(Query(q=q), knowledge) == ids(Query(), knowledge)


def test_every_name_of_an_entry_finds_it_first(knowledge: KnowledgeBase) -> None:
    beaten = {
        name: found[:1]
        for entry in knowledge.entries.values()
        for name in (entry.name, *entry.also_known_as)
        if (found := ids(Query(q=name), knowledge))[:1] != [entry.id]
    }
    assert beaten == {}


@pytest.mark.parametrize(
    ("q", "identifier"),
    [
        ("galilé", "galilee"),
        ("GALILEE", "galilee"),
        ("pas de calai actif", "pas-de-calais-actif"),
        ("budjet citoyen", "budget-citoyen"),
        ("mouvement asociatif", "mouvement-associatif-hdf"),
        ("d.l.a.", "dla"),
        ("maison de l ess du calaisi", "mdess-calaisis"),
    ],
)
def test_a_misspelt_name_still_finds_its_entry(q: str, identifier: str, knowledge: KnowledgeBase) -> None:
    assert identifier in ids(Query(q=q), knowledge)[:3]


def test_a_question_that_nothing_answers_finds_nothing(knowledge: KnowledgeBase) -> None:
    assert ids(Query(q="xylophone quantique"), knowledge) == []
    assert ids(Query(q="le la de du"), knowledge) == []


def rewritten(knowledge: KnowledgeBase, **summaries: str) -> KnowledgeBase:
    """The real base with other summaries, so that the proofreading of the real ones breaks no test."""
    changed: dict[str, Entry] = {
        identifier: knowledge.structures[identifier].model_copy(update={"summary": summary})
        for identifier, summary in summaries.items()
    }
    return replace(knowledge, structures=knowledge.structures | changed)


def test_a_word_is_found_in_the_plural_and_without_its_accents(knowledge: KnowledgeBase) -> None:
    base = rewritten(knowledge, apes="Élever des zèbres au village.")
    for q in ("zèbre", "zebres", "ZÈBRES", "un zèbre ?"):
        assert ids(Query(q=q), base) == ["apes"]


def test_an_entry_that_says_all_the_words_comes_before_one_that_says_some(knowledge: KnowledgeBase) -> None:
    base = rewritten(knowledge, apes="Un zèbre.", galilee="Un zèbre et une girafe.", adie="Une girafe.")
    assert ids(Query(q="zèbre girafe"), base)[0] == "galilee"
    assert set(ids(Query(q="zèbre girafe"), base)) == {"galilee", "apes", "adie"}


def test_a_word_of_the_name_counts_more_than_a_word_of_the_text(knowledge: KnowledgeBase) -> None:
    base = rewritten(knowledge, apes="On y parle de Galilée.")
    found = ids(Query(q="galilée"), base)
    assert found.index("galilee") < found.index("apes")


def test_the_filter_by_kind_parts_structures_from_dispositifs(knowledge: KnowledgeBase) -> None:
    assert set(ids(Query(kind="structure"), knowledge)) == set(knowledge.structures)
    assert set(ids(Query(kind="dispositif"), knowledge)) == set(knowledge.dispositifs)


def test_each_family_need_and_stage_lets_through_exactly_its_entries(knowledge: KnowledgeBase) -> None:
    entries = knowledge.entries
    for family in knowledge.order.families:
        assert set(ids(Query(family=family), knowledge)) == {name for name in entries if entries[name].family == family}
    for need in knowledge.needs:
        assert set(ids(Query(need=need), knowledge)) == {name for name in entries if need in entries[name].needs}
    for stage in knowledge.questions["stage"].options:
        assert set(ids(Query(stage=stage), knowledge)) == {name for name in entries if stage in entries[name].stages}


def test_a_local_structure_is_listed_only_where_it_acts(knowledge: KnowledgeBase) -> None:
    arras = ids(Query(epci="epci-arras"), knowledge)
    assert {"epci-arras", "mission-ess", "mdess-arras"} <= set(arras)
    assert not {"epci-calais", "mdess-calaisis"} & set(arras)


def test_a_specialist_is_listed_only_for_its_field_and_a_generalist_for_all(knowledge: KnowledgeBase) -> None:
    sport = ids(Query(theme="sport"), knowledge)
    assert {"cdos-62", "mission-ess"} <= set(sport)
    assert "office-culturel-arras" not in sport


def test_filters_and_words_add_up(knowledge: KnowledgeBase) -> None:
    both = Query(q="apes", kind="structure", need="etre-ecoute", epci="epci-arras")
    assert ids(both, knowledge)[0] == "apes"
    assert "apes" not in ids(replace(both, kind="dispositif"), knowledge)


def test_an_unknown_filter_lets_nothing_through(knowledge: KnowledgeBase) -> None:
    assert ids(Query(need="inconnu"), knowledge) == []


@pytest.mark.parametrize(
    ("q", "term"), [("DLA", "dla"), ("hors réseau", "hors-reseau"), ("Scic", "scic"), ("couveuses", "couveuse")]
)
def test_a_word_of_the_glossary_is_found(q: str, term: str, knowledge: KnowledgeBase) -> None:
    assert term in [found.id for found in search_terms(q, knowledge)]


def test_the_whole_glossary_is_in_alphabetical_order(knowledge: KnowledgeBase) -> None:
    names = [normalise(term.name) for term in search_terms("", knowledge)]
    assert len(names) == len(knowledge.terms)
    assert names == sorted(names)


def test_a_word_that_the_glossary_does_not_hold_finds_nothing(knowledge: KnowledgeBase) -> None:
    assert search_terms("xylophone", knowledge) == []
    assert search_terms("le la de du", knowledge) == []


@given(st.text(max_size=200))
def test_whatever_is_searched_each_entry_comes_at_most_once(knowledge: KnowledgeBase, q: str) -> None:
    found = ids(Query(q=q), knowledge)
    assert len(found) == len(set(found))
    assert found == ids(Query(q=q.upper() if q.isascii() else q), knowledge)


def test_the_words_that_people_use_for_an_entry_find_it(knowledge: KnowledgeBase) -> None:
    """Every expression of every lexicon leads to its entry, unless it holds only little words."""
    lost = [
        (entry.id, expression)
        for entry in knowledge.entries.values()
        for expression in entry.lexicon
        if stems(expression) and entry.id not in ids(Query(q=expression), knowledge)
    ]
    assert lost == []


def test_an_expression_counts_only_when_it_is_whole(knowledge: KnowledgeBase) -> None:
    assert ids(Query(q="consultant gratuit"), knowledge)[0] == "dla"


@pytest.mark.parametrize("epci", [None, "epci-arras", "epci-calais"])
@pytest.mark.parametrize("theme", [None, "culture", "mobilite"])
def test_projects_are_listed_by_field_and_ground(theme: str | None, epci: str | None, knowledge: KnowledgeBase) -> None:
    found = list_projects(knowledge, theme=theme, epci=epci)
    for project in knowledge.projects.values():
        here = epci is None or epci in project.epcis or not project.epcis
        assert (project in found) == (here and (theme is None or theme in project.themes))
    assert [normalise(project.name) for project in found] == sorted(normalise(project.name) for project in found)


@pytest.mark.parametrize("q", ["Audomarois", "l'audomarois", "audomaroi", "odomarois", "audomaroys"])
def test_a_place_is_found_under_every_spelling(q: str, knowledge: KnowledgeBase) -> None:
    assert "audomarois" in [place.id for place in search_places(q, knowledge)]


def test_every_place_is_found_by_each_of_its_names(knowledge: KnowledgeBase) -> None:
    for place in knowledge.places.values():
        for name in (place.name, *place.also_known_as):
            assert place in search_places(name, knowledge), name


def test_a_name_that_is_no_place_finds_none(knowledge: KnowledgeBase) -> None:
    assert search_places("zyx", knowledge) == search_places("xylophone", knowledge) == []
    assert len(search_places("", knowledge)) == len(knowledge.places)
