"""A place typed freely: why it is not one commune of the département, and what to do."""

from guide.territory import Resolution


def explain_place(typed: str, resolution: Resolution, *, named: bool = False) -> str:
    """Say why a text is not one commune, and what to do: never a guess."""
    if resolution.elsewhere:
        place = "" if resolution.elsewhere == "autre département" else f" ({resolution.elsewhere})"
        hint = (
            " Une commune d’ici porte un nom proche : choisissez-la ci-dessous."
            if resolution.choices and not named
            else ""
        )
        return f"« {typed} » n’est pas dans le Pas-de-Calais{place} : le guide ne couvre que ce département.{hint}"
    names = [suggestion.commune.name for suggestion in resolution.choices]
    if names and named:
        return f"« {typed} » : écrivez le nom exact ({', '.join(names[:4])})."
    if names:
        return f"Plusieurs réponses possibles pour « {typed} » : choisissez votre commune ci-dessous."
    return f"Nous ne trouvons pas « {typed} » dans le Pas-de-Calais : vérifiez l’orthographe ou essayez le code postal."
