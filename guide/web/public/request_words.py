"""The words of the form of a request: said to the person, or of her to who fills it in with her."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Voice:
    """Why each field is asked, what is said when it is missing, and the labels that are not those of the form."""

    why: Mapping[str, str]  # a test compares it with the form
    no_name: str
    no_contact: str
    no_place: str
    labels: Mapping[str, str] = field(default_factory=dict)


TO_THE_PERSON = Voice(
    why={
        "name": "Pour savoir à qui nous répondons.",
        "email": "Pour vous répondre et vous envoyer votre lien de suivi.",
        "phone": "Pour vous rappeler. Une adresse ou un téléphone suffit.",
        "commune_texte": "Pour trouver qui peut vous aider près de chez vous.",
        "project_name": "Si votre projet ou votre structure en a déjà un.",
        "words": "Vos mots aident la personne qui vous répondra. "
        "N’écrivez rien sur votre santé ni sur votre vie privée.",
        "call_when": "Pour ne pas vous déranger au mauvais moment.",
        "structures": "Cochez celles à qui la Mission ESS peut transmettre votre demande. Aucune n’est obligatoire.",
    },
    no_name="Écrivez votre prénom et votre nom.",
    no_contact="Donnez une adresse ou un téléphone : c’est le seul moyen de vous répondre.",
    no_place="Écrivez le nom de la commune du projet, ou la vôtre.",
)
WITH_THE_PERSON = Voice(
    why={
        "helper": "Pour savoir qui a aidé à remplir cette demande.",
        "person_agrees": "Rien n’est envoyé sans l’accord de la personne.",
        "name": "Pour savoir à qui nous répondons.",
        "email": "Pour lui répondre et lui envoyer son lien de suivi.",
        "phone": "Pour la rappeler. Une adresse ou un téléphone suffit.",
        "commune_texte": "Pour trouver qui peut l’aider près de chez elle.",
        "project_name": "Si son projet ou sa structure en a déjà un.",
        "words": "Ses mots aident la personne qui lui répondra. N’écrivez rien sur sa santé ni sur sa vie privée.",
        "call_when": "Pour ne pas la déranger au mauvais moment.",
        "structures": "Cochez celles à qui la Mission ESS peut transmettre sa demande. Aucune n’est obligatoire.",
    },
    no_name="Écrivez le prénom et le nom de la personne.",
    no_contact="Donnez son adresse ou son téléphone : c’est le seul moyen de lui répondre.",
    no_place="Écrivez le nom de la commune du projet, ou celle de la personne.",
    labels={
        "name": "Le prénom et le nom de la personne",
        "email": "Son adresse électronique",
        "phone": "Son téléphone",
        "words": "Son projet en quelques lignes",
        "call_when": "Quand l’appeler ?",
        "structures": "À qui pouvons-nous transmettre sa demande ?",
    },
)
