"""The register of personal data says what the tables hold, and nothing else; logs hold none of it."""

import re

from guide.models import Referral, metadata
from guide.privacy import KEPT
from guide.settings import ROOT

REGISTER = (ROOT / "docs" / "donnees-personnelles.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", REGISTER, re.MULTILINE))


def test_every_column_of_a_referral_is_in_the_register_with_its_reason() -> None:
    assert {name for name in ROWS if name in Referral.model_fields} == set(Referral.model_fields)


def test_what_the_register_says_stays_is_what_forgetting_keeps() -> None:
    stays = {name for name, then in ROWS.items() if then == "reste" and name in Referral.model_fields}
    assert stays == set(KEPT) | {"anonymised_at"}


def test_every_table_is_in_the_register() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", REGISTER, re.MULTILINE)) | {"referral"}
    assert {table.name for table in metadata.sorted_tables} <= named


def test_no_column_is_for_what_must_never_be_asked() -> None:
    columns = {column.name for table in metadata.sorted_tables for column in table.columns}
    assert not columns & {"birth_date", "birthday", "gender", "situation", "health", "ip", "user_agent"}
