"""Deny by default: each endpoint is in one access list, answers its own methods only, and reading changes nothing."""

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.addresses import ACCESS_LISTS, ALL_READ, EVERYTHING, methods_of
from tests.web.conftest import MakeApp

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BREW")


def test_every_endpoint_is_in_exactly_one_access_list(app: Flask) -> None:
    listed = Counter(endpoint for group in ACCESS_LISTS for endpoint in group)
    assert listed == Counter({rule.endpoint for rule in app.url_map.iter_rules()})


def test_every_address_of_the_lists_leads_to_the_endpoint_that_it_stands_for(app: Flask) -> None:
    for endpoint, addresses in EVERYTHING.items():
        for address in addresses:
            method = "GET" if "GET" in methods_of(endpoint) else "POST"
            with app.test_request_context(address, method=method) as context:
                assert context.request.endpoint == endpoint


def test_every_rule_declares_the_methods_of_its_list_and_no_other(app: Flask) -> None:
    assert {rule.endpoint: rule.methods for rule in app.url_map.iter_rules()} == {
        endpoint: methods_of(endpoint) for endpoint in EVERYTHING
    }


@pytest.mark.parametrize("endpoint", EVERYTHING)
def test_an_endpoint_refuses_every_method_that_is_not_its_own(endpoint: str, client: FlaskClient) -> None:
    for method in METHODS:
        response = client.open(EVERYTHING[endpoint][0], method=method, buffered=True)
        assert (response.status_code == 405) == (method not in methods_of(endpoint)), method
        if response.status_code == 405 or method == "OPTIONS":
            assert set(response.headers["Allow"].split(", ")) == methods_of(endpoint)


@pytest.mark.parametrize("address", ALL_READ)
def test_trace_is_refused_and_echoes_nothing(address: str, client: FlaskClient) -> None:
    response = client.open(address, method="TRACE", headers={"X-Secret": "zqmark"}, buffered=True)
    assert response.status_code == 405
    assert "zqmark" not in response.text


@pytest.mark.parametrize(
    "address", [*ALL_READ, "/inconnu", "/structures/inconnue", "/api/v1/inconnu", "/questionnaire/etape?valider=1"]
)
def test_reading_sets_no_cookie_and_never_depends_on_one(address: str, client: FlaskClient) -> None:
    alone = client.get(address, buffered=True)
    known = client.get(address, headers={"Cookie": "session=abc; autre=1"}, buffered=True)
    assert alone.status_code < 500
    for response in (alone, known):
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
    assert (known.status_code, known.data) == (alone.status_code, alone.data)


def test_sending_a_profile_sets_no_cookie(client: FlaskClient) -> None:
    response = client.post("/api/v1/orientations", json={"stage": "idee"})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("address", ALL_READ)
def test_head_answers_as_get_without_the_body(address: str, client: FlaskClient) -> None:
    whole, head = client.get(address, buffered=True), client.head(address, buffered=True)
    assert head.status_code == whole.status_code
    assert head.data == b""
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_reading_the_whole_site_writes_nothing_on_the_disk(make_app: MakeApp, tmp_path: Path) -> None:
    client = make_app(instance=tmp_path / "instance").test_client()
    for address in ALL_READ:
        assert client.get(address, buffered=True).status_code in (200, 303)
    assert client.post("/api/v1/orientations", json={"needs": ["financer"]}).status_code == 200
    assert list(tmp_path.rglob("*")) == []
