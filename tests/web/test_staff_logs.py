"""What the logs keep of the team: who did what, by number; never a name, an address, a password, a code or a token."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest

from guide.models.staff import LinkPurpose
from guide.web.shared.guards import install_logs
from tests.web.team import ADVISER, OTHER_PASSWORD, PASSWORD, Team

NAME = "Zqmark Zqnom"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the production server would have written on its standard error."""
    house, output = logging.getLogger("guide"), io.StringIO()
    before = (house.handlers[:], house.level, house.propagate)
    with redirect_stderr(output):
        install_logs()
    yield output
    house.handlers[:], house.level, house.propagate = before


def test_every_event_is_one_line_with_numbers_and_nothing_personal(team: Team, written: io.StringIO) -> None:
    camille, gone = team.colleague(name=NAME), team.colleague(ADVISER, "Zqpartie Zqnom")
    camille.give_password("zqmauvais mot de passe", 422)
    camille.email, email = "zqinconnu@exemple.fr", camille.email
    camille.give_password(status=422)
    camille.email = email
    camille.give_password()
    camille.give_code("123 456", 422)
    code = camille.code
    camille.give_code(code)
    camille.open("/equipe/agents")
    camille.confirm()
    form = (
        camille.form("/equipe/agents").write("colleague_name", "Zqalix").write("colleague_email", "zqalix@exemple.fr")
    )
    camille.send(form.tick("role", "reader"))
    camille.send(camille.form(f"/equipe/agents/{gone.id}/desactivation"))
    reset = team.link(camille, LinkPurpose.PASSWORD_RESET)
    browser = team.somebody()
    page = browser.open(reset)
    form = page.form(reset).write("password", OTHER_PASSWORD).write("password_again", OTHER_PASSWORD)
    browser.send(form)
    browser.open(reset, 410)
    said = written.getvalue()
    lines = [json.loads(line) for line in said.splitlines()]
    events = [(line["event"], line["account"]) for line in lines if line["name"] == "guide.team"]
    me = str(camille.id)
    assert events[:8] == [
        ("password_refused", me),
        ("password_refused", None),
        ("password_accepted", me),
        ("second_factor_refused", me),
        ("signed_in", me),
        ("confirmed", me),
        ("invited", events[6][1]),
        ("disabled", str(gone.id)),
    ]
    assert events[8:] == [("password_reset", me), ("link_refused", None)]
    assert {line.get("by") for line in lines if line["name"] == "guide.team"} == {None, me}
    token = reset.rsplit("/", 1)[1]
    hidden = ["zq", "exemple.fr", PASSWORD, OTHER_PASSWORD, code, "123 456", camille.seed, token, camille.key or "-"]
    assert [secret for secret in hidden if secret.lower() in said.lower()] == []
    requests = {line["request"] for line in lines if line["name"] == "guide.requests"}
    assert {line["request"] for line in lines if line["name"] == "guide.team"} <= requests


def test_a_refusal_to_the_wrong_role_is_told(team: Team, written: io.StringIO) -> None:
    dominique = team.signed_in(ADVISER, "Dominique Petit")
    written.truncate(0)
    written.seek(0)
    dominique.client.get("/equipe/agents")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["event"], line["account"]) for line in lines if "event" in line] == [
        ("access_refused", str(dominique.id))
    ]
