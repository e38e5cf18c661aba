"""Invented people and their projects: names that nobody bears, numbers and addresses that reach nobody."""

from dataclasses import dataclass
from random import Random

from guide.content.base import KnowledgeBase
from guide.profile import Profile
from guide.questionnaire import Answers, answers_of


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST_NAMES = _words(
    "Alix Camille Charlie Claude Dominique Eden Gaël Jessy Loïs Lou Maé Maxence Noa Sacha Sasha Swann Yaël Morgan "
    "Ange Andréa Ariel Céleste Élie Gwenn Hippolyte Ilan Joyce Kim Leslie Marley Nour Océane Pascal Romane Soline "
    "Théa Ulysse Victoire Wendy Xavière Yanis Zoé"
)
_LAST_NAMES = _words(
    "Exemple Fictif Inventé Imaginaire Personne Dutest Delafable Prétexte Essai Modèle Figurant Mirage Chimère "
    "Brouillon Maquette Simulacre Légende Ducontant Delafeinte Héros Feuilleton Roman Mystère Anonyme Quidam Untel "
    "Tartempion Machin Dupersonnage Delasaynète Théâtre Décor Doublure Esquisse Croquis Gabarit Prototype Épreuve "
    "Répétition Coulisse Parodie Pastiche Pseudonyme Avatar Silhouette Fantaisie Utopie Cocagne Dunulpart Ailleurs"
)
_PROJECTS = {  # field -> name of the project, what somebody would write of it
    "reemploi-environnement": (
        ("La Recyclerie imaginaire", "On voudrait ouvrir une recyclerie avec un atelier pour réparer les vélos."),
        ("Les Objets perdus", "Nous ramassons déjà des meubles, on ne sait pas comment passer à plus grand."),
    ),
    "lien-social": (
        ("Le Café de nulle part", "Un café associatif dans l’ancienne école, où tout le monde pourrait venir."),
        ("La Maison d’en face", "Des voisines se réunissent chaque semaine et cherchent un lieu."),
    ),
    "alimentation-agriculture": (
        ("Le Potager fictif", "Un jardin partagé et une petite conserverie avec les légumes invendus."),
        ("L’Épicerie inventée", "Une épicerie solidaire et itinérante pour les villages autour."),
    ),
    "mobilite": (
        ("Le Garage modèle", "Un garage où les gens apprennent à réparer leur voiture, à prix libre."),
        ("Roue libre", "Prêter des voitures et des vélos à ceux qui cherchent du travail."),
    ),
    "culture": (
        ("La Troupe d’essai", "Une troupe de théâtre amateur qui veut jouer dans les fermes."),
        ("Les Toiles filantes", "Un cinéma de plein air, l’été, dans les quartiers."),
    ),
    "insertion-emploi": (
        ("Les Mains d’exemple", "Un atelier couture pour des femmes éloignées de l’emploi."),
        ("Premier pas", "Accompagner des jeunes sans diplôme vers les métiers du bois."),
    ),
    "enfance-education": (
        ("La Crèche rêvée", "Des parents veulent créer une crèche avec des horaires décalés."),
        ("L’École buissonnière", "De l’aide aux devoirs dans les bois, le mercredi."),
    ),
    "energie-habitat": (
        ("L’Habitat fable", "Six familles veulent construire un habitat partagé et sobre."),
        ("Watt d’essai", "Mettre des panneaux solaires sur le toit de la salle des fêtes, avec les habitants."),
    ),
    "handicap-sante": (
        ("Le Relais prétexte", "Un lieu de répit pour les aidants, tenu par des bénévoles."),
        ("Sport pour tous, essai", "Du sport adapté pour des personnes en situation de handicap."),
    ),
    "numerique": (
        ("Le Clic fictif", "Aider les anciens avec leurs papiers sur internet, dans un camion."),
        ("La Souris verte", "Reconditionner des ordinateurs et les donner aux familles."),
    ),
}
_STAGES = ("idee", "emergence", "creation", "demarrage", "developpement", "difficulte")
_HOLDERS = ("citoyen", "citoyen", "collectif", "association", "association", "entreprise-ess", "collectivite")
_LABELS = ("non", "non", "ne-connais-pas", "candidat", "labellise", "non-retenu")
_SUPPORTS = ("aucun", "aucun", "un-peu", "reseau")
_MOMENTS = ("matin", "midi", "apres-midi", "soir")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist, and how she would be reached."""

    name: str
    email: str | None
    phone: str | None
    call_when: list[str]
    helper: str | None


@dataclass(frozen=True, slots=True)
class Project:
    """What somebody would write of a project, and answer to the questionnaire."""

    name: str | None
    words: str | None
    answers: Answers


def invent_person(random: Random, number: int) -> Person:
    """Invent somebody: with a mail, a telephone, or both."""
    reach = random.random()
    return Person(
        name=f"{random.choice(_FIRST_NAMES)} {random.choice(_LAST_NAMES)}",
        email=f"personne-{number}@demo.example" if reach < 0.85 else None,
        phone=f"+3363998{random.randrange(10_000):04}" if reach > 0.25 else None,  # kept for fiction by the regulator
        call_when=sorted(random.sample(_MOMENTS, random.randrange(3))),
        helper="La mairie (exemple)" if random.random() < 0.06 else None,
    )


def invent_project(random: Random, knowledge: KnowledgeBase, communes: list[str]) -> Project:
    """Invent a project in one of the communes, each as likely as it is often listed."""
    field = random.choice(list(_PROJECTS))
    name, words = random.choice(_PROJECTS[field])
    return Project(
        name=name if random.random() < 0.7 else None,
        words=words if random.random() < 0.9 else None,
        answers=answers_of(_profile(random, field, random.choice(communes), knowledge), knowledge),
    )


def _profile(random: Random, field: str, commune: str, knowledge: KnowledgeBase) -> Profile:
    return Profile(
        stage=random.choice(_STAGES),  # type: ignore[arg-type] # each is a Stage
        holder=random.choice(_HOLDERS),  # type: ignore[arg-type] # each is a Holder
        commune=commune,
        themes=(field,),
        needs=tuple(sorted(random.sample(list(knowledge.needs), random.choice((1, 2, 2, 3))))),
        budget_citoyen=random.choice(_LABELS),  # type: ignore[arg-type] # each is a BudgetCitoyen
        support=random.choice(_SUPPORTS),  # type: ignore[arg-type] # each is a Support
    )
