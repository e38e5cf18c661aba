"""The filters that the directory and the picture share: their values, their words, what an address asks for."""

from dataclasses import asdict

from flask import url_for

from guide.directory import Query
from guide.text import printable
from guide.web.public.forms import LONGEST_TEXT, SearchForm
from guide.web.shared.house import get_knowledge


def filter_options() -> dict[str, list[tuple[str, str]]]:
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


def epci_url(query: Query, epci: str) -> str:
    """The same search in an intercommunality: what a map or a list leads to."""
    asked = {name: value for name, value in asdict(query).items() if value and name != "epci"}
    return url_for("public.directory", **asked, epci=epci)


def read_query(form: SearchForm) -> Query:
    """What is asked for; an unknown value is as good as none."""
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
