"""Settings: safe by default on a laptop, strict behind https, and explained in French when refused."""

import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from guide.errors import SettingsError
from guide.settings import ROOT, read_settings

GOOD_SECRET = "un-secret-de-plus-de-32-signes-tire-au-hasard"  # noqa: S105 - of no use to anybody
ENGLISH = re.compile(r"\b(should|input|valid|error|parsing|field|greater|less|value)\b", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _no_setting_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GUIDE_")]:
        monkeypatch.delenv(name)


def test_a_laptop_needs_no_setting() -> None:
    settings = read_settings()
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.instance == ROOT / "instance"
    assert settings.rate_limits == "on"
    assert not settings.behind_https
    assert set(settings.trusted_hosts) == {"127.0.0.1", "localhost"}


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://guide.exemple.fr")
    monkeypatch.setenv("GUIDE_SECRET_KEY", GOOD_SECRET)
    monkeypatch.setenv("GUIDE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("GUIDE_TRUSTED_PROXIES", "1")
    monkeypatch.setenv("GUIDE_EXTRA_HOSTS", '["ess.exemple.fr"]')
    settings = read_settings()
    assert settings.behind_https
    assert settings.instance == tmp_path
    assert settings.trusted_proxies == 1
    assert {"guide.exemple.fr", "ess.exemple.fr"} <= set(settings.trusted_hosts)


def test_settings_never_change_once_read() -> None:
    settings = read_settings()
    with pytest.raises(ValidationError):
        settings.rate_limits = "off"  # type: ignore[misc]


@pytest.mark.parametrize("secret", [None, "secret-de-developpement", "", "trop-court", "x" * 31])
def test_a_known_or_short_secret_is_refused_behind_https(monkeypatch: pytest.MonkeyPatch, secret: str | None) -> None:
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://guide.exemple.fr")
    if secret is not None:
        monkeypatch.setenv("GUIDE_SECRET_KEY", secret)
    with pytest.raises(SettingsError, match="GUIDE_SECRET_KEY"):
        read_settings()


def test_a_secret_of_thirty_two_characters_is_enough_behind_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://guide.exemple.fr")
    monkeypatch.setenv("GUIDE_SECRET_KEY", "x" * 32)
    assert read_settings().behind_https


def test_the_measures_may_lift_the_rate_limits_but_never_behind_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_RATE_LIMITS", "off")
    assert read_settings().rate_limits == "off"
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://guide.exemple.fr")
    monkeypatch.setenv("GUIDE_SECRET_KEY", GOOD_SECRET)
    with pytest.raises(SettingsError, match="GUIDE_RATE_LIMITS"):
        read_settings()


def test_every_reason_to_refuse_is_given_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://guide.exemple.fr")
    monkeypatch.setenv("GUIDE_RATE_LIMITS", "off")
    with pytest.raises(SettingsError) as refusal:
        read_settings()
    assert "GUIDE_SECRET_KEY" in str(refusal.value)
    assert "GUIDE_RATE_LIMITS" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GUIDE_PUBLIC_URL", "guide.exemple.fr"),
        ("GUIDE_PUBLIC_URL", "ftp://guide.exemple.fr"),
        ("GUIDE_PUBLIC_URL", "https://"),
        ("GUIDE_PUBLIC_URL", "http://["),
        ("GUIDE_PUBLIC_URL", ""),
        ("GUIDE_RATE_LIMITS", "non"),
        ("GUIDE_TRUSTED_PROXIES", "beaucoup"),
        ("GUIDE_TRUSTED_PROXIES", "-1"),
        ("GUIDE_TRUSTED_PROXIES", "5"),
        ("GUIDE_EXTRA_HOSTS", "ess.exemple.fr"),
        ("GUIDE_EXTRA_HOSTS", '{"a": 1}'),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_and_explained_in_french(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refusal:
        read_settings()
    assert name in str(refusal.value)
    assert not ENGLISH.search(str(refusal.value))


def test_a_demonstration_is_never_served_to_the_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUIDE_INSTANCE", str(tmp_path / "demo"))
    assert read_settings().instance == tmp_path / "demo"
    monkeypatch.setenv("GUIDE_PUBLIC_URL", "https://guide.exemple.fr")
    monkeypatch.setenv("GUIDE_SECRET_KEY", GOOD_SECRET)
    with pytest.raises(SettingsError, match="démonstration"):
        read_settings()
