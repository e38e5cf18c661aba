"""Typed settings, read from ``GUIDE_*`` environment variables."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSettingError

from guide.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "secret-de-developpement"  # noqa: S105 - named so that production can refuse it
_SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """What changes from one installation to another; each field is the variable ``GUIDE_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="GUIDE_", frozen=True, extra="ignore")

    public_url: str = Field("http://127.0.0.1:8000", description="Adresse publique : elle construit tous les liens.")
    instance: Path = Field(ROOT / "instance", description="Dossier de tout ce que le service écrit.")
    secret_key: str = Field(DEVELOPMENT_SECRET, description="Clé secrète, 32 signes au moins derrière https.")
    rate_limits: Literal["on", "off"] = Field("on", description="« off » pour les mesures ; refusé derrière https.")
    trusted_proxies: int = Field(0, ge=0, le=4, description="Nombre de relais de confiance devant le service.")
    extra_hosts: list[str] = Field([], description="Autres noms d'hôte acceptés, en liste JSON.")

    @property
    def behind_https(self) -> bool:
        """Whether the public address is https: production rules apply."""
        return self.public_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        """Host names that a request may carry; any other is refused."""
        return [urlsplit(self.public_url).hostname or "", "127.0.0.1", "localhost", *self.extra_hosts]

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not urlsplit(value).hostname:
            raise ValueError(value)
        return value

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        reasons = []
        if self.behind_https and (self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < _SHORTEST_SECRET):
            reasons.append(
                "GUIDE_SECRET_KEY doit être définie (32 signes au moins, tirés au hasard) quand l'adresse publique "
                "est en https ; par exemple : python -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        if self.behind_https and self.rate_limits == "off":
            reasons.append("GUIDE_RATE_LIMITS=off est réservé aux mesures : refusé quand l'adresse est en https")
        if reasons:
            raise ValueError("\n".join(reasons))
        return self


_EXPECTED = {
    "public_url": "une adresse comme https://guide.exemple.fr",
    "instance": "un dossier",
    "secret_key": "un texte",
    "rate_limits": "on ou off",
    "trusted_proxies": "un nombre de 0 à 4",
    "extra_hosts": 'une liste JSON comme ["guide.exemple.fr"]',
}


def read_settings() -> Settings:
    """Read the environment; raise SettingsError with every reason, in French, when it cannot be served safely."""
    try:
        return Settings()
    except UnreadableSettingError:
        name = "extra_hosts"  # the only setting written in JSON
        raise SettingsError(f"Réglages refusés :\nGUIDE_{name.upper()} : attendu : {_EXPECTED[name]}") from None
    except ValidationError as error:
        reasons = [_explain(problem) for problem in error.errors()]
        raise SettingsError("Réglages refusés :\n" + "\n".join(reasons)) from None


def _explain(problem: ErrorDetails) -> str:
    if not problem["loc"]:
        return problem["msg"].removeprefix("Value error, ")
    name = str(problem["loc"][0])
    return f"GUIDE_{name.upper()} : attendu : {_EXPECTED[name]}"
