"""Load ``knowledge/`` once: every file read, every error gathered, nothing half-loaded."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from guide.content.base import KnowledgeBase
from guide.content.checks import check_errors
from guide.content.language import Asking, Distress, Language, Negation, Outside, Replies, Spellings
from guide.content.models import Acronyms, Draft, Entry, Fundings, Holes, HumanContact, Need, Order, Question, Term
from guide.content.reader import Document, UnreadableError, read_document
from guide.content.reader import Place as PlaceInFile
from guide.content.telling import Place, Practice, Project, UsefulNumbers
from guide.errors import KnowledgeError
from guide.territory import Territory
from guide.text import join_words

Model = TypeVar("Model", bound=BaseModel)

_WHAT_IS_WRONG: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda _: "clé manquante ; l'ajouter (voir knowledge/README.md)",
    "string_type": lambda _: "un texte est attendu ; l'écrire entre guillemets droits",
    "tuple_type": lambda _: "une liste est attendue ; l'écrire [entre crochets] ou avec des tirets",
    "dict_type": lambda _: "un bloc « clé: valeur » est attendu",
    "model_type": lambda _: "un bloc « clé: valeur » est attendu",
    "literal_error": lambda error: f"valeur « {error['input']} » inconnue ; connues : {_known(error)}",
    "string_too_short": lambda _: "texte vide ; l'écrire ou retirer la clé",
    "too_short": lambda error: f"liste trop courte ; au moins {error['ctx']['min_length']}",
    "too_long": lambda error: (
        f"texte trop long ; {error['ctx']['max_length']} signes au plus"
        if isinstance(error["input"], str)
        else f"liste trop longue ; {error['ctx']['max_length']} au plus"
    ),
    "string_pattern_mismatch": lambda _: "identifiant mal formé ; minuscules, chiffres et tirets seulement",
    "value_error": lambda error: error["msg"].removeprefix("Value error, "),
}
_BY_FAMILY = {
    "date": "une date est attendue ; l'écrire 2026-11-22",
    "int": "un nombre entier est attendu",
    "bool": "true ou false est attendu",
}


def _known(error: ErrorDetails) -> str:
    return str(error["ctx"]["expected"]).replace(" or ", " ou ").replace("'", "")


@dataclass
class _Findings:
    """Errors gathered on the way, as "file:line: message"."""

    root: Path
    errors: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    documents: dict[str, Document] = field(default_factory=dict)

    def add(self, path: Path, line: int, message: str) -> None:
        self.broken.add(path.stem)
        self.errors.append(f"{path.relative_to(self.root.parent)}:{line}: {message}")


def load_knowledge(root: Path) -> KnowledgeBase:
    """Read the whole base; raise KnowledgeError with every finding at once (file, line, rule, remedy)."""
    findings = _Findings(root)
    order = _read_one(root / "order.yaml", Order, findings, {})
    contact = _read_one(root / "contacts.yaml", HumanContact, findings, {})
    folders: dict[str, tuple[type[BaseModel], dict[str, str]]] = {
        "structures": (Entry, {"kind": "structure"}),
        "dispositifs": (Entry, {"kind": "dispositif"}),
        "needs": (Need, {}),
        "questions": (Question, {}),
        "terms": (Term, {}),
        "practices": (Practice, {}),
        "projects": (Project, {}),
        "places": (Place, {}),
    }
    read: dict[str, dict[str, Any]] = {
        name: _read_folder(root / name, model, findings, extra) for name, (model, extra) in folders.items()
    }
    holes = _read_one(root / "holes.yaml", Holes, findings, {})
    funding = _read_one(root / "funding.yaml", Fundings, findings, {})
    acronyms = _read_one(root / "acronyms.yaml", Acronyms, findings, {})
    numbers = _read_one(root / "numbers.yaml", UsefulNumbers, findings, {})
    language = _read_language(root / "language", findings)
    if order is None or contact is None or language is None or (findings.errors and not read["questions"]):
        raise KnowledgeError(findings.errors)
    for name in ("structures", "dispositifs"):  # a draft is read, to be right the day it is published, then left out
        read[name] = {identifier: entry for identifier, entry in read[name].items() if entry.published}
    base = KnowledgeBase(
        **read,
        numbers=numbers.numbers if numbers else (),
        holes=holes.holes if holes else (),
        funding=funding.funding if funding else (),
        acronyms=acronyms.known if acronyms else {},
        order=order,
        contact=contact,
        language=language,
        territory=Territory.read(root / "territory"),
        version=_version(root),
        lines=findings.documents,
    )
    errors = [str(error) for error in check_errors(base, unread=findings.broken)]
    if findings.errors or errors:
        raise KnowledgeError(findings.errors + errors)
    return base


def _read_language(folder: Path, findings: _Findings) -> Language | None:
    models: dict[str, type[BaseModel]] = {
        "spellings": Spellings,
        "negation": Negation,
        "asking": Asking,
        "distress": Distress,
        "outside": Outside,
        "replies": Replies,
    }
    read = {name: _read_one(folder / f"{name}.yaml", model, findings, {}) for name, model in models.items()}
    words = _read_words(folder / "french_words.txt", findings)
    return None if None in read.values() else Language.model_validate({**read, "words": words})


def _read_words(path: Path, findings: _Findings) -> tuple[str, ...]:
    try:
        return tuple(path.read_text(encoding="utf-8").split())
    except FileNotFoundError:
        findings.add(path, 1, "fichier absent ; le refaire (make words)")
    except UnicodeDecodeError:
        findings.add(path, 1, "le fichier doit être en UTF-8")
    return ()


def _version(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _read_folder(folder: Path, model: type[Model], findings: _Findings, extra: dict[str, str]) -> dict[str, Model]:
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        item = _read_one(path, model, findings, {"id": path.stem, **extra})
        if item is not None:
            found[path.stem] = item
    return found


def _read_one(path: Path, model: type[Model], findings: _Findings, extra: dict[str, str]) -> Model | None:
    try:
        document = read_document(path)
    except FileNotFoundError:
        findings.add(path, 1, "fichier absent ; le créer (voir knowledge/README.md)")
        return None
    except (UnreadableError, UnicodeDecodeError) as error:
        line = error.line if isinstance(error, UnreadableError) else 1
        findings.add(path, line, str(error) if isinstance(error, UnreadableError) else "le fichier doit être en UTF-8")
        return None
    findings.documents[str(path.relative_to(findings.root))] = document
    if not isinstance(document.value, dict):
        findings.add(path, 1, "un bloc « clé: valeur » est attendu")
        return None
    for key in extra.keys() & document.value.keys():
        findings.add(path, document.line((key,)), f"clé « {key} » à retirer ; elle vient du nom du fichier")
    is_draft = model is Entry and document.value.get("published") is False
    try:
        return (Draft if is_draft else model).model_validate(document.value | extra)  # type: ignore[return-value]
    except ValidationError as error:
        places = [problem["loc"] for problem in error.errors()]
        for problem in error.errors():
            place = problem["loc"]
            if problem["type"] == "too_short" and any(other[: len(place)] == place != other for other in places):
                continue  # a list is short only because its one line is wrong, which is told
            findings.add(path, document.line(place), _explain(problem, model))
        return None


def _explain(problem: ErrorDetails, model: type[BaseModel]) -> str:
    place = _name(problem["loc"])
    if problem["type"] == "extra_forbidden":
        known = join_words(sorted(model.model_fields)) if len(problem["loc"]) == 1 else "voir knowledge/README.md"
        return f"{place} : clé inconnue ; connues : {known}"
    if explain := _WHAT_IS_WRONG.get(problem["type"]):
        return f"{place} : {explain(problem)}"
    family = problem["type"].split("_")[0]
    return f"{place} : {_BY_FAMILY.get(family, 'valeur incorrecte ; voir knowledge/README.md')}"


def _name(place: PlaceInFile) -> str:
    return ".".join(str(part) for part in place if part != "[key]")
