"""« Qui fait quoi ? »: the picture of everybody who helps, and the same as a table."""

from flask import Blueprint, render_template, request

from guide.directory import Query
from guide.panorama import draw, list_ties
from guide.text import name_key
from guide.web.public.filters import filter_options, read_query
from guide.web.public.forms import SearchForm
from guide.web.shared.house import get_knowledge


def add_routes(blueprint: Blueprint) -> None:
    """Add the picture."""
    blueprint.add_url_rule("/qui-fait-quoi", "panorama", panorama)


def panorama() -> str:
    """Everybody who helps, in one picture; what is not asked for fades."""
    knowledge, asked = get_knowledge(), read_query(SearchForm(request.args))
    query = Query(need=asked.need, stage=asked.stage, epci=asked.epci)
    givers = sorted({one for one, _, _ in list_ties(knowledge)}, key=lambda one: name_key(knowledge.entries[one].name))
    around = request.args.get("de") if request.args.get("de") in givers else None
    return render_template(
        "panorama.html",
        picture=draw(query, knowledge, around),
        query=query,
        around=around,
        giver_options=[(one, knowledge.entries[one].name) for one in givers],
        **filter_options(),
    )
