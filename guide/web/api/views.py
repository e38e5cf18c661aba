"""The calls of the API, exactly as the contract says."""

import json
import math
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from guide.assistant.dialogue import reply
from guide.content.models import Entry, Kind
from guide.days import today
from guide.directory import Query, search_entries, search_terms
from guide.errors import AnswerProblem, InvalidAnswersError
from guide.orientation import propose
from guide.profile import Profile, read_profile
from guide.web.api import presenters
from guide.web.api.schemas import AssistantRequest, CommuneList, CommuneQuery, EntryList, ListQuery, TermList
from guide.web.shared.guards import read_body
from guide.web.shared.house import get_knowledge
from guide.web.shared.problems import problem

Parameters = TypeVar("Parameters", bound=BaseModel)


def add_routes(blueprint: Blueprint) -> None:
    """Add the calls."""
    blueprint.register_error_handler(InvalidAnswersError, _refuse)
    blueprint.add_url_rule("/api/v1/orientations", "orientations", orientations, methods=["POST"])
    blueprint.add_url_rule("/api/v1/assistant", "assistant", assistant, methods=["POST"])
    for kind in ("structure", "dispositif"):
        blueprint.add_url_rule(f"/api/v1/{kind}s", f"{kind}s", entries, defaults={"kind": kind})
        blueprint.add_url_rule(f"/api/v1/{kind}s/<identifier>", kind, entry, defaults={"kind": kind})
    blueprint.add_url_rule("/api/v1/terms", "terms", terms)
    blueprint.add_url_rule("/api/v1/communes", "communes", communes)


def orientations() -> Response:
    """Orient a profile."""
    knowledge = get_knowledge()
    body = _read_json()
    on = presenters.read_day(body.pop("on", None)) or today()
    profile = read_profile(body, knowledge)
    return _answer(presenters.orientation_out(propose(profile, knowledge, on), knowledge))


def assistant() -> Response:
    """Answer one message."""
    knowledge = get_knowledge()
    body = _read_json()
    if unknown := [name for name in body if name not in AssistantRequest.model_fields]:
        raise InvalidAnswersError(
            [
                AnswerProblem(f"/{name}", body[name], f"Champ inconnu : {name}.", code="champ-inconnu")
                for name in unknown
            ]
        )
    message, context = presenters.read_message(body.get("message")), presenters.read_context(body.get("context"))
    profile = _read_inner_profile(body.get("profile"))
    return _answer(presenters.assistant_out(reply(message, profile, context, knowledge, today()), knowledge))


def _read_inner_profile(given: Any) -> Profile:
    """Read the profile inside a request: what is wrong with it is told from the top of the request."""
    if given is None:
        return Profile()
    if not isinstance(given, dict):
        raise InvalidAnswersError([AnswerProblem("/profile", given, "Un objet est attendu.", code="type-incorrect")])
    try:
        return read_profile(given, get_knowledge())
    except InvalidAnswersError as error:
        for each in error.problems:
            each.pointer = f"/profile{each.pointer}"
        raise


def entries(kind: Kind) -> Response:
    """List the structures or the dispositifs, filtered."""
    query = _read_query(ListQuery)
    found = search_entries(_directory_query(query, kind), get_knowledge())
    shown = _page(found, query)
    return _answer(EntryList(items=[presenters.entry_out(entry) for entry in shown], total=len(found)))


def entry(kind: Kind, identifier: str) -> Response:
    """Show one structure or one dispositif."""
    found: Entry = get_knowledge().get_entry(identifier)
    if found.kind != kind:
        return problem(404, "Il n’y a rien à cette adresse de l’API.")
    return _answer(presenters.entry_out(found))


def terms() -> Response:
    """List the words of the glossary."""
    query = _read_query(ListQuery)
    found = search_terms(query.q, get_knowledge())
    return _answer(TermList(items=_page(found, query), total=len(found)))


def communes() -> Response:
    """List the communes that a text may mean."""
    found = get_knowledge().territory.suggest(_read_query(CommuneQuery).q)
    items = [presenters.commune_found(suggestion, get_knowledge()) for suggestion in found]
    return _answer(CommuneList(items=items, total=len(items)))


def _answer(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), mimetype="application/json")


def _refuse(error: InvalidAnswersError) -> Response:
    """Every refused value at once; the code says when a commune lies in another département."""
    codes = {each.code for each in error.problems}
    code = "hors-departement" if "hors-departement" in codes else None
    return problem(422, str(error), error.problems, code)


def _read_json() -> dict[str, Any]:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    data = read_body()
    try:
        body = json.loads(data.decode("utf-8"), parse_constant=_refuse_number, parse_float=_read_float)
        json.dumps(body, ensure_ascii=False).encode("utf-8")  # half a character (\\ud800) cannot be answered back
    except (ValueError, RecursionError):
        raise InvalidAnswersError(
            [AnswerProblem("", None, "Ce n’est pas du JSON valide (en UTF-8).", code="json")]
        ) from None
    if not isinstance(body, dict):
        raise InvalidAnswersError([AnswerProblem("", None, "Un objet JSON est attendu.", code="type-incorrect")])
    return body


def _read_float(digits: str) -> float:
    return number if math.isfinite(number := float(digits)) else _refuse_number(digits)


def _refuse_number(digits: str) -> float:
    raise ValueError(digits)  # NaN and Infinity are Python's, not JSON


def _read_query(model: type[Parameters]) -> Parameters:
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise InvalidAnswersError(
            [
                AnswerProblem(f"/{detail['loc'][0]}", detail["input"], f"Paramètre incorrect : {detail['loc'][0]}.")
                for detail in error.errors()
            ]
        ) from None


def _directory_query(query: ListQuery, kind: Kind) -> Query:
    knowledge = get_knowledge()
    known = {
        "need": list(knowledge.needs),
        "stage": list(knowledge.questions["stage"].options),
        "theme": list(knowledge.questions["themes"].options),
    }
    problems = [
        AnswerProblem(f"/{name}", value, f"Valeur inconnue pour {name}.", known=values)
        for name, values in known.items()
        if (value := getattr(query, name)) and value not in values
    ]
    commune = knowledge.territory.find_commune(query.commune) if query.commune else None
    if query.commune and commune is None:
        elsewhere = knowledge.territory.is_elsewhere(query.commune)
        code = "hors-departement" if elsewhere else "valeur-inconnue"
        problems.append(AnswerProblem("/commune", query.commune, "Commune inconnue dans le Pas-de-Calais.", code=code))
    if problems:
        raise InvalidAnswersError(problems)
    epci = commune.epci.id if commune else None
    filters = {name: getattr(query, name) or None for name in known}  # empty is as good as absent
    return Query(q=query.q, kind=kind, epci=epci, **filters)


def _page(found: list[Any], query: ListQuery) -> list[Any]:
    start = (query.page - 1) * query.per_page
    return found[start : start + query.per_page]
