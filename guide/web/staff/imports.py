"""The import of the Mission ESS's table: a file, what it would do, then its dossiers. For officers."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from guide.days import now
from guide.errors import StaleError, TableError
from guide.importing import waiting as use_cases
from guide.importing.confirming import confirm_table
from guide.importing.waiting import KEPT_HOURS, Preview
from guide.models import TableImport
from guide.store import imports as store
from guide.tables.columns import COLUMNS
from guide.tables.comparing import Fate
from guide.tables.holders import describe, label
from guide.tables.reader import read_table
from guide.tables.rows import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS
from guide.tables.template import csv_template, xlsx_template
from guide.web.shared.guards import LARGEST_BODY, accept_upload
from guide.web.shared.house import get_database, get_knowledge, get_settings
from guide.web.shared.problems import answer_status
from guide.web.staff.guard import current_account
from guide.web.staff.import_forms import ChoiceForm, ImportForm
from guide.web.staff.trail import tell

_SHOWN = {"problems": 200, "doubts": 200, "rows": 50, "brought": 100}  # lines of each list; the counts are whole
_STALE = "Le bureau a changé depuis cet aperçu : relisez ce qui va être fait, puis confirmez."
_MEGABYTES = LARGEST_FILE // 1024 // 1024
_TOO_HEAVY = (
    "Envoi trop lourd",
    f"Ce qui a été envoyé est trop volumineux : {_MEGABYTES} Mo au plus pour un tableau.",
    "Gardez les colonnes et les lignes utiles, puis recommencez.",
)
_TEMPLATES = {
    "csv": (csv_template, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_template, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def add_routes(blueprint: Blueprint) -> None:
    """Add the pages of the import. It is the only place where a file may be sent."""
    blueprint.add_url_rule("/imports", "imports", imports, methods=["GET", "POST"])
    blueprint.add_url_rule("/imports/modele.<any(csv, xlsx):kind>", "import_template", import_template)
    blueprint.add_url_rule("/imports/<uuid:import_id>", "import_preview", import_preview, methods=["GET", "POST"])
    blueprint.add_url_rule("/imports/<uuid:import_id>/abandon", "abandon_import", abandon_import, methods=["POST"])
    blueprint.record_once(lambda state: accept_upload(state.app, "staff.imports", LARGEST_FILE + LARGEST_BODY))
    blueprint.register_error_handler(RequestEntityTooLarge, lambda _: answer_status(413, _TOO_HEAVY))


def imports() -> BaseResponse:
    """Explain the table, and read the one that is sent; nothing is imported before it is confirmed."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _show_start(form, 422 if form.problems else 200)
    try:
        table = read_table(form.read())
    except TableError as error:
        form.refuse("table", str(error))
        return _show_start(form, 422)
    with get_database().writing() as session:
        kept = use_cases.keep_table(session, current_account(), table, secret=get_settings().secret_key, at=now())
    tell("table_read", current_account().id)
    return redirect(url_for("staff.import_preview", import_id=kept.id), 303)


def _show_start(form: ImportForm, status: int) -> Response:
    with get_database().reading() as session:
        done = store.list_done(session)
        waiting = store.list_waiting(session, current_account().id, now() - timedelta(hours=KEPT_HOURS))
    limits = {"megabytes": _MEGABYTES, "rows": MOST_ROWS, "columns": MOST_COLUMNS}
    said = {"form": form, "done": done, "waiting": waiting, "columns": COLUMNS, "limits": limits}
    return make_response(render_template("staff/imports.html", **said), status)


def import_template(kind: str) -> Response:
    """Give the table to fill in."""
    make, mimetype = _TEMPLATES[kind]
    response = Response(make(), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="porteurs-mission-ess.{kind}"'
    return response


def import_preview(import_id: UUID) -> BaseResponse:
    """Show what a table would do, or what it did; do it."""
    with get_database().reading() as session:
        kept = store.get_import(session, import_id)
        brought = store.list_brought(session, import_id, _SHOWN["brought"]) if kept.done_at else []
        if kept.done_at is not None and request.method == "POST":  # a second click
            return redirect(url_for("staff.import_preview", import_id=import_id), 303)
        if kept.done_at is not None:
            return make_response(render_template("staff/import_done.html", kept=kept, brought=brought))
        preview = _preview(session, kept)
    form = ChoiceForm(preview)
    if not form.validate_on_submit():
        return _show_preview(kept, preview, form, 422 if form.problems else 200)
    return _confirm(import_id, form)


def _preview(session: Session, kept: TableImport) -> Preview:
    return use_cases.preview_table(
        session, current_account(), kept, knowledge=get_knowledge(), secret=get_settings().secret_key, now=now()
    )


def _show_preview(
    kept: TableImport, preview: Preview, form: ChoiceForm, status: int, notice: str | None = None
) -> Response:
    form.digest.data = preview.comparison.digest
    rows = {fate.name.lower(): preview.comparison.of(fate) for fate in Fate}
    said = {"kept": kept, "preview": preview, "form": form, "rows": rows, "most": _SHOWN, "notice": notice}
    words = {"label": label, "in_words": _in_words}
    return make_response(render_template("staff/import_preview.html", **said, **words), status)


def _in_words(key: str, value: str | None) -> str:
    """One thing that a row says, as it is read."""
    return dict(describe({key: value}, get_knowledge().territory))[label(key)] if value else "rien"


def _confirm(import_id: UUID, form: ChoiceForm) -> BaseResponse:
    account, settings = current_account(), get_settings()
    try:
        with get_database().writing() as session:
            confirm_table(
                session,
                account,
                import_id,
                form.choice,
                knowledge=get_knowledge(),
                secret=settings.secret_key,
                now=now(),
            )
    except (StaleError, IntegrityError):  # another import was confirmed meanwhile
        with get_database().reading() as session:
            kept = store.get_import(session, import_id)
            preview = _preview(session, kept)
        return _show_preview(kept, preview, ChoiceForm(preview, formdata=None), 409, _STALE)
    tell("table_imported", account.id)
    return redirect(url_for("staff.import_preview", import_id=import_id), 303)


def abandon_import(import_id: UUID) -> BaseResponse:
    """Forget a table that waits."""
    with get_database().writing() as session:
        use_cases.abandon_table(session, current_account(), import_id)
    return redirect(url_for("staff.imports"), 303)
