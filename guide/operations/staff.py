"""``flask staff``: invite, give a link again, disable, list. The first administrator is made here."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlmodel import Session

from guide.accounts import links, team
from guide.accounts.signing_in import clean_email
from guide.accounts.team import is_address
from guide.days import now
from guide.errors import GuideError
from guide.models import StaffAccount
from guide.models.staff import LinkPurpose, Role
from guide.settings import Settings
from guide.store import accounts, minting
from guide.store.database import Database


def staff_commands(settings: Settings) -> click.Group:
    """Commands on the accounts of the team."""
    group = click.Group("staff", help="Comptes de l'équipe : inviter, redonner un lien, désactiver, lister.")

    @group.command("create", help="Inviter quelqu'un : affiche un lien à usage unique.")
    @click.option("--email", required=True, help="Son adresse électronique.")
    @click.option("--name", required=True, help="Son prénom et son nom.")
    @click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
    def create_command(email: str, name: str, role: str) -> None:
        if not is_address(email) or not name.strip():
            raise click.ClickException("Il faut une adresse complète, comme prenom.nom@exemple.fr, et un nom.")
        chosen = next(each for each in Role if each.value == role)
        with _transaction(settings) as session:
            if chosen is not Role.OFFICER and not accounts.has_any_enrolled(session):
                raise click.ClickException("Le premier compte doit être celui d'un agent : --role officer.")
            account = team.create_account(session, email=email, name=name, role=chosen, now=now())
            _print_link(session, settings, account)

    @group.command("link", help="Redonner un lien : invitation, ou nouveau mot de passe si le compte est actif.")
    @click.argument("email")
    @click.option("--invitation", is_flag=True, help="Refaire l'inscription : téléphone perdu, compte désactivé.")
    def link_command(email: str, *, invitation: bool) -> None:
        with _transaction(settings) as session:
            account = _find(session, email)
            if invitation:
                team.reopen(session, account)
            _print_link(session, settings, account, again=invitation)

    @group.command("disable", help="Désactiver un compte, sur tous ses appareils.")
    @click.argument("email")
    def disable_command(email: str) -> None:
        with _transaction(settings) as session:
            team.disable(session, _find(session, email), now=now())
        click.echo("Compte désactivé.")

    @group.command("list", help="Lister les comptes.")
    def list_command() -> None:
        with _transaction(settings) as session:
            for account in accounts.list_accounts(session):
                state = "désactivé" if account.disabled_at else "actif" if account.password_hash else "invité"
                click.echo(f"{account.email}\t{account.name}\t{account.role.value}\t{state}")

    return group


@contextmanager
def _transaction(settings: Settings) -> Iterator[Session]:
    """Open a session whose errors are told in one line."""
    database = Database(settings.database)
    try:
        with database.writing() as session:
            yield session
    except GuideError as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()


def _find(session: Session, email: str) -> StaffAccount:
    account = accounts.find_account(session, clean_email(email))
    if account is None:
        raise click.ClickException("Aucun compte n'a cette adresse : flask --app wsgi staff list")
    return account


def _print_link(session: Session, settings: Settings, account: StaffAccount, *, again: bool = False) -> None:
    if account.disabled_at is not None:
        raise click.ClickException("Ce compte est désactivé ; pour le rouvrir : staff link --invitation ADRESSE")
    purpose = LinkPurpose.PASSWORD_RESET if account.password_hash and not again else LinkPurpose.INVITATION
    lasts = minting.lifetime(session, purpose, settings.delays)
    address = links.link_address(
        settings, purpose, minting.mint_link(session, account, purpose, now=now(), delays=settings.delays)
    )
    said = f"{lasts.days} jours" if lasts.days else f"{lasts.seconds // 60} minutes"
    click.echo(f"{purpose.label}, valable {said}, pour {account.email} :\n{address}")
