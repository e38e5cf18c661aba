"""The application, from top to bottom."""

from pathlib import Path

from flask import Flask
from flask_compress import Compress

from guide import cli, operations
from guide.content.base import KnowledgeBase
from guide.content.loader import load_knowledge
from guide.settings import ROOT, Settings, read_settings
from guide.store.database import Database
from guide.web import api, public, staff
from guide.web.shared import freshness, guards, house, kept, problems, templating


def create_app(settings: Settings | None = None, knowledge: KnowledgeBase | None = None) -> Flask:
    """Build the application: settings, knowledge, database, guards, templates, pages, API, error pages, commands."""
    settings = settings or read_settings()
    knowledge = knowledge or load_knowledge(ROOT / "knowledge")
    app = Flask("guide", template_folder=str(ROOT / "templates"), static_folder=_static())
    app.secret_key = settings.secret_key
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    Compress(app)  # installed first, it works last: on what the guards let out
    house.install(app, settings, knowledge, Database(settings.database))
    freshness.install(app)
    guards.install(app, settings)
    templating.install(app, settings, knowledge)
    problems.install(app)
    kept.install(app, settings)
    app.register_blueprint(public.make_blueprint())
    app.register_blueprint(kept.exempt(app, public.assistant.make_blueprint()))
    app.register_blueprint(public.tracking.make_blueprint())
    app.register_blueprint(staff.make_blueprint(settings))
    app.register_blueprint(kept.exempt(app, api.make_blueprint(app, settings)))
    cli.knowledge_command.add_command(operations.cases_command(settings, knowledge))
    app.cli.add_command(cli.knowledge_command)
    operations.install(app, settings, knowledge)
    return app


def _static() -> str:
    return str(Path(__file__).resolve().parent / "web" / "static")
