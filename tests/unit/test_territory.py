"""Communes typed freely: resolved when exact, offered when not, and said to be elsewhere when they are."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.base import KnowledgeBase
from guide.territory import Resolution, Territory
from guide.text import normalise


@pytest.fixture(scope="session")
def territory(knowledge: KnowledgeBase) -> Territory:
    return knowledge.territory


def offered(resolution: Resolution) -> list[str]:
    return [choice.commune.name for choice in resolution.choices]


def test_the_whole_departement_is_there(territory: Territory) -> None:
    assert len(territory.communes) == 887
    assert len(territory.epcis) == 20


def test_every_commune_is_found_by_its_own_name(territory: Territory) -> None:
    lost = [item.name for item in territory.communes.values() if territory.resolve(item.name).commune != item]
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Arras", "62041"),
        ("  ARRAS ", "62041"),
        ("bethune", "62119"),
        ("62041", "62041"),
        ("62930", "62893"),
        ("Arras 62000", "62041"),
        ("62000 Arras", "62041"),
        ("St Omer", "62765"),
        ("st-omer", "62765"),
        ("Oeuf en Ternois", "62633"),
        ("hénin beaumont", "62427"),
    ],
)
def test_an_exact_name_code_or_postcode_gives_its_commune(typed: str, code: str, territory: Territory) -> None:
    found = territory.resolve(typed).commune
    assert found is not None
    assert found.code == code


def test_a_postcode_of_several_communes_is_asked(territory: Territory) -> None:
    resolution = territory.resolve("62140")
    assert resolution.commune is None
    expected = [item for item in territory.communes.values() if "62140" in item.postcodes]
    offered = [choice.commune for choice in resolution.choices]
    assert offered[: len(expected)] == expected  # all of them, although fewer are suggested for a name
    assert len(expected) > 8
    assert {commune.code for commune in offered[len(expected) :]} <= {"62140"}  # five digits may be an INSEE code too


def test_a_postcode_across_two_intercommunalities_never_gives_a_commune(territory: Territory) -> None:
    epcis: dict[str, set[str]] = {}
    for commune in territory.communes.values():
        for postcode in commune.postcodes:
            epcis.setdefault(postcode, set()).add(commune.epci.id)
    shared = [postcode for postcode, served in epcis.items() if len(served) > 1]
    assert len(shared) == 35
    for postcode in shared:
        resolution = territory.resolve(postcode)
        assert resolution.commune is None
        assert {choice.commune.epci.id for choice in resolution.choices} >= epcis[postcode]


def test_digits_that_are_a_postcode_and_the_code_of_another_commune_are_asked(territory: Territory) -> None:
    # 62215 is the postcode of Oye-Plage and the INSEE code of Carvin: both are exact, so neither may be assumed.
    assumed = []
    for commune in territory.communes.values():
        others = [item for item in territory.communes.values() if commune.code in item.postcodes and item != commune]
        if others and territory.resolve(commune.code).commune is not None:
            assumed.append(commune.code)
    assert assumed == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Hesdin", "Hesdin-la-Forêt"),
        ("Montreuil", "Montreuil-sur-Mer"),
        ("Labuissière", "Bruay-la-Buissière"),
        ("Tatinghem", "Saint-Martin-lez-Tatinghem"),
    ],
)
def test_an_old_name_is_offered_and_not_assumed(typed: str, name: str, territory: Territory) -> None:
    resolution = territory.resolve(typed)
    assert resolution.commune is None
    first = resolution.choices[0]
    assert (first.commune.name, first.matched, first.typed) == (name, "old-name", typed)
    assert resolution.elsewhere is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Lilers", "Lillers"),
        ("Arass", "Arras"),
        ("Bethunne", "Béthune"),
        ("Boulogne", "Boulogne-sur-Mer"),
        ("le touquet", "Le Touquet-Paris-Plage"),
        ("touquet", "Le Touquet-Paris-Plage"),
        ("hen", "Hénin-Beaumont"),
    ],
)
def test_a_close_spelling_is_offered_first_and_never_assumed(typed: str, name: str, territory: Territory) -> None:
    resolution = territory.resolve(typed)
    assert resolution.commune is None
    assert offered(resolution)[0] == name
    assert resolution.choices[0].matched == "close"


def test_lille_does_not_become_lillers(territory: Territory) -> None:
    resolution = territory.resolve("Lille")
    assert resolution.commune is None
    assert resolution.elsewhere == "Nord"


@pytest.mark.parametrize(
    ("typed", "departement"),
    [
        ("Dunkerque", "Nord"),
        ("amiens", "Somme"),
        ("Lille 59000", "Nord"),
        ("PARIS", "Paris"),
        ("Marseille", "Bouches-du-Rhône"),
    ],
)
def test_a_commune_elsewhere_is_said_to_be_elsewhere(typed: str, departement: str, territory: Territory) -> None:
    resolution = territory.resolve(typed)
    assert resolution.commune is None
    assert resolution.elsewhere == departement


@pytest.mark.parametrize("typed", ["59000", "75056", "2A004", "80021"])
def test_a_code_of_elsewhere_is_said_to_be_elsewhere(typed: str, territory: Territory) -> None:
    resolution = territory.resolve(typed)
    assert resolution.commune is None
    assert resolution.elsewhere
    assert territory.is_elsewhere(typed)


@pytest.mark.parametrize("typed", ["Athies 80200", "80200 Athies", "Saint-Omer 62140"])
def test_a_postcode_that_contradicts_the_name_is_not_ignored(typed: str, territory: Territory) -> None:
    # There is an Athies in the Somme too: the postcode says which one is meant.
    assert territory.resolve(typed).commune is None


@pytest.mark.parametrize("typed", ["", "   ", "?", "zzzzzz", "62999", "🙂", "\x00", "x" * 5000])
def test_a_text_that_means_nothing_gives_nothing(typed: str, territory: Territory) -> None:
    assert territory.resolve(typed) == Resolution()


@pytest.mark.parametrize(("code", "elsewhere"), [("62041", False), ("62999", False), ("59350", True), ("Arras", False)])
def test_only_a_well_formed_code_of_another_departement_is_elsewhere(
    code: str, elsewhere: bool, territory: Territory
) -> None:
    assert territory.is_elsewhere(code) is elsewhere


def test_a_code_finds_its_commune_and_an_unknown_one_finds_none(territory: Territory) -> None:
    found = territory.find_commune("62041")
    assert found is not None
    assert (found.name, found.epci.id) == ("Arras", "epci-arras")
    assert territory.find_commune("62999") is None


def test_suggestions_while_typing_are_few_and_name_each_commune_once(territory: Territory) -> None:
    for typed in ("sa", "saint", "bo", "hesdin", "le"):
        codes = [suggestion.commune.code for suggestion in territory.suggest(typed)]
        assert 0 < len(codes) <= 8
        assert len(codes) == len(set(codes))


def test_the_larger_commune_comes_first_among_those_that_begin_alike(territory: Territory) -> None:
    assert territory.suggest("boulogne")[0].commune.name == "Boulogne-sur-Mer"
    assert territory.suggest("arr")[0].commune.name == "Arras"


def typing_errors(name: str) -> Iterator[str]:
    for place in range(1, len(name)):
        yield name[:place] + name[place + 1 :]
        yield name[:place] + name[place] + name[place:]


@given(data=st.data())
def test_one_wrong_letter_is_never_resolved_and_still_finds_the_commune(
    data: st.DataObject, knowledge: KnowledgeBase
) -> None:
    territory = knowledge.territory
    commune = data.draw(st.sampled_from(sorted(territory.communes.values(), key=lambda item: item.code)))
    typed = data.draw(st.sampled_from(sorted(typing_errors(commune.name))))
    resolution = territory.resolve(typed)
    if resolution.commune is not None:  # the wrong letter was an accent, a hyphen, or makes another real name
        assert normalise(resolution.commune.name) == normalise(typed)
    elif len(commune.name) >= 6:
        assert commune.name in offered(resolution)


@given(st.text(max_size=60))
def test_whatever_is_typed_only_an_exact_match_is_resolved(knowledge: KnowledgeBase, typed: str) -> None:
    found = knowledge.territory.resolve(typed).commune
    assert found is None or normalise(typed) in {normalise(found.name), found.code, *found.postcodes}


def test_every_intercommunality_has_its_outline_and_a_short_name_of_its_own(territory: Territory) -> None:
    epcis = territory.epcis.values()
    assert all(epci.outline.startswith("M") and epci.outline.endswith("z") for epci in epcis)
    assert all(0 <= epci.anchor[0] <= 1000 and 0 <= epci.anchor[1] <= 950 for epci in epcis)
    assert len({epci.label for epci in epcis}) == len(epcis) == 20
    assert {"Arras", "Lens-Liévin", "Béthune-Bruay", "Pays d’Opale"} <= {epci.label for epci in epcis}
