"""``POST /api/v1/assistant`` against its contract."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

ADDRESS = "/api/v1/assistant"
KINDS = {"answer", "orientation", "clarify", "handoff", "off_topic"}


def ask(client: FlaskClient, body: Any) -> TestResponse:
    return client.post(ADDRESS, json=body)


def test_an_answer_has_every_key_of_the_contract(client: FlaskClient) -> None:
    answer = ask(client, {"message": "c koi le dla ?"}).get_json()
    assert list(answer) == ["kind", "text", "matches", "profile", "ask", "context", "suggestions"]
    assert answer["kind"] == "answer"
    assert answer["matches"][0]["id"] == "dla"
    assert set(answer["matches"][0]) == {"id", "kind", "score", "matched_on"}
    assert set(answer["context"]) == {"asked", "about", "denied"}


def test_profile_and_context_given_back_go_on_with_the_conversation(client: FlaskClient) -> None:
    first = ask(client, {"message": "je cherche une subvention"}).get_json()
    assert first["ask"]["slot"] == "commune"
    second = ask(client, {"message": "Lens", "profile": first["profile"], "context": first["context"]}).get_json()
    assert second["profile"]["commune"] == "62498"
    assert second["profile"]["needs"] == ["subventions"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/message"),
        ({"message": ""}, "/message"),
        ({"message": " \n\u200d\u0000 "}, "/message"),
        ({"message": "a" * 1001}, "/message"),
        ({"message": 3}, "/message"),
        ({"message": None}, "/message"),
        ({"message": ["a"]}, "/message"),
        ({"message": "a", "profile": {"needs": ["argent"]}}, "/profile/needs/0"),
        ({"message": "a", "profile": {"stage": "reve"}}, "/profile/stage"),
        ({"message": "a", "profile": []}, "/profile"),
        ({"message": "a", "profile": {"commune": "75056"}}, "/profile/commune"),
        ({"message": "a", "context": []}, "/context"),
        ({"message": "a", "context": {"asked": "commune"}}, "/context/asked"),
        ({"message": "a", "context": {"about": ["a" * 3000]}}, "/context"),
        ({"message": "a", "langue": "fr"}, "/langue"),
    ],
)
def test_what_cannot_be_read_is_told_in_french(client: FlaskClient, body: Any, pointer: str) -> None:
    response = ask(client, body)
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["errors"][0]["pointer"] == pointer


def test_unknown_keys_of_the_context_are_ignored(client: FlaskClient) -> None:
    assert ask(client, {"message": "bonjour", "context": {"humeur": "bonne"}}).status_code == 200


def test_a_thousand_characters_are_read(client: FlaskClient) -> None:
    assert ask(client, {"message": "é" * 1000}).status_code == 200


@given(st.text(min_size=1, max_size=1000))
def test_any_text_is_answered_as_the_document_says(client: FlaskClient, message: str) -> None:
    response = ask(client, {"message": message})
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        document = client.get("/api/openapi.json").get_json()
        schema = {"$ref": "#/components/schemas/AssistantOut", "components": document["components"]}
        Draft202012Validator(schema).validate(response.get_json())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({"message": JSON}, optional={"profile": JSON, "context": JSON}))
def test_any_json_gets_an_answer_or_a_reason(client: FlaskClient, body: Any) -> None:
    assert ask(client, body).status_code in (200, 422)


@given(st.text(min_size=1, max_size=300))
def test_what_is_answered_can_be_given_back(client: FlaskClient, message: str) -> None:
    first = ask(client, {"message": message})
    if first.status_code == 200:
        body = first.get_json()
        assert body["kind"] in KINDS
        again = ask(client, {"message": "et à Calais ?", "profile": body["profile"], "context": body["context"]})
        assert again.status_code == 200
