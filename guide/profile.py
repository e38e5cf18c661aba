"""The profile: what a person said of their project, typed, and nothing else.

Values are those of the public contract (``knowledge/questions`` and ``knowledge/needs`` hold their French words).
"""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from guide.content.base import KnowledgeBase
from guide.errors import AnswerProblem, InvalidAnswersError
from guide.territory import Epci

Stage = Literal["idee", "emergence", "creation", "demarrage", "developpement", "difficulte"]
Holder = Literal["citoyen", "collectif", "association", "entreprise-ess", "entreprise", "collectivite"]
LegalForm = Literal["aucune", "association", "scic", "scop", "autre", "ne-sait-pas"]
Employees = Literal["oui", "bientot", "non"]
BudgetCitoyen = Literal["labellise", "candidat", "non-retenu", "non", "ne-connais-pas"]
Support = Literal["aucun", "un-peu", "reseau"]
Listed = Annotated[tuple[Annotated[str, Field(max_length=80)], ...], Field(max_length=200)]

_SINGLE_VALUED = ("stage", "holder", "legal_form", "employees", "budget_citoyen", "support")
_HOLDER_OF_FORM: dict[str | None, Holder] = {
    "association": "association",
    "scic": "entreprise-ess",
    "scop": "entreprise-ess",
}
_NO_LONGER_ASSOCIATION: dict[str | None, Holder] = {"aucune": "collectif", "autre": "entreprise-ess"}
_NO_STRUCTURE_YET = ("citoyen", "collectif")
_BEFORE_CREATION = ("idee", "emergence")


class Profile(BaseModel):
    """Answers of one person; None or an empty list means "not said", and never excludes anything."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    stage: Stage | None = None
    holder: Holder | None = None
    legal_form: LegalForm | None = None
    employees: Employees | None = None
    commune: Annotated[str, Field(max_length=5)] | None = None
    other_communes: Listed = ()
    themes: Listed = ()
    needs: Listed = ()
    budget_citoyen: BudgetCitoyen | None = None
    support: Support | None = None
    supported_by: Listed = ()

    @field_validator("other_communes", "themes", "needs", "supported_by", mode="before")
    @classmethod
    def _read_list(cls, value: Any) -> Any:
        """A JSON list, or null for "not said", becomes a tuple."""
        if value is None:
            return ()
        return tuple(value) if isinstance(value, list) else value

    @property
    def carrier(self) -> Holder | None:
        """Who carries the project in law: the legal form wins over the holder where they disagree.

        Before creation, a person or a group that names a form names the one they aim at: there is no structure yet.
        """
        aims_at_it = self.holder in _NO_STRUCTURE_YET and self.stage in _BEFORE_CREATION
        if self.legal_form in _HOLDER_OF_FORM and not aims_at_it:
            return _HOLDER_OF_FORM[self.legal_form]
        if self.holder == "association":
            return _NO_LONGER_ASSOCIATION.get(self.legal_form, "association")
        return self.holder

    @property
    def outside_networks(self) -> bool | None:
        """Whether the holder is *hors-réseau*: support is none or little; None when not said; never a public body."""
        if self.carrier == "collectivite":
            return False
        return None if self.support is None else self.support != "reseau"

    def answer(self, criterion: str) -> str | None:
        """The answer to one single-valued criterion, None when it is not known ("ne-sait-pas" is not an answer)."""
        value: str | None = self.carrier if criterion == "holder" else getattr(self, criterion)
        if criterion == "legal_form" and value is None and self.holder == "association":
            return "association"
        return None if value == "ne-sait-pas" else value

    @property
    def known(self) -> dict[str, str]:
        """The single-valued answers that are known, by criterion."""
        return {name: answer for name in _SINGLE_VALUED if (answer := self.answer(name)) is not None}

    @property
    def places(self) -> tuple[str, ...]:
        """The communes of the project, by code, the main one first."""
        return tuple([code for code in (self.commune, *self.other_communes) if code])

    def epcis(self, knowledge: KnowledgeBase) -> dict[str, Epci]:
        """The intercommunalities of the project's communes, by identifier."""
        communes = knowledge.territory.communes
        return {communes[code].epci.id: communes[code].epci for code in self.places}

    def with_answers(self, **answers: Any) -> Self:
        """A copy with some answers changed."""
        return self.model_copy(update=answers)


def read_profile(raw: dict[str, Any], knowledge: KnowledgeBase) -> Profile:
    """Read a profile as the contract writes it; raise InvalidAnswersError with every problem, in French."""
    problems: list[AnswerProblem] = []
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        problems = [_problem(dict(detail)) for detail in error.errors()]
        refused = {detail["loc"][0] for detail in error.errors() if detail["loc"]}
        profile = Profile.model_validate({name: value for name, value in raw.items() if name not in refused})
    problems += [*_unlisted(profile, knowledge), *_misplaced(profile, knowledge)]
    if problems:
        raise InvalidAnswersError(problems)
    return profile


def _problem(error: dict[str, Any]) -> AnswerProblem:
    place = tuple(error["loc"])
    name = str(place[0]) if place else ""
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
    if error["type"] == "extra_forbidden":
        known = list(Profile.model_fields)
        return AnswerProblem(pointer, error["input"], f"Champ inconnu : {name}.", known=known, code="champ-inconnu")
    if error["type"] == "literal_error":
        field = Profile.model_fields[name].annotation
        known = [value for part in get_args(field) for value in get_args(part)]
        return AnswerProblem(pointer, error["input"], f"Réponse inconnue pour {name}.", known=known)
    return AnswerProblem(pointer, error["input"], f"Réponse mal formée pour {name}.", code="type-incorrect")


def _unlisted(profile: Profile, knowledge: KnowledgeBase) -> list[AnswerProblem]:
    lists: dict[str, tuple[tuple[str, ...], list[str]]] = {
        "themes": (profile.themes, list(knowledge.questions["themes"].options)),
        "needs": (profile.needs, list(knowledge.needs)),
        "supported_by": (profile.supported_by, list(knowledge.structures)),
    }
    problems = []
    for name, (values, known) in lists.items():
        for index, value in enumerate(values):
            if value not in known:
                detail = f"Réponse inconnue pour {name}."
                problems.append(AnswerProblem(f"/{name}/{index}", value, detail, known=known))
            elif value in values[:index]:
                detail = f"Réponse donnée deux fois pour {name}."
                problems.append(AnswerProblem(f"/{name}/{index}", value, detail, code="doublon"))
    return problems


def _misplaced(profile: Profile, knowledge: KnowledgeBase) -> list[AnswerProblem]:
    problems = []
    placed: list[tuple[str, str]] = [("/commune", profile.commune)] if profile.commune is not None else []
    placed += [(f"/other_communes/{index}", code) for index, code in enumerate(profile.other_communes)]
    for pointer, code in placed:
        if knowledge.territory.is_elsewhere(code):
            detail = "Cette commune n’est pas dans le Pas-de-Calais : le guide ne couvre que ce département."
            problems.append(AnswerProblem(pointer, code, detail, code="hors-departement"))
        elif knowledge.territory.find_commune(code) is None:
            problems.append(AnswerProblem(pointer, code, "Code de commune inconnu dans le Pas-de-Calais."))
    for index, code in enumerate(profile.other_communes):
        if code in profile.other_communes[:index]:
            problems.append(
                AnswerProblem(f"/other_communes/{index}", code, "Commune donnée deux fois.", code="doublon")
            )
    return problems
