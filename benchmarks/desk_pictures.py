"""Pictures of the team's guide: the life of one invented request, walked in a desk of the demonstration."""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page

from benchmarks.production import Server
from guide.days import now, today
from guide.demo.team import PASSWORD, SEED

Keep = Callable[[Page, str], None]
_PATH = "/orientation?stage=idee&holder=citoyen&commune=62447&themes=lien-social&needs=financer&support=aucun"
_WIDE, _NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
_TABLE = """Personne;Commune;Téléphone;Projet;Étape
Zoé Exemple;Lens;06 00 00 00 01;Le Fournil fictif;idée
René Modèle;Arras;06 00 00 00 02;La Roue rêvée;en création
Ada Prétexte;Trifouilly;06 00 00 00 03;Le Jardin de papier;idée
Léo Sanscontact;Béthune;;L’Atelier inventé;idée
"""


def take_desk_pictures(browser: Browser, keep: Keep) -> None:
    """Fill a desk of its own, ask as a person, answer as an officer, and keep a picture of each task."""

    def from_the_top(page: Page, name: str) -> None:
        page.evaluate("scrollTo(0, 0)")
        keep(page, name)

    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "demo")  # the only name of a folder that the demonstration fills
        server.command("demo", "fill", "--size", "60")
        server.start()
        try:
            person, desk = (browser.new_context(base_url=server.address).new_page() for _ in range(2))
            for page in (person, desk):
                page.set_viewport_size(_WIDE)
            _sign_in(desk)
            link = _ask(person)
            _walk(desk, "/equipe/dossiers/" + person.locator("h1 .reference").inner_text(), from_the_top)
            _show_person(person, link, from_the_top)
        finally:
            server.stop()


def _sign_in(desk: Page) -> None:
    desk.goto("/equipe")
    _send(desk, "Continuer", email="alix@demo.example", password=PASSWORD)
    desk.locator("#code").wait_for()
    _send(desk, "Me connecter", code=pyotp.TOTP(SEED).at(now()))
    desk.get_by_role("heading", name="Bonjour Alix").wait_for()


def _ask(person: Page) -> str:
    person.goto(_PATH)
    person.get_by_role("link", name="Demander à être contacté").first.click()
    words = "Un café associatif dans l’ancienne école. Nous sommes trois, nous cherchons de quoi démarrer."
    typed = {"name": "Camille Fictif", "phone": "06 00 00 00 00", "email": "camille@demo.example", "words": words}
    for name, text in (typed | {"project_name": "Le Café de nulle part"}).items():
        person.locator(f"#{name}").fill(text)
    person.get_by_role("checkbox", name="matin").check()
    person.get_by_role("button", name="Relire ma demande").click()
    person.get_by_role("button", name="Envoyer ma demande").click()
    person.get_by_role("link", name="Suivre ma demande").or_(
        person.get_by_role("button", name="Confirmer l’envoi")
    ).click()  # who types as fast as a machine is asked to confirm
    if person.get_by_role("link", name="Suivre ma demande").count():
        person.get_by_role("link", name="Suivre ma demande").click()
    person.locator("h1 .reference").wait_for()
    return person.url


def _walk(desk: Page, dossier: str, keep: Keep) -> None:
    desk.goto("/equipe")
    keep(desk, "equipe-bureau")
    _narrow(desk, "equipe-bureau-telephone", keep)

    desk.goto(dossier)
    keep(desk, "equipe-dossier")
    desk.get_by_label("Qualifiée", exact=True).check()
    _send(desk, "Changer l’état")
    desk.get_by_text("L’état est changé").wait_for()
    keep(desk, "equipe-courriel-en-attente")

    desk.goto(f"{dossier}/contact")
    _narrow(desk, "equipe-appel-telephone", keep)
    desk.get_by_label("Oui", exact=True).check()
    _send(desk, "Noter ce contact", note="A déjà vu la mairie. Cherche par quoi commencer.")
    desk.get_by_text("Le contact est noté").wait_for()

    desk.goto(f"{dossier}/rendez-vous")
    desk.get_by_label("Sur site", exact=True).check()
    soon = today() + timedelta(days=3)
    for name, text in {"day": f"{soon:%d/%m/%Y}", "hour": "10 h 30", "place": "Mairie d’Hesdin-la-Forêt"}.items():
        desk.locator(f"#{name}").fill(text)
    keep(desk, "equipe-rendez-vous")
    _send(desk, "Fixer et prévenir la personne")
    desk.get_by_text("Le rendez-vous est fixé").wait_for()

    desk.goto(f"{dossier}/mises-en-relation")
    desk.locator("input[name=doors][value=pas-de-calais-actif]").check()
    desk.get_by_label("Nous transmettons sa demande").check()
    desk.get_by_label("La personne m’a dit être d’accord").check()
    keep(desk, "equipe-proposer")
    _send(desk, "Proposer et écrire à la personne")
    _follow_up(desk, "Transmise")
    _send(desk, "Enregistrer : transmise")
    _follow_up(desk, "Déclinée")
    desk.get_by_label("Étape trop précoce").check()
    desk.get_by_label("La rappeler pour en parler").check()
    keep(desk, "equipe-refus")

    desk.goto("/equipe/imports")
    file = {"name": "suivi.csv", "mimeType": "text/csv", "buffer": _TABLE.encode()}
    desk.set_input_files("input[type=file]", files=[file])
    _send(desk, "Lire ce tableau")
    desk.get_by_role("heading", name="Relire avant d’importer").wait_for()
    keep(desk, "equipe-importer")

    desk.goto("/equipe/agents")
    _send(desk, "Confirmer", password=PASSWORD)
    desk.get_by_role("heading", name="L’équipe").wait_for()
    keep(desk, "equipe-comptes")


def _follow_up(desk: Page, way: str) -> None:
    desk.get_by_role("link", name="Noter la suite avec Pas-de-Calais Actif").click()
    ways = desk.get_by_role("navigation", name="Ce qui est arrivé")
    ways.get_by_role("link", name=way, exact=True).click()
    desk.get_by_role("heading", level=2, name=way).wait_for()


def _show_person(person: Page, link: str, keep: Keep) -> None:
    person.goto(link)
    _narrow(person, "equipe-suivi-telephone", keep)


def _narrow(page: Page, name: str, keep: Keep) -> None:
    page.set_viewport_size(_NARROW)
    keep(page, name)
    page.set_viewport_size(_WIDE)


def _send(page: Page, button: str, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
