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
    "public.panorama": (
        "/qui-fait-quoi",
        "/qui-fait-quoi?need=financer&epci=epci-lens-lievin",
        "/qui-fait-quoi?de=apes",
        "/qui-fait-quoi?need=etre-ecoute&de=caf-62",
    ),
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
    "public.facile-a-lire": ("/facile-a-lire",),
    "public.facile-a-lire/comment-ca-marche": ("/facile-a-lire/comment-ca-marche",),
    "api.documentation": ("/api/",),
}

# What machines read beside the pages.
FILES: dict[str, tuple[str, ...]] = {
    "public.communes": ("/questionnaire/communes.json",),
    "public.robots": ("/robots.txt",),
    "public.sitemap": ("/sitemap.xml",),
    "public.alive": ("/sante",),
    "public.ready": ("/sante/pret",),
}

API: dict[str, tuple[str, ...]] = {
    "api.orientations": ("/api/v1/orientations",),
    "api.assistant": ("/api/v1/assistant",),
    "api.structures": ("/api/v1/structures",),
    "api.structure": ("/api/v1/structures/apes",),
    "api.dispositifs": ("/api/v1/dispositifs",),
    "api.dispositif": ("/api/v1/dispositifs/dla",),
    "api.terms": ("/api/v1/terms",),
    "api.communes": ("/api/v1/communes?q=arras",),
    "api.openapi": ("/api/openapi.json",),
}

# What understands words: pages that are read, and sent without a token, for they keep nothing and know no cookie.
TALKS: dict[str, tuple[str, ...]] = {
    "assistant.page": ("/assistant", "/assistant?stage=idee&needs=financer&commune=62041"),
    "assistant.needs": ("/avec-vos-mots/besoins",),
}

# Forms that are sent by POST: their pages set the cookie that protects them.
FORMS: dict[str, tuple[str, ...]] = {
    "public.request": ("/demande", "/demande?fiche=apes", "/demande?stage=idee&needs=financer&aide=1"),
    "tracking.lost": ("/suivi",),
}

SOME_ID = "0193a5b0-0000-7000-8000-000000000000"

# What a secret link opens; without it, nothing is there.
SECRET: dict[str, tuple[str, ...]] = {
    "tracking.feedback": ("/suivi/avis/inconnu",),
    "tracking.page": ("/suivi/inconnu",),
    "tracking.received": ("/suivi/inconnu/recue",),
    "tracking.withdrawal": ("/suivi/inconnu/retrait",),
    "tracking.data": ("/suivi/inconnu/mes-donnees",),
    "tracking.erasure": ("/suivi/inconnu/mes-donnees/effacement",),
    "tracking.diagnosis": ("/suivi/inconnu/pre-diagnostic",),
    "tracking.appointment_file": (f"/suivi/inconnu/rendez-vous/{SOME_ID}.ics",),
    "tracking.message": ("/suivi/inconnu/message",),
    "tracking.ask_code": ("/suivi/inconnu/code",),
    "tracking.enter": ("/suivi/inconnu/mes-donnees/acces",),
    "tracking.copy": ("/suivi/inconnu/mes-donnees/copie",),
}

STATIC: dict[str, tuple[str, ...]] = {"static": ("/static/css/guide.css",)}

# Pages of the team, each with the roles that may open it: none means whoever comes. A visitor is sent to the sign-in.
STAFF: dict[str, tuple[str, ...]] = {
    "staff.sign_in": ("/equipe/connexion", "/equipe/connexion?next=/equipe/agents"),
    "staff.second_factor": ("/equipe/connexion/code",),
    "staff.recovery": ("/equipe/connexion/secours",),
    "staff.confirmation": ("/equipe/confirmation",),
    "staff.sign_out": ("/equipe/deconnexion",),
    "staff.forgotten": ("/equipe/mot-de-passe-oublie", "/equipe/mot-de-passe-oublie?envoye=1"),
    "staff.invitation": ("/equipe/invitation/inconnue",),
    "staff.reset": ("/equipe/mot-de-passe/inconnu",),
    "staff.desk": ("/equipe", "/equipe?vue=en-retard&q=zzz&epci=epci-arras&etape=idee&besoin=financer&age=plus"),
    "staff.committee": ("/equipe/comite", "/equipe/comite?noms=oui"),
    "staff.dossier": ("/equipe/dossiers/ESS-AAAAAA",),
    "staff.move": ("/equipe/dossiers/ESS-AAAAAA/etat",),
    "staff.attempt": ("/equipe/dossiers/ESS-AAAAAA/contact",),
    "staff.message": ("/equipe/dossiers/ESS-AAAAAA/message",),
    "staff.note": ("/equipe/dossiers/ESS-AAAAAA/note",),
    "staff.still_in": ("/equipe/dossiers/ESS-AAAAAA/toujours-partant",),
    "staff.pause": ("/equipe/dossiers/ESS-AAAAAA/pause",),
    "staff.hand_over": ("/equipe/dossiers/ESS-AAAAAA/passation",),
    "staff.absences": (f"/equipe/agents/{SOME_ID}/absences",),
    "staff.end_absence": (f"/equipe/absences/{SOME_ID}/fin",),
    "staff.wake": ("/equipe/dossiers/ESS-AAAAAA/reprise",),
    "staff.close": ("/equipe/dossiers/ESS-AAAAAA/cloture",),
    "staff.introduce": ("/equipe/dossiers/ESS-AAAAAA/mises-en-relation",),
    "staff.introduction": (f"/equipe/dossiers/ESS-AAAAAA/mises-en-relation/{SOME_ID}",),
    "staff.call_back": (f"/equipe/envois/{SOME_ID}/annulation",),
    "staff.judge": ("/equipe/dossiers/ESS-AAAAAA/orientation",),
    "staff.diagnosis": ("/equipe/dossiers/ESS-AAAAAA/pre-diagnostic",),
    "staff.diagnosis_page": ("/equipe/dossiers/ESS-AAAAAA/pre-diagnostic/1",),
    "staff.set_appointment": ("/equipe/dossiers/ESS-AAAAAA/rendez-vous",),
    "staff.appointment": (f"/equipe/dossiers/ESS-AAAAAA/rendez-vous/{SOME_ID}",),
    "staff.end_appointment": (f"/equipe/dossiers/ESS-AAAAAA/rendez-vous/{SOME_ID}/suite",),
    "staff.appointment_file": (f"/equipe/dossiers/ESS-AAAAAA/rendez-vous/{SOME_ID}.ics",),
    "staff.give_code": (f"/equipe/taches/{SOME_ID}/code",),
    "staff.give_link": (f"/equipe/taches/{SOME_ID}/lien",),
    "staff.imports": ("/equipe/imports",),
    "staff.import_template": ("/equipe/imports/modele.csv", "/equipe/imports/modele.xlsx"),
    "staff.import_preview": (f"/equipe/imports/{SOME_ID}",),
    "staff.abandon_import": (f"/equipe/imports/{SOME_ID}/abandon",),
    "staff.account": ("/equipe/mon-compte",),
    "staff.components": ("/equipe/composants",),
    "staff.change_password": ("/equipe/mon-compte/mot-de-passe",),
    "staff.change_telephone": ("/equipe/mon-compte/telephone",),
    "staff.renew_codes": ("/equipe/mon-compte/codes",),
    "staff.team": ("/equipe/agents",),
    "staff.send_link": (f"/equipe/agents/{SOME_ID}/lien",),
    "staff.disable": (f"/equipe/agents/{SOME_ID}/desactivation",),
    "staff.hand_desk": (f"/equipe/agents/{SOME_ID}/passation",),
}
STAFF_OPEN = frozenset(  # what lets somebody in
    {"staff.sign_in", "staff.second_factor", "staff.recovery", "staff.forgotten", "staff.invitation", "staff.reset"}
)
STAFF_IMPORTS = frozenset({"staff.imports", "staff.import_template", "staff.import_preview", "staff.abandon_import"})
STAFF_OFFICERS = STAFF_IMPORTS | {
    "staff.team",
    "staff.send_link",
    "staff.disable",
    "staff.hand_desk",
    "staff.give_code",
    "staff.give_link",
}
_SENT_BY_STAFF = (
    "staff.wake",
    "staff.end_absence",
    "staff.move",
    "staff.message",
    "staff.note",
    "staff.still_in",
    "staff.call_back",
    "staff.judge",
    "staff.end_appointment",
)
STAFF_WORKING = frozenset(  # everything else: every role
    {
        *_SENT_BY_STAFF,
        "staff.attempt",
        "staff.close",
        "staff.pause",
        "staff.hand_over",
        "staff.absences",
        "staff.introduce",
        "staff.introduction",
        "staff.set_appointment",
        "staff.diagnosis",
        "staff.appointment",
    }
)

READ = frozenset({"GET", "HEAD", "OPTIONS"})
READ_AND_SENT, SENT = READ | {"POST"}, frozenset({"POST", "OPTIONS"})
OTHER_METHODS = {  # every other endpoint is only read
    "api.orientations": SENT,
    "api.assistant": SENT,
    "assistant.page": READ_AND_SENT,
    "assistant.needs": SENT,
    **dict.fromkeys(FORMS, READ_AND_SENT),
    **dict.fromkeys(("tracking.feedback", "tracking.withdrawal", "tracking.data", "tracking.erasure"), READ_AND_SENT),
    **dict.fromkeys(("tracking.message", "tracking.ask_code", "tracking.enter", "tracking.copy"), SENT),
    **dict.fromkeys(STAFF, READ_AND_SENT),
    **dict.fromkeys(("staff.desk", "staff.committee", "staff.components", "staff.account", "staff.dossier"), READ),
    **dict.fromkeys(("staff.appointment_file", "staff.diagnosis_page"), READ),
    "staff.import_template": READ,
    "staff.abandon_import": SENT,
    **dict.fromkeys(("staff.sign_out", "staff.send_link", "staff.disable", "staff.give_code", "staff.give_link"), SENT),
    **dict.fromkeys(_SENT_BY_STAFF, SENT),
}

ACCESS_LISTS = (PAGES, FILES, API, TALKS, FORMS, SECRET, STATIC, STAFF)
EVERYTHING = {endpoint: addresses for group in ACCESS_LISTS for endpoint, addresses in group.items()}
ALL_PAGES = tuple(address for addresses in PAGES.values() for address in addresses)
ALL_READ = tuple(
    address
    for group in (PAGES, FILES, API, FORMS, STATIC)
    for endpoint, addresses in group.items()
    for address in addresses
    if endpoint not in OTHER_METHODS
)


def methods_of(endpoint: str) -> frozenset[str]:
    """The methods that an endpoint accepts."""
    return OTHER_METHODS.get(endpoint, READ)
