"""Who may ask for what: every endpoint of the application stands in exactly one of these lists.

Each has addresses that exercise it, so that tests of access, headers and weight walk the same list.
"""

# One address per state worth seeing. Everybody may read these pages, and nothing can be sent to them.
PAGES: dict[str, tuple[str, ...]] = {
    "public.home": ("/",),
    "public.questionnaire": ("/questionnaire", "/questionnaire?stage=idee"),
    "public.question": (
        "/questionnaire/etape",
        "/questionnaire/porteur?stage=idee",
        "/questionnaire/forme-juridique?stage=idee&holder=citoyen",
        "/questionnaire/salaries?stage=developpement&holder=association",
        "/questionnaire/commune?stage=idee",
        "/questionnaire/domaine?stage=idee",
        "/questionnaire/besoins?stage=idee",
        "/questionnaire/budget-citoyen?stage=idee",
        "/questionnaire/accompagnement?stage=idee&commune=62041",
    ),
    "public.recapitulation": (
        "/questionnaire/recapitulatif",
        "/questionnaire/recapitulatif?stage=idee&commune=62041&needs=financer&themes=culture&support=aucun",
    ),
    "public.orientation": (
        "/orientation?stage=idee",
        "/orientation?stage=emergence&holder=citoyen&commune=62041&themes=culture&needs=financer&support=aucun",
    ),
    "public.directory": ("/annuaire", "/annuaire?q=recyclerie", "/annuaire?q=zzzzzzzz", "/annuaire?need=financer"),
    "public.structures": ("/structures",),
    "public.structure": ("/structures/apes",),
    "public.dispositifs": ("/dispositifs",),
    "public.dispositif": ("/dispositifs/dla",),
    "public.glossary": ("/glossaire", "/glossaire?q=scic", "/glossaire?q=zzzzzzzz"),
    "public.cooperation": ("/cooperation",),
    "public.practice": ("/cooperation/mutualisation", "/cooperation/regroupement"),
    "public.projects": ("/projets-inspirants", "/projets-inspirants?theme=culture&epci=epci-arras"),
    "public.project": ("/projets-inspirants/la-croisee",),
    "public.places": ("/territoires", "/territoires?q=odomarois", "/territoires?q=zzzzzzzz"),
    "public.numbers": ("/numeros-utiles",),
    "public.comment-ca-marche": ("/comment-ca-marche",),
    "public.mentions-legales": ("/mentions-legales",),
    "public.accessibilite": ("/accessibilite",),
    "public.plan-du-site": ("/plan-du-site",),
    "api.documentation": ("/api/",),
}

# What machines read beside the pages.
FILES: dict[str, tuple[str, ...]] = {
    "public.communes": ("/questionnaire/communes.json",),
    "public.robots": ("/robots.txt",),
    "public.alive": ("/sante",),
}

API: dict[str, tuple[str, ...]] = {
    "api.orientations": ("/api/v1/orientations",),
    "api.structures": ("/api/v1/structures",),
    "api.structure": ("/api/v1/structures/apes",),
    "api.dispositifs": ("/api/v1/dispositifs",),
    "api.dispositif": ("/api/v1/dispositifs/dla",),
    "api.terms": ("/api/v1/terms",),
    "api.communes": ("/api/v1/communes?q=arras",),
    "api.openapi": ("/api/openapi.json",),
}

STATIC: dict[str, tuple[str, ...]] = {"static": ("/static/css/guide.css",)}

READ = frozenset({"GET", "HEAD", "OPTIONS"})
OTHER_METHODS = {"api.orientations": frozenset({"POST", "OPTIONS"})}  # every other endpoint is only read

ACCESS_LISTS = (PAGES, FILES, API, STATIC)
EVERYTHING = {endpoint: addresses for group in ACCESS_LISTS for endpoint, addresses in group.items()}
ALL_PAGES = tuple(address for addresses in PAGES.values() for address in addresses)
ALL_READ = tuple(
    address for endpoint, addresses in EVERYTHING.items() for address in addresses if endpoint not in OTHER_METHODS
)


def methods_of(endpoint: str) -> frozenset[str]:
    """The methods that an endpoint accepts."""
    return OTHER_METHODS.get(endpoint, READ)
