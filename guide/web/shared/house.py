"""What a request needs to find: the settings and the knowledge base of the running application."""

from typing import cast

from flask import Flask, current_app

from guide.content.base import KnowledgeBase
from guide.settings import Settings

_KNOWLEDGE, _SETTINGS = "guide-knowledge", "guide-settings"


def install(app: Flask, settings: Settings, knowledge: KnowledgeBase) -> None:
    """Give the application its settings and its knowledge base, once."""
    app.extensions[_SETTINGS] = settings
    app.extensions[_KNOWLEDGE] = knowledge


def get_knowledge() -> KnowledgeBase:
    """The knowledge base, read once when the server starts."""
    return cast(KnowledgeBase, current_app.extensions[_KNOWLEDGE])


def get_settings() -> Settings:
    """The settings, read once when the server starts."""
    return cast(Settings, current_app.extensions[_SETTINGS])
