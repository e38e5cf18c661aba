"""The directory and the pages of the entries."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from guide.content.models import Entry, Kind
from guide.directory import Query, search_entries
from guide.text import printable
from guide.web.public.forms import LONGEST_TEXT, SearchForm
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
    query = _query(form)
    found = search_entries(query, knowledge)
    families = knowledge.order.families
    groups = [("", found)] * bool(found) if query.q else _by_family(found, list(families))
    return render_template(
        "directory.html", query=query, groups=groups, found=found, families=families, **_filter_options()
    )


def _filter_options() -> dict[str, list[tuple[str, str]]]:
    """The values and words of each filter, in the order in which people look for them."""
    knowledge = get_knowledge()
    questions = knowledge.questions
    epcis = [(epci, knowledge.structures[epci].name) for epci in knowledge.territory.epcis]
    return {
        "need_options": [(n, knowledge.needs[n].name) for group in knowledge.order.needs for n in group.items],
        "stage_options": [(value, option.label) for value, option in questions["stage"].options.items()],
        "theme_options": [(value, option.label) for value, option in questions["themes"].options.items()],
        "epci_options": sorted(epcis, key=lambda pair: pair[1]),
    }


def _query(form: SearchForm) -> Query:
    knowledge = get_knowledge()
    known = {
        "kind": ("structure", "dispositif"),
        "family": knowledge.order.families,
        "need": knowledge.needs,
        "stage": knowledge.questions["stage"].options,
        "theme": knowledge.questions["themes"].options,
        "epci": knowledge.territory.epcis,
    }
    filters = {name: form[name].data for name, values in known.items() if form[name].data in values}
    return Query(q=printable(form.q.data or "", LONGEST_TEXT).strip(), **filters)


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
