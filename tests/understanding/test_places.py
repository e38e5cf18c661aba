"""The communes and the pays that messages name, and the words that only look like them."""

import pytest

from guide.understanding.understand import Understanding


@pytest.mark.parametrize(
    ("message", "commune"),
    [
        ("un café asso vers hesdin", "Hesdin-la-Forêt"),
        ("on est à st omer", "Saint-Omer"),
        ("je cherche un local à BETHUNE", "Béthune"),
        ("asso lens", "Lens"),
        ("du côté de Boulogne", "Boulogne-sur-Mer"),
        ("jhabite henin beaumont", "Hénin-Beaumont"),
        ("projet à bethunne", "Béthune"),
        ("à Etaple", "Étaples"),
        ("nous sommes du Touquet", "Le Touquet-Paris-Plage"),
        ("un jardin a noeux les mines", "Nœux-les-Mines"),
    ],
)
def test_a_commune_is_known_as_people_say_it(message: str, commune: str, understanding: Understanding) -> None:
    assert [each.name for each in understanding.read(message).where.communes] == [commune]


@pytest.mark.parametrize(
    "message",
    [
        "dans le Pas-de-Calais",
        "le département du pas de calais",
        "une rivière passe derrière le jardin",
        "je ne suis pas marquise",
        "on a mis le bus dans la cour",
        "les ames charitables",
    ],
)
def test_a_word_is_not_a_place(message: str, understanding: Understanding) -> None:
    where = understanding.read(message).where
    assert (where.communes, where.doubtful) == ((), ())


def test_a_pays_is_no_commune(understanding: Understanding) -> None:
    where = understanding.read("qui accompagne dans l'audomarois ?").where
    assert where.communes == ()
    assert [pays.id for pays in where.pays] == ["audomarois"]


def test_a_name_that_several_communes_bear_is_asked(understanding: Understanding) -> None:
    where = understanding.read("nous sommes à Aix").where
    assert where.communes == ()
    assert {commune.name for commune in where.doubtful} == {"Aix-Noulette", "Aix-en-Ergny", "Aix-en-Issart"}


def test_a_place_outside_the_departement_is_told(understanding: Understanding) -> None:
    assert understanding.read("je suis à Dunkerque").where.elsewhere == "Dunkerque"
