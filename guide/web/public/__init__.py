"""Pages for everybody: home, questionnaire, orientation, directory, glossary, and the pages that the law asks for."""

from flask import Blueprint

from guide.web.public import (
    accessibility,
    assistant,
    directory,
    finding,
    home,
    information,
    orientation,
    panorama,
    questionnaire,
    reading,
    request,
    tracking,
)

__all__ = ["assistant", "make_blueprint", "tracking"]


def make_blueprint() -> Blueprint:
    """Gather the public pages."""
    blueprint = Blueprint("public", __name__)
    for room in (
        home,
        questionnaire,
        orientation,
        directory,
        panorama,
        finding,
        accessibility,
        reading,
        information,
        request,
    ):
        room.add_routes(blueprint)
    return blueprint
