"""The API described: an OpenAPI 3.1 document, and the same as a page to read."""

from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from openapi_pydantic import Info, MediaType, OpenAPI, Operation, Parameter, PathItem, RequestBody, Server
from openapi_pydantic import Response as Described
from openapi_pydantic.util import PydanticSchema, construct_open_api_with_schema_class
from pydantic import BaseModel

from guide.web.api.schemas import (
    AssistantOut,
    AssistantRequest,
    CommuneList,
    CommuneQuery,
    EntryList,
    EntryOut,
    ListQuery,
    OrientationOut,
    ProblemOut,
    ProfileRequest,
    TermList,
)
from guide.web.shared.problems import WORDS

_DESCRIPTION = "Qui peut aider un projet solidaire dans le Pas-de-Calais. Lecture seule, sans compte, rien n’est gardé."
_NOT_FILTERED = ("need", "stage", "theme", "commune")


def add_routes(blueprint: Blueprint) -> None:
    """Add the document and the page."""
    blueprint.add_url_rule("/api/openapi.json", "openapi", openapi)
    blueprint.add_url_rule("/api/", "documentation", documentation)


def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    return jsonify(describe())


def documentation() -> str:
    """The document as a page."""
    return render_template("api.html", api=describe())


@lru_cache(maxsize=1)
def describe() -> dict[str, Any]:
    """Build the document from the models that validate and serialise."""
    document = construct_open_api_with_schema_class(
        OpenAPI(
            info=Info(
                title="Guide ESS 62",
                version="1",
                description=_DESCRIPTION,
            ),
            servers=[Server(url="/")],
            paths={
                "/api/v1/orientations": PathItem(post=_orientations()),
                "/api/v1/assistant": PathItem(post=_assistant()),
                **_lists("structures", EntryList, EntryOut),
                **_lists("dispositifs", EntryList, EntryOut),
                "/api/v1/terms": PathItem(
                    get=_get("Les mots du glossaire", TermList, ListQuery, without=_NOT_FILTERED)
                ),
                "/api/v1/communes": PathItem(
                    get=_get("Les communes qu’un texte peut désigner", CommuneList, CommuneQuery)
                ),
            },
        )
    )
    described = document.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
    return {"openapi": document.openapi} | described


def _orientations() -> Operation:
    example = {"stage": "idee", "holder": "citoyen", "commune": "62041", "needs": ["etre-ecoute"]}
    return _post("Orienter un profil", ProfileRequest, example, OrientationOut)


def _assistant() -> Operation:
    return _post("Répondre à un message", AssistantRequest, {"message": "c koi le dla ?"}, AssistantOut)


def _post(summary: str, given: type[BaseModel], example: dict[str, Any], answer: type[BaseModel]) -> Operation:
    taken = MediaType(media_type_schema=PydanticSchema(schema_class=given), example=example)
    body = RequestBody(required=True, content={"application/json": taken})
    return Operation(summary=summary, requestBody=body, responses=_responses(answer, 413, 415, 422, 429, 500))


def _lists(name: str, listed: type[BaseModel], one: type[BaseModel]) -> dict[str, PathItem]:
    identifier = _parameter("id", {"type": "string"}, "Identifiant de la fiche.", where="path")
    single = Operation(
        summary=f"Une fiche des {name}", parameters=[identifier], responses=_responses(one, 404, 429, 500)
    )
    return {
        f"/api/v1/{name}": PathItem(get=_get(f"Les {name}, filtrées", listed, ListQuery)),
        f"/api/v1/{name}/{{id}}": PathItem(get=single),
    }


def _get(summary: str, answer: type[BaseModel], query: type[BaseModel], without: tuple[str, ...] = ()) -> Operation:
    properties = query.model_json_schema()["properties"]
    parameters = [
        _parameter(name, {key: value for key, value in schema.items() if key != "title"}, schema["description"])
        for name, schema in properties.items()
        if name not in without
    ]
    return Operation(summary=summary, parameters=parameters, responses=_responses(answer, 422, 429, 500))


def _parameter(name: str, schema: dict[str, Any], description: str, where: str = "query") -> Parameter:
    return Parameter.model_validate(
        {"name": name, "in": where, "required": where == "path", "description": description, "schema": schema}
    )


def _responses(answer: type[BaseModel], *errors: int) -> dict[str, Described]:
    good = {"application/json": MediaType(media_type_schema=PydanticSchema(schema_class=answer))}
    bad = {"application/problem+json": MediaType(media_type_schema=PydanticSchema(schema_class=ProblemOut))}
    described = {"200": Described(description="Réponse", content=good)}
    return described | {str(status): Described(description=WORDS[status][0], content=bad) for status in errors}
