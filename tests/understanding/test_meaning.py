"""What messages mean: needs, refusals, questions, names, feelings, and what is not ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.understanding.understand import LONGEST, Understanding


@pytest.mark.parametrize(
    ("message", "needs"),
    [
        ("il nous faut une subvention", {"subventions"}),
        ("pas un prêt, une subvention", {"subventions"}),
        ("je ne cherche pas d'argent, je cherche un local", {"trouver-local"}),
        ("on a déjà le local, il nous manque des bénévoles", {"benevoles"}),
        ("on n'a pas de local", {"trouver-local"}),
        ("on veut lancer une cagnotte", {"financement-participatif"}),
        ("comment embaucher notre première salariée", {"devenir-employeur"}),
    ],
)
def test_needs_are_understood_and_refusals_too(message: str, needs: set[str], understanding: Understanding) -> None:
    assert set(understanding.read(message).needs) == needs


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("c koi le dla", "what"),
        ("quelle est la différence entre le DLA et Galilée ?", "compare"),
        ("le DLA c'est gratuit ?", "cost"),
        ("comment contacter l'apes", "contact"),
        ("c'est quand le budget citoyen", "when"),
        ("comment s'inscrire au budget citoyen", "join"),
    ],
)
def test_the_kind_of_question_is_told(message: str, question: str, understanding: Understanding) -> None:
    assert understanding.read(message).question == question


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("gallilée vous connaissez ?", "galilee"),
        ("c koi le d.l.a", "dla"),
        ("le bujet citoyen", "budget-citoyen"),
        ("pas de calais actif", "pas-de-calais-actif"),
    ],
)
def test_names_are_known_even_misspelt(message: str, name: str, understanding: Understanding) -> None:
    assert name in {each.owner.id for each in understanding.read(message).named}


@pytest.mark.parametrize("message", ["mes amis et moi", "j'ai une idée", "nos animateurs sont là", "un café"])
def test_everyday_words_are_no_names(message: str, understanding: Understanding) -> None:
    assert [each.owner.id for each in understanding.read(message).named if each.owner.kind == "entry"] == []


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        ("on vient de déposer les statuts", {"stage": "creation"}),
        ("j'ai une idée", {"stage": "idee"}),
        ("je suis maire", {"holder": "collectivite"}),
        ("on a trois salariés", {"employees": "oui"}),
        ("on a eu le label", {"budget_citoyen": "labellise"}),
    ],
)
def test_answers_are_read_between_the_lines(
    message: str, answers: dict[str, str], understanding: Understanding
) -> None:
    read = {field: answer.value for field, answer in understanding.read(message).answers.items()}
    assert answers.items() <= read.items()


@pytest.mark.parametrize(
    ("message", "feeling"),
    [
        ("je veux en finir avec la vie", "self_harm"),
        ("j'ai envie de mourir", "self_harm"),
        ("je pense au suicide", "self_harm"),
        ("mieux vaudrait que je ne sois plus là, me tuer", "self_harm"),
        ("je suis mort de fatigue", "tired"),
        ("ça me tue, toute cette paperasse", "tired"),
        ("j'en peux plus", "tired"),
        ("on veut en finir avec la paperasse", None),
        ("le projet va mourir si on ne trouve pas de local", None),
        ("une association de prévention du suicide", None),
    ],
)
def test_distress_is_told_from_its_idioms(message: str, feeling: str | None, understanding: Understanding) -> None:
    assert understanding.read(message).feeling == feeling


def test_the_words_that_prove_a_need_can_be_shown(understanding: Understanding) -> None:
    read = understanding.read("on cherche des bénévoles pour le samedi")
    assert "bénévole" in read.needs["benevoles"].text


@given(st.text(max_size=LONGEST + 200))
def test_any_text_is_read_without_a_fault(understanding: Understanding, message: str) -> None:
    read = understanding.read(message)
    assert all(0 <= strength.sure <= 1 for strength in read.needs.values())


@given(
    st.lists(
        st.sampled_from(
            [
                "association",
                "prêt",
                "pas",
                "un",
                "local",
                "aux",
                "à",
                "'",
                ".",
                "?",
                "é",
                "\u200d",
                "\u202e",
                "<b>",
                "{{",
                "--",
                "62",
                "🙂",
            ]
        ),
        max_size=150,
    )
)
def test_any_mixture_of_our_words_is_read_without_a_fault(understanding: Understanding, pieces: list[str]) -> None:
    message = " ".join(pieces)
    assert understanding.read(message) == understanding.read(message)
