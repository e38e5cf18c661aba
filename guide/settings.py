"""Typed settings, read from ``GUIDE_*`` environment variables."""

import re
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableSettingError

from guide.delays import Delays
from guide.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "secret-de-developpement"  # noqa: S105 - named so that production can refuse it
DEMO = "demo"  # the name of an instance full of invented people, whose passwords everybody knows
_SHORTEST_SECRET = 32
_LEAST_ARGON2 = 47_104  # KiB (46 MiB with one pass: OWASP, Password Storage)


class Settings(BaseSettings):
    """What changes from one installation to another; each field is the variable ``GUIDE_<FIELD>``."""

    model_config = SettingsConfigDict(env_prefix="GUIDE_", frozen=True, extra="ignore", env_nested_delimiter="__")

    public_url: str = Field("http://127.0.0.1:8000", description="Adresse publique : elle construit tous les liens.")
    instance: Path = Field(ROOT / "instance", description="Dossier de tout ce que le service écrit.")
    secret_key: str = Field(DEVELOPMENT_SECRET, description="Clé secrète, 32 signes au moins derrière https.")
    rate_limits: Literal["on", "off"] = Field("on", description="« off » pour les mesures ; refusé derrière https.")
    trusted_proxies: int = Field(0, ge=0, le=4, description="Nombre de relais de confiance devant le service.")
    extra_hosts: list[str] = Field([], description="Autres noms d'hôte acceptés, en liste JSON.")
    database_url: str = Field("", description="Base de données (SQLAlchemy) ; vide : un fichier SQLite sous instance/.")
    smtp_host: str = Field("", description="Serveur de courriel ; vide : les courriels sont des fichiers d'instance/.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port du serveur de courriel.")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="Chiffrement du courriel.")
    smtp_user: str = Field("", description="Compte du serveur de courriel, s'il en faut un.")
    smtp_password: str = Field("", description="Mot de passe de ce compte.")
    mail_from: str = Field("Guide ESS 62 <guide@localhost>", description="Expéditeur des courriels.")
    mission_email: str = Field("", description="Boîte de la Mission ESS ; vide : chaque agent reçoit les alertes.")
    argon2_memory: int = Field(47_104, ge=8, description="Mémoire d'une vérification de mot de passe, en Kio.")
    deliver: Literal["on", "off"] = Field("on", description="« off » quand les courriels partent d'un autre processus.")
    delays: Delays = Field(default_factory=Delays, description="Délais et durées, un par variable GUIDE_DELAYS__….")

    @property
    def behind_https(self) -> bool:
        """Whether the public address is https: production rules apply."""
        return self.public_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        """Host names that a request may carry; any other is refused."""
        return [urlsplit(self.public_url).hostname or "", "127.0.0.1", "localhost", *self.extra_hosts]

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database; by default a SQLite file of the instance."""
        url = self.database_url or f"sqlite:///{(self.instance / 'guide.db').resolve()}"
        return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)

    @property
    def cases(self) -> Path:
        """Where the reference cases of the team are written, for ``make bench``."""
        return self.instance / "cases.jsonl"

    @property
    def mails(self) -> Path:
        """Where mails are written when there is no mail server."""
        return self.instance / "mails"

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
        if self.behind_https and self.argon2_memory < _LEAST_ARGON2:
            reasons.append(f"GUIDE_ARGON2_MEMORY : {_LEAST_ARGON2} Kio au moins quand l'adresse est en https")
        if self.behind_https and self.instance.name == DEMO:
            reasons.append("GUIDE_INSTANCE : la démonstration a des mots de passe connus, elle est refusée en https")
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
    "smtp_port": "un numéro de port",
    "smtp_security": "starttls, tls ou none",
    "argon2_memory": "un nombre de Kio, 8 au moins",
    "deliver": "on ou off",
    "delays": "un nombre entier positif",
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
    variable = "__".join(str(part) for part in problem["loc"]).upper()
    return f"GUIDE_{variable} : attendu : {_EXPECTED.get(name, 'un texte')}"
