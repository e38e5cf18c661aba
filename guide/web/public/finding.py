"""What search engines and shared links read: the canonical address, structured data, the list of the pages."""

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from guide.content.base import KnowledgeBase
from guide.content.models import Entry
from guide.web.shared.house import get_knowledge, get_settings

_PUBLIC_BODIES = ("departement-62", "mission-ess", "region-hdf", "ddets-62", "sdjes-62", "caf-62")
LISTED = (  # pages without an identifier, in the order of the site map
    "/",
    "/questionnaire",
    "/qui-fait-quoi",
    "/annuaire",
    "/glossaire",
    "/cooperation",
    "/projets-inspirants",
    "/territoires",
    "/numeros-utiles",
    "/comment-ca-marche",
    "/facile-a-lire",
    "/facile-a-lire/comment-ca-marche",
    "/mentions-legales",
    "/accessibilite",
    "/plan-du-site",
    "/api/",
)


def add_routes(blueprint: Blueprint) -> None:
    """Add the list of the pages."""
    blueprint.add_url_rule("/sitemap.xml", "sitemap", sitemap)
    blueprint.app_context_processor(
        lambda: {"canonical": _canonical, "data_of": _data_of, "data_of_site": _data_of_site}
    )


def sitemap() -> Response:
    """Every page worth finding, with the day on which its facts were verified."""
    knowledge, site = get_knowledge(), get_settings().public_url
    pages: list[tuple[str, date | None]] = [(f"{site}{path}", None) for path in LISTED]
    pages += [(f"{site}{entry.page_url}", entry.verified_on) for entry in knowledge.entries.values()]
    pages += [(f"{site}/cooperation/{name}", None) for name in knowledge.practices]
    pages += [(f"{site}/projets-inspirants/{name}", None) for name in knowledge.projects]
    return Response(render_template("sitemap.xml", pages=pages), mimetype="application/xml")


def _canonical() -> str:
    """The one address of a page, whatever was asked of it."""
    return f"{get_settings().public_url}{quote(request.path)}"


def _data_of(entry: Entry) -> list[dict[str, Any]]:
    return structured_data(entry, get_knowledge(), get_settings().public_url)


def _data_of_site() -> dict[str, Any]:
    """The service itself, and who gives it."""
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": "Guide ESS 62",
        "description": "Une orientation expliquée pour les projets solidaires du Pas-de-Calais.",
        "url": get_settings().public_url,
        "serviceType": "Orientation des porteurs de projets de l’économie sociale et solidaire",
        "areaServed": {"@type": "AdministrativeArea", "name": "Pas-de-Calais"},
        "provider": {"@type": "GovernmentOrganization", "name": "Département du Pas-de-Calais"},
        "isAccessibleForFree": True,
    }


def structured_data(entry: Entry, knowledge: KnowledgeBase, site: str) -> list[dict[str, Any]]:
    """An entry as schema.org names it, and the way that leads to it."""
    address = f"{site}{entry.page_url}"
    named = {
        "name": entry.name,
        "alternateName": list(entry.also_known_as),
        "description": entry.summary,
        "url": address,
    }
    if entry.kind == "structure":
        kind = (
            "GovernmentOrganization" if entry.id in _PUBLIC_BODIES or entry.id.startswith("epci-") else "Organization"
        )
        sure = {name: getattr(entry.contact, name) for name in ("email",) if name not in entry.contact.to_check}
        noun = {"@type": kind, **named, **{name: value for name, value in sure.items() if value}}
        if entry.contact.website:
            noun["sameAs"] = f"https://{entry.contact.website}"
    else:
        carrier = knowledge.entries.get(entry.via or "")
        noun = {"@type": "GovernmentService" if entry.via in _PUBLIC_BODIES else "Service", **named}
        noun["audience"] = {"@type": "Audience", "audienceType": entry.audience}
        if carrier:
            noun["provider"] = {"@type": "Organization", "name": carrier.name, "url": f"{site}{carrier.page_url}"}
    noun["areaServed"] = [
        {"@type": "AdministrativeArea", "name": name}
        for name in [knowledge.territory.epcis[epci].name for epci in entry.territory.epcis] or ["Pas-de-Calais"]
    ]
    way = [("Accueil", "/"), ("Annuaire", "/annuaire"), (entry.name, entry.page_url)]
    crumbs = [
        {"@type": "ListItem", "position": rank, "name": name, "item": f"{site}{path}"}
        for rank, (name, path) in enumerate(way, start=1)
    ]
    context = {"@context": "https://schema.org"}
    return [context | noun, context | {"@type": "BreadcrumbList", "itemListElement": crumbs}]
