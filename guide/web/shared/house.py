"""What a request needs to find: the settings, the knowledge base and the database of the running application."""

from typing import cast

from flask import Flask, current_app, request

from guide.content.base import KnowledgeBase
from guide.secrecy import address_hash
from guide.settings import Settings
from guide.store.database import Database

_KNOWLEDGE, _SETTINGS, _DATABASE = "guide-knowledge", "guide-settings", "guide-database"


def install(app: Flask, settings: Settings, knowledge: KnowledgeBase, database: Database) -> None:
    """Give the application its settings, its knowledge base and its database, once."""
    app.extensions[_SETTINGS] = settings
    app.extensions[_KNOWLEDGE] = knowledge
    app.extensions[_DATABASE] = database


def get_knowledge() -> KnowledgeBase:
    """The knowledge base, read once when the server starts."""
    return cast(KnowledgeBase, current_app.extensions[_KNOWLEDGE])


def get_settings() -> Settings:
    """The settings, read once when the server starts."""
    return cast(Settings, current_app.extensions[_SETTINGS])


def caller() -> str | None:
    """Who calls, as a keyed hash, for what is limited by address; None when limits are off (measures)."""
    settings = get_settings()
    return address_hash(settings.secret_key, request.remote_addr) if settings.rate_limits == "on" else None


def get_database() -> Database:
    """The database: ``get_database().writing()`` commits at the end of its block, before anything is answered."""
    return cast(Database, current_app.extensions[_DATABASE])
