"""The directory and the pages of the entries."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from guide.content.models import Entry, Kind
from guide.directory import search_entries
from guide.web.public.filters import epci_url, filter_options, read_query
from guide.web.public.forms import SearchForm
from guide.web.shared.house import get_knowledge


def add_routes(blueprint: Blueprint) -> None:
    """Add the directory and its entries."""
    blueprint.add_url_rule("/annuaire", "directory", directory)
    for kind in ("structure", "dispositif"):
        blueprint.add_url_rule(f"/{kind}s", f"{kind}s", whole_kind, defaults={"kind": kind})
        blueprint.add_url_rule(f"/{kind}s/<identifier>", kind, entry_page, defaults={"kind": kind})


def directory() -> str:
    """Search and filter; results are grouped by family unless a text orders them."""
    knowledge, form = get_knowledge(), SearchForm(request.args)
    query = read_query(form)
    found = search_entries(query, knowledge)
    families = knowledge.order.families
    groups = [("", found)] * bool(found) if query.q else _by_family(found, list(families))
    return render_template(
        "directory.html",
        query=query,
        groups=groups,
        found=found,
        nearest=[entry for entry in found if query.epci in entry.territory.epcis],
        families=families,
        url_of=lambda epci: epci_url(query, epci),
        **filter_options(),
    )


def _by_family(found: list[Entry], families: list[str]) -> list[tuple[str, list[Entry]]]:
    ordered = sorted(found, key=lambda entry: families.index(entry.family))
    return [(family, list(entries)) for family, entries in groupby(ordered, key=lambda entry: entry.family)]


def whole_kind(kind: Kind) -> BaseResponse:
    """All the structures, or all the dispositifs: the directory, filtered."""
    return redirect(url_for("public.directory", kind=kind), 303)


def entry_page(kind: Kind, identifier: str) -> str:
    """The card of a structure or of a dispositif, whole."""
    entry = get_knowledge().get_entry(identifier)
    if entry.kind != kind:
        raise NotFound
    carried = [other for other in get_knowledge().entries.values() if other.via == entry.id]
    return render_template("entry.html", entry=entry, carried=carried)
