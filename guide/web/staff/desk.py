"""The desk: what waits for the person who has just signed in."""

from flask import Blueprint, render_template


def add_routes(blueprint: Blueprint) -> None:
    """Add the desk."""
    blueprint.add_url_rule("", "desk", desk)


def desk() -> str:
    """Say hello."""
    return render_template("staff/desk.html")
