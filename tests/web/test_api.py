"""The JSON API against its contract, and against the OpenAPI document that it publishes of itself."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from guide.content.base import KnowledgeBase
from guide.days import today
from guide.orientation import propose
from guide.profile import Profile, read_profile
from tests.test_gold import PROFILES
from tests.web.conftest import MakeApp
from tests.web.pages import Visitor

ORIENTATIONS = "/api/v1/orientations"
LISTS = ("/api/v1/structures", "/api/v1/dispositifs", "/api/v1/terms")
ARRAS = {
    "stage": "idee",
    "holder": "citoyen",
    "legal_form": "aucune",
    "employees": "non",
    "commune": "62041",
    "other_communes": [],
    "themes": ["culture"],
    "needs": ["financer"],
    "budget_citoyen": "non",
    "support": "aucun",
    "supported_by": [],
}
ENGLISH = re.compile(
    r"\b(should|input|valid|field|error|the|must|missing|string|integer|less|greater|not|found)\b", re.I
)


def read_json(response: TestResponse) -> Any:
    """Read strict JSON: NaN and Infinity are Python's own and no other program's."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(response.get_data(as_text=True), parse_constant=refuse)


@dataclass(frozen=True)
class Api:
    """Calls the API, and judges each answer by the document that it publishes."""

    client: FlaskClient
    document: dict[str, Any]

    def __call__(self, method: str, address: str, status: int = 200, **sent: Any) -> Any:
        return self.judge(method, address, status, self.client.open(address, method=method, **sent))

    def get(self, address: str, status: int = 200, **query: Any) -> Any:
        return self("GET", address, status, query_string=query)

    def post(self, profile: Any, status: int = 200) -> Any:
        return self("POST", ORIENTATIONS, status, json=profile)

    def send(self, body: bytes, status: int, content_type: str | None = "application/json") -> Any:
        return self("POST", ORIENTATIONS, status, data=body, content_type=content_type)

    def judge(self, method: str, address: str, status: int, response: TestResponse) -> Any:
        body = read_json(response)
        assert response.status_code == status, body
        assert response.mimetype == ("application/json" if status == 200 else "application/problem+json")
        described = self._responses(method, address.split("?", maxsplit=1)[0])
        if str(status) in described:
            schema = described[str(status)]["content"][response.mimetype]["schema"]
        else:
            assert status in (404, 405), f"{status} is not described for {method} {address}"
            schema = {"$ref": "#/components/schemas/ProblemOut"}
        self.validate(body, schema)
        if status != 200:
            assert body["status"] == status
            assert not ENGLISH.search(body["title"] + " " + body["detail"])
        return body

    def validate(self, body: Any, schema: dict[str, Any]) -> None:
        whole = {**schema, "components": self.document["components"]}
        Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)

    def _responses(self, method: str, path: str) -> dict[str, Any]:
        for template, item in self.document["paths"].items():
            if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path) and method.lower() in item:
                return item[method.lower()]["responses"]
        return {}


@pytest.fixture(scope="module")
def api(client: FlaskClient) -> Api:
    return Api(client, read_json(client.get("/api/openapi.json")))


def pointers(problem: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The refused values, by where they stand; every problem of the API has a sentence."""
    assert all(error["detail"].strip() and not ENGLISH.search(error["detail"]) for error in problem["errors"])
    return {error["pointer"]: error for error in problem["errors"]}


# --- the document


def test_the_document_is_valid_openapi(api: Api) -> None:
    assert api.document["openapi"].startswith("3.1")
    validate(api.document)


def test_the_document_describes_every_call_and_no_other(api: Api, app: Flask) -> None:
    described = {
        (re.sub(r"\{\w+\}", "{}", path), method.upper())
        for path, item in api.document["paths"].items()
        for method in item
    }
    served = {
        (re.sub(r"<\w+>", "{}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    assert described == served


def test_the_document_describes_every_field_of_a_profile(api: Api) -> None:
    operation = api.document["paths"][ORIENTATIONS]["post"]
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = api.document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    assert set(schema["properties"]) == {*Profile.model_fields, "on"}
    assert schema["additionalProperties"] is False


def test_the_examples_of_the_document_are_accepted(api: Api) -> None:
    content = api.document["paths"][ORIENTATIONS]["post"]["requestBody"]["content"]["application/json"]
    api.validate(content["example"], content["schema"])
    api.post(content["example"])


def test_the_document_is_in_french(api: Api) -> None:
    operations = [operation for item in api.document["paths"].values() for operation in item.values()]
    for operation in operations:
        assert not ENGLISH.search(operation["summary"])
        for parameter in operation.get("parameters", ()):
            assert not ENGLISH.search(parameter["description"])


# --- orientations


def test_an_orientation_has_exactly_the_keys_of_the_contract(api: Api) -> None:
    answer = api.post({**ARRAS, "needs": ["financer", "impliquer-usagers"]})
    assert set(answer) == {"on", "profile", "territory", "outside_networks", "orientations", "not_available"}
    assert set(answer["profile"]) == set(Profile.model_fields)
    assert set(answer["territory"]["commune"]) == {"code", "name"}
    assert set(answer["territory"]["epci"]) == {"id", "siren", "name"}
    keys = {"rank", "id", "kind", "name", "url", "when", "score", "via", "reasons", "checks"}
    assert answer["not_available"]
    for item in answer["orientations"]:
        assert set(item) == keys
        assert item["reasons"]
        assert all(set(reason) == {"criterion", "value", "text"} for reason in item["reasons"])
        assert all(set(check) == {"criterion", "text"} for check in item["checks"])
    for item in answer["not_available"]:
        assert set(item) == {"id", "kind", "criterion", "reason", "unlock", "url"}


def test_a_profile_comes_back_as_understood(api: Api) -> None:
    answer = api.post({**ARRAS, "on": "2026-11-22"})
    assert answer["profile"] == ARRAS
    assert answer["on"] == "2026-11-22"
    assert answer["territory"] == {
        "commune": {"code": "62041", "name": "Arras"},
        "epci": {"id": "epci-arras", "siren": "200033579", "name": answer["territory"]["epci"]["name"]},
    }
    assert answer["outside_networks"] is True


def test_an_empty_profile_is_valid_and_understood_as_nothing_said(api: Api) -> None:
    answer = api.post({})
    assert answer["profile"] == {
        name: [] if name in ("other_communes", "themes", "needs", "supported_by") else None
        for name in Profile.model_fields
    }
    assert answer["territory"] == {"commune": None, "epci": None}
    assert answer["outside_networks"] is None
    assert 3 <= len(answer["orientations"]) <= 8


def test_null_is_the_same_as_not_said(api: Api) -> None:
    on = "2026-11-22"
    assert api.post({**dict.fromkeys(Profile.model_fields), "on": on}) == api.post({"on": on})
    assert api.post({"on": None})["orientations"]


@pytest.mark.parametrize("line", PROFILES, ids=lambda line: line["id"])
def test_every_gold_profile_gets_a_path_in_order(line: dict[str, Any], api: Api, knowledge: KnowledgeBase) -> None:
    answer = api.post({**line["profile"], "on": "2026-11-22"})
    proposed = answer["orientations"]
    assert 3 <= len(proposed) <= 8
    assert [item["rank"] for item in proposed] == list(range(1, len(proposed) + 1))
    order = [("first", "next", "later").index(item["when"]) for item in proposed]
    assert order == sorted(order)
    assert order.count(0) == 1
    refused = {item["id"] for item in answer["not_available"]}
    assert not refused & {item["id"] for item in proposed}
    for item in [*proposed, *answer["not_available"]]:
        entry = knowledge.entries[item["id"]]
        assert (item["kind"], item["url"]) == (entry.kind, f"/{entry.kind}s/{entry.id}")
    assert [item["via"] for item in proposed] == [knowledge.entries[item["id"]].via for item in proposed]


@pytest.mark.parametrize("line", PROFILES[:12], ids=lambda line: line["id"])
def test_the_api_says_what_the_engine_says(line: dict[str, Any], api: Api, knowledge: KnowledgeBase) -> None:
    on = date(2027, 2, 3)
    path = propose(read_profile(line["profile"], knowledge), knowledge, on)
    answer = api.post({**line["profile"], "on": on.isoformat()})
    assert [(each["id"], each["when"], each["score"]) for each in answer["orientations"]] == [
        (each.entry.id, each.when, each.score) for each in path.proposals
    ]
    assert [[reason["text"] for reason in each["reasons"]] for each in answer["orientations"]] == [
        [reason.text for reason in each.reasons] for each in path.proposals
    ]
    assert [(each["id"], each["criterion"], each["unlock"]) for each in answer["not_available"]] == [
        (each.entry.id, each.criterion, each.unlock) for each in path.not_available
    ]


def test_the_addresses_that_it_gives_are_those_of_pages(api: Api, page: Visitor) -> None:
    answer = api.post({**ARRAS, "needs": ["financer", "impliquer-usagers", "devenir-employeur"]})
    for item in [*answer["orientations"], *answer["not_available"]]:
        assert page(item["url"]).path == item["url"]


@pytest.mark.parametrize("day", ["2024-02-29", "2026-11-22", "2030-12-31", "0001-01-01", "9999-12-31"])
def test_the_day_is_echoed_and_the_same_day_gives_the_same_answer(day: str, api: Api) -> None:
    first, second = api.post({**ARRAS, "on": day}), api.post({**ARRAS, "on": day})
    assert first["on"] == day
    assert first == second


def test_the_day_is_today_in_paris_when_it_is_not_said(api: Api) -> None:
    before, said, after = today(), api.post(ARRAS)["on"], today()
    assert before.isoformat() <= said <= after.isoformat()


def test_the_order_of_the_keys_changes_nothing(api: Api) -> None:
    profile = {**ARRAS, "on": "2026-11-22"}
    assert api.post(dict(reversed(profile.items()))) == api.post(profile)


def test_what_already_supports_is_not_proposed(api: Api) -> None:
    answer = api.post({**ARRAS, "support": "un-peu", "supported_by": ["apes", "mission-ess"]})
    assert {"apes", "mission-ess"} & {item["id"] for item in answer["orientations"]} == set()


def test_being_outside_the_networks_is_said_as_the_contract_defines_it(api: Api) -> None:
    said = {
        support: api.post({"support": support})["outside_networks"] for support in ("aucun", "un-peu", "reseau", None)
    }
    assert said == {"aucun": True, "un-peu": True, "reseau": False, None: None}
    assert api.post({"support": "aucun", "holder": "collectivite"})["outside_networks"] is False


def test_json_may_say_its_encoding(api: Api) -> None:
    api.send(json.dumps({"stage": "idee"}).encode(), 200, "application/json; charset=utf-8")


# --- refused profiles


@pytest.mark.parametrize("name", ["age", "Stage", "stage ", "", "profile", "é", "__class__", "on_"])
def test_an_unknown_key_is_refused_with_the_keys_that_exist(name: str, api: Api) -> None:
    error = pointers(api.post({name: "x"}, 422))[f"/{name}"]
    assert error["value"] == "x"
    assert set(error["known"]) >= set(Profile.model_fields)


@pytest.mark.parametrize(("name", "pointer"), [("a/b", "/a~1b"), ("a~b", "/a~0b"), ("~1", "/~01")])
def test_a_pointer_is_written_as_rfc_6901_says(name: str, pointer: str, api: Api) -> None:
    assert pointer in pointers(api.post({name: 1}, 422))


@pytest.mark.parametrize("name", ["stage", "holder", "legal_form", "employees", "budget_citoyen", "support"])
@pytest.mark.parametrize("value", ["forge", "", "IDEE", 1, True, 1.5, [], ["idee"], {}, {"idee": 1}])
def test_a_value_outside_the_list_is_refused_with_the_list(name: str, value: object, api: Api) -> None:
    error = pointers(api.post({name: value}, 422))[f"/{name}"]
    assert error["value"] == value
    assert error["known"]


@pytest.mark.parametrize("name", ["stage", "holder", "legal_form", "employees", "budget_citoyen", "support"])
def test_every_value_of_the_list_told_is_accepted(name: str, api: Api) -> None:
    known = pointers(api.post({name: "forge"}, 422))[f"/{name}"]["known"]
    assert [api.post({name: value})["profile"][name] for value in known] == known


@pytest.mark.parametrize("name", ["themes", "needs", "supported_by"])
def test_a_value_outside_a_list_is_refused_where_it_stands(name: str, api: Api, knowledge: KnowledgeBase) -> None:
    good = {"themes": "culture", "needs": "financer", "supported_by": "apes"}[name]
    error = pointers(api.post({name: [good, "forge"]}, 422))[f"/{name}/1"]
    assert error["value"] == "forge"
    assert good in error["known"]


@pytest.mark.parametrize("name", ["other_communes", "themes", "needs", "supported_by"])
@pytest.mark.parametrize(
    "value", ["financer", 1, True, {}, {"0": "financer"}, [1], [None], [["financer"]], ["x" * 500]]
)
def test_a_list_of_the_wrong_type_is_refused(name: str, value: object, api: Api) -> None:
    assert all(pointer.startswith(f"/{name}") for pointer in pointers(api.post({name: value}, 422)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("themes", "culture"), ("needs", "financer"), ("supported_by", "apes"), ("other_communes", "62041")],
)
def test_a_duplicate_is_refused_where_it_stands(name: str, value: str, api: Api) -> None:
    error = pointers(api.post({name: [value, value]}, 422))[f"/{name}/1"]
    assert error["value"] == value


@pytest.mark.parametrize("code", ["59350", "75056", "2A004", "80021"])
@pytest.mark.parametrize("name", ["commune", "other_communes"])
def test_a_commune_of_another_departement_is_refused_by_its_code(name: str, code: str, api: Api) -> None:
    problem = api.post({name: code if name == "commune" else [code]}, 422)
    assert problem["code"] == "hors-departement"
    error = pointers(problem)["/commune" if name == "commune" else "/other_communes/0"]
    assert (error["value"], error["code"]) == (code, "hors-departement")
    assert "Pas-de-Calais" in error["detail"]


@pytest.mark.parametrize("code", ["62999", "Arras", "", "6204", "62 41", "abcde", "６２０４１", "62000"])
def test_a_commune_that_does_not_exist_is_not_said_to_be_elsewhere(code: str, api: Api) -> None:
    problem = api.post({"commune": code}, 422)
    assert problem.get("code") != "hors-departement"
    assert "/commune" in pointers(problem)


@pytest.mark.parametrize("value", [62041, 62041.0, True, ["62041"], {}, "620410", "62041 "])
def test_a_commune_of_the_wrong_type_is_refused(value: object, api: Api) -> None:
    assert "/commune" in pointers(api.post({"commune": value}, 422))


@pytest.mark.parametrize(
    "day",
    [
        "2026-13-01",
        "2026-02-30",
        "22/11/2026",
        "2026-11-22T00:00:00",
        "20261122",
        "20261122  ",
        "2026-W47-7",
        "2026-1-2",
        "",
        "demain",
        " 2026-11-2",
        "２０２６-11-22",
        5,
        True,
        [],
        {},
        "10000-01-01",
    ],
)
def test_a_bad_day_is_refused_with_an_example(day: object, api: Api) -> None:
    error = pointers(api.post({"on": day}, 422))["/on"]
    assert error["value"] == day
    assert re.search(r"\d{4}-\d\d-\d\d", error["detail"])


def test_every_refused_value_is_told_at_once(api: Api) -> None:
    bad = {"stage": "forge", "holder": 3, "needs": ["financer", "forge"], "commune": "59350", "age": 12}
    told = pointers(api.post(bad, 422))
    assert {"/stage", "/holder", "/age"} <= set(told)


def test_every_unknown_value_of_the_lists_is_told_at_once(api: Api) -> None:
    bad = {"needs": ["forge", "financer", "faux"], "themes": ["faux"], "commune": "59350", "other_communes": ["99999"]}
    assert set(pointers(api.post(bad, 422))) == {"/needs/0", "/needs/2", "/themes/0", "/commune", "/other_communes/0"}


# --- bodies that are not profiles


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"idee",
        b"{'stage': 'idee'}",
        b'{"stage": "idee",}',
        b'{"stage": "idee"} {}',
        b"\x00",
        b"\xff\xfe{\x00}\x00",
        b'{"stage": "\xe9"}',
        '{"stage": "idée"}'.encode("latin-1"),
        "{}".encode("utf-16"),
        b"[" * 30_000,
        b'{"stage":' * 6_000,
        b'{"stage": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"stage": ' + b"1" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_not_json_is_refused_politely(body: bytes, api: Api) -> None:
    assert "JSON" in api.send(body, 422)["detail"]


@pytest.mark.parametrize("value", [b"NaN", b"Infinity", b"-Infinity"])
def test_what_only_python_calls_json_is_refused(value: bytes, api: Api) -> None:
    for body in (b'{"stage": %b}', b'{"age": %b}', b'{"needs": [%b]}', b'{"on": %b}'):
        api.send(body % value, 422)


def test_a_number_too_large_for_any_program_is_refused_without_breaking(api: Api) -> None:
    api.send(b'{"stage": 1e999}', 422)


@pytest.mark.parametrize(
    "body", [b'{"stage": "\\ud800"}', b'{"\\udfff": 1}', b'{"needs": ["\\ud83c"]}', b'{"on": "\\ud800"}']
)
def test_half_a_character_is_refused_without_breaking(body: bytes, api: Api) -> None:
    api.send(body, 422)


@pytest.mark.parametrize("body", [b"[]", b"null", b"true", b"12", b'"idee"', b'[{"stage": "idee"}]'])
def test_json_that_is_not_an_object_is_refused(body: bytes, api: Api) -> None:
    assert "objet" in api.send(body, 422)["detail"]


@pytest.mark.parametrize("body", [b'{"stage": [[[[[["idee"]]]]]]}', b'{"a": {"b": {"c": {"d": {}}}}}'])
def test_a_nested_value_is_refused_where_it_stands(body: bytes, api: Api) -> None:
    assert set(pointers(api.send(body, 422))) & {"/stage", "/a"}


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "image/png",
    ],
)
def test_another_type_of_content_is_refused(content_type: str | None, api: Api) -> None:
    api.send(b'{"stage": "idee"}', 415, content_type)


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10_000_000])
def test_a_body_too_heavy_is_refused(size: int, api: Api) -> None:
    api.send(b"{}" + b" " * (size - 2), 413)


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10_000_000])
def test_a_body_too_heavy_that_does_not_say_its_size_is_refused_too(size: int, api: Api) -> None:
    response = api.client.post(
        ORIENTATIONS,
        input_stream=BytesIO(b"{}" + b" " * (size - 2)),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    api.judge("POST", ORIENTATIONS, 413, response)


def test_a_body_of_the_largest_size_is_read(api: Api) -> None:
    api.send(b"{}" + b" " * (64 * 1024 - 2), 200)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_profile_is_only_posted(method: str, api: Api) -> None:
    response = api.client.open(ORIENTATIONS, method=method)
    api.judge(method, ORIENTATIONS, 405, response)
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize("address", [*LISTS, "/api/v1/communes", "/api/v1/structures/apes", "/api/v1/dispositifs/dla"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_list_is_only_read(address: str, method: str, api: Api) -> None:
    response = api.client.open(address, method=method)
    api.judge(method, address, 405, response)
    assert "GET" in response.headers["Allow"]


def values() -> st.SearchStrategy[Any]:
    """Any JSON at all, and often something close to a right answer."""
    texts = st.text(max_size=30) | st.sampled_from(
        ["idee", "financer", "62041", "59350", "culture", "apes", "2026-11-22"]
    )
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3))


@given(st.dictionaries(st.sampled_from([*Profile.model_fields, "on", "autre"]), values(), max_size=6))
def test_any_object_is_oriented_or_refused_where_it_is_wrong(api: Api, body: dict[str, Any]) -> None:
    response = api.client.post(ORIENTATIONS, data=json.dumps(body), content_type="application/json")
    answer = api.judge("POST", ORIENTATIONS, 200 if response.status_code == 200 else 422, response)
    if response.status_code == 422:
        assert {pointer.split("/")[1] for pointer in pointers(answer)} <= set(body)


@given(st.binary(max_size=2000))
def test_any_bytes_get_an_answer(api: Api, body: bytes) -> None:
    response = api.client.post(ORIENTATIONS, data=body, content_type="application/json")
    assert response.status_code in (200, 422)
    read_json(response)


# --- lists


def everything(address: str, api: Api, per_page: int = 100, **filters: str) -> list[dict[str, Any]]:
    """Every item of a list, page after page."""
    return list(_pages(address, api, per_page, filters))


def _pages(address: str, api: Api, per_page: int, filters: dict[str, str]) -> Iterator[dict[str, Any]]:
    number, total = 1, None
    while True:
        answer = api.get(address, page=number, per_page=per_page, **filters)
        assert set(answer) == {"items", "total"}
        assert total in (None, answer["total"])
        total, number = answer["total"], number + 1
        yield from answer["items"]
        if not answer["items"]:
            return


@pytest.mark.parametrize("address", LISTS)
def test_a_list_holds_everything_once(address: str, api: Api, knowledge: KnowledgeBase) -> None:
    whole = {"structures": knowledge.structures, "dispositifs": knowledge.dispositifs, "terms": knowledge.terms}
    wanted = whole[address.rsplit("/", 1)[1]]
    for per_page in (7, 100):
        items = everything(address, api, per_page)
        assert sorted(item["id"] for item in items) == sorted(wanted)
    assert api.get(address)["total"] == len(wanted)


@pytest.mark.parametrize("address", LISTS)
def test_a_page_of_a_list_has_the_size_asked_for(address: str, api: Api) -> None:
    assert len(api.get(address)["items"]) == 20
    assert len(api.get(address, per_page=1)["items"]) == 1
    first, second = api.get(address, per_page=3)["items"], api.get(address, per_page=3, page=2)["items"]
    assert api.get(address, per_page=6)["items"] == first + second


@pytest.mark.parametrize("address", LISTS)
def test_a_page_after_the_last_is_empty(address: str, api: Api) -> None:
    answer = api.get(address, page=9999)
    assert answer["items"] == []
    assert answer["total"] > 0


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"),
        ("page", "-1"),
        ("page", "un"),
        ("page", ""),
        ("page", "1.5"),
        ("page", "9" * 5000),
        ("per_page", "0"),
        ("per_page", "101"),
        ("per_page", "-5"),
        ("per_page", "tout"),
        ("q", "a" * 5000),
    ],
)
def test_a_parameter_out_of_bounds_is_refused(address: str, name: str, value: str, api: Api) -> None:
    assert pointers(api.get(address, 422, **{name: value}))[f"/{name}"]["value"] == value


@pytest.mark.parametrize("kind", ["structure", "dispositif"])
def test_every_entry_is_served_whole_and_alike_alone_and_in_the_list(
    kind: str, api: Api, knowledge: KnowledgeBase
) -> None:
    for item in everything(f"/api/v1/{kind}s", api):
        entry = knowledge.entries[item["id"]]
        assert (item["kind"], item["url"], item["name"]) == (kind, entry.page_url, entry.name)
        assert item["sources"]
        assert item["verified_on"] == entry.verified_on.isoformat()
        assert item["confidence"] == entry.confidence
        assert api.get(f"/api/v1/{kind}s/{item['id']}") == item


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/structures/inconnue",
        "/api/v1/structures/dla",
        "/api/v1/dispositifs/apes",
        "/api/v1/structures/APES",
        "/api/v1/structures/%00",
        "/api/v1/structures/a/b",
        "/api/v1/structures/",
        "/api/v1/",
        "/api/v1/needs",
        "/api/v2/structures",
        "/api/inconnu",
    ],
)
def test_what_does_not_exist_is_a_problem_in_french(address: str, api: Api) -> None:
    assert api("GET", address, 404)["type"]


def holds(name: str, value: str, item: dict[str, Any], knowledge: KnowledgeBase) -> bool:
    if name == "commune":
        epci = knowledge.territory.communes[value].epci.id
        return item["territory"]["everywhere"] or epci in item["territory"]["epcis"]
    return {
        "need": value in item["needs"],
        "stage": value in item["stages"],
        "theme": not item["themes"] or value in item["themes"],
    }[name]


@pytest.mark.parametrize("kind", ["structures", "dispositifs"])
@pytest.mark.parametrize(
    ("name", "value"), [("need", "financer"), ("stage", "idee"), ("theme", "culture"), ("commune", "62041")]
)
def test_a_filter_keeps_exactly_what_it_says(
    kind: str, name: str, value: str, api: Api, knowledge: KnowledgeBase
) -> None:
    whole = everything(f"/api/v1/{kind}", api)
    kept = everything(f"/api/v1/{kind}", api, **{name: value})
    wanted = [item["id"] for item in whole if holds(name, value, item, knowledge)]
    assert sorted(item["id"] for item in kept) == sorted(wanted)
    assert 0 < len(kept) <= len(whole)


def test_filters_add_up(api: Api, knowledge: KnowledgeBase) -> None:
    filters = {"need": "financer", "commune": "62193", "stage": "creation"}
    kept = everything("/api/v1/structures", api, **filters)
    assert kept
    assert all(holds(name, value, item, knowledge) for item in kept for name, value in filters.items())


@pytest.mark.parametrize("kind", ["structures", "dispositifs"])
@pytest.mark.parametrize("name", ["need", "stage", "theme", "commune"])
@pytest.mark.parametrize("value", ["forge", "é", "\x00", "financer,idee"])
def test_a_value_that_a_filter_does_not_know_is_refused(kind: str, name: str, value: str, api: Api) -> None:
    error = pointers(api.get(f"/api/v1/{kind}", 422, **{name: value}))[f"/{name}"]
    assert error["value"] == value
    assert name == "commune" or error["known"]


@pytest.mark.parametrize("kind", ["structures", "dispositifs"])
@pytest.mark.parametrize("name", ["need", "stage", "theme", "commune", "q"])
def test_an_empty_filter_filters_nothing(kind: str, name: str, api: Api) -> None:
    assert api.get(f"/api/v1/{kind}", **{name: ""}) == api.get(f"/api/v1/{kind}")


def test_a_filter_on_a_commune_of_another_departement_says_so(api: Api) -> None:
    error = pointers(api.get("/api/v1/structures", 422, commune="59350"))["/commune"]
    assert error["code"] == "hors-departement"


@pytest.mark.parametrize("address", LISTS)
def test_a_parameter_that_nobody_knows_changes_nothing(address: str, api: Api) -> None:
    assert api.get(address, inconnu="1") == api.get(address)


@pytest.mark.parametrize(("text", "first"), [("dla", "dla"), ("budjet citoyen", "budget-citoyen")])
def test_a_text_finds_an_entry_first(text: str, first: str, api: Api) -> None:
    assert api.get("/api/v1/dispositifs", q=text)["items"][0]["id"] == first


def test_a_text_that_nothing_holds_finds_nothing(api: Api) -> None:
    for address in LISTS:
        assert api.get(address, q="zzzzzzzz") == {"items": [], "total": 0}


def test_a_text_finds_a_term(api: Api) -> None:
    assert "scic" in [item["id"] for item in api.get("/api/v1/terms", q="SCIC")["items"]]


# --- communes


def test_a_commune_is_described_as_the_contract_says(api: Api) -> None:
    answer = api.get("/api/v1/communes", q="Arras")
    first = answer["items"][0]
    assert set(answer) == {"items", "total"}
    assert set(first) == {"code", "name", "postcodes", "epci", "matched"}
    assert (first["code"], first["name"], first["matched"]) == ("62041", "Arras", "exact")
    assert first["postcodes"] == ["62000"]
    assert (first["epci"]["id"], first["epci"]["siren"]) == ("epci-arras", "200033579")
    assert answer["total"] == len(answer["items"])


@pytest.mark.parametrize(
    ("text", "code", "matched"),
    [
        ("arras", "62041", "exact"),
        ("St Omer", "62765", "exact"),
        ("62041", "62041", "exact"),
        ("Lilers", "62516", "close"),
    ],
)
def test_a_commune_says_how_it_was_recognised(text: str, code: str, matched: str, api: Api) -> None:
    found = {item["code"]: item["matched"] for item in api.get("/api/v1/communes", q=text)["items"]}
    assert found[code] == matched


def test_an_old_name_is_recognised_as_such(api: Api) -> None:
    found = [item["matched"] for item in api.get("/api/v1/communes", q="Neufchâtel")["items"]]
    assert set(found) <= {"old-name", "close"}
    assert found


def test_a_postal_code_gives_all_its_communes(api: Api, knowledge: KnowledgeBase) -> None:
    found = {item["code"] for item in api.get("/api/v1/communes", q="62140")["items"]}
    assert found >= {each.code for each in knowledge.territory.communes.values() if "62140" in each.postcodes}


def test_lille_is_never_an_exact_answer(api: Api) -> None:
    assert "exact" not in [item["matched"] for item in api.get("/api/v1/communes", q="Lille")["items"]]


@pytest.mark.parametrize("text", ["", " ", "zzzzzzzz", "\x00", "🏡"])
def test_a_text_that_names_nowhere_finds_nothing(text: str, api: Api) -> None:
    assert api.get("/api/v1/communes", q=text) == {"items": [], "total": 0}


def test_a_text_too_long_to_be_a_commune_is_refused(api: Api) -> None:
    assert "/q" in pointers(api.get("/api/v1/communes", 422, q="a" * 5000))


@given(st.text(max_size=200))
def test_any_text_gets_an_answer_of_the_right_shape(api: Api, text: str) -> None:
    for address in (*LISTS, "/api/v1/communes"):
        answer = api.get(address, q=text, **({} if "communes" in address else {"per_page": 2}))
        assert len(answer["items"]) <= answer["total"]


# --- how often


def test_more_than_120_calls_a_minute_are_refused_with_when_to_come_back(make_app: MakeApp, api: Api) -> None:
    client = make_app(rate_limits="on").test_client()
    forged = [{"X-Forwarded-For": f"10.0.0.{number}"} for number in range(130)]
    answers = [client.get("/api/v1/communes", headers=headers) for headers in forged]
    assert [answer.status_code for answer in answers] == [200] * 120 + [429] * 10
    problem = Api(client, api.document).judge("GET", "/api/v1/communes", 429, answers[-1])
    assert problem["title"]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def test_reading_pages_is_never_limited(make_app: MakeApp) -> None:
    client = make_app(rate_limits="on").test_client()
    assert {client.get("/mentions-legales").status_code for _ in range(130)} == {200}


def test_each_address_has_its_own_count_behind_a_trusted_relay(make_app: MakeApp) -> None:
    client = make_app(rate_limits="on", trusted_proxies=1).test_client()
    for address in ("10.0.0.1", "10.0.0.2"):
        answers = [client.get("/api/v1/communes", headers={"X-Forwarded-For": address}) for _ in range(120)]
        assert {answer.status_code for answer in answers} == {200}
