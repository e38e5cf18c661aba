"""Forms of the sign-in and of the accounts. What only a use case can judge is refused by the view."""

from typing import Any

from wtforms import HiddenField, PasswordField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from guide.accounts.passwords import LONGEST
from guide.accounts.team import is_address
from guide.models.staff import Role
from guide.text import printable
from guide.web.shared.forms import SentForm

_LONGEST_NAME = 120


class WayForm(SentForm):
    """A form on the way to a page: where to go after, and what was being written when a session ended."""

    next = HiddenField()
    kept = HiddenField()


class SignInForm(WayForm):
    """Address and password."""

    email = StringField(
        "Votre adresse électronique",
        [
            InputRequired("Écrivez votre adresse électronique."),
            Length(max=254, message="Cette adresse est trop longue."),
        ],
    )
    password = PasswordField("Votre mot de passe", [InputRequired("Écrivez votre mot de passe.")])


class CodeForm(WayForm):
    """A code of the telephone."""

    code = StringField(
        "Le code à 6 chiffres",
        [InputRequired("Écrivez le code à 6 chiffres affiché par l’application, par exemple 123 456.")],
    )


class RecoveryForm(WayForm):
    """A recovery code."""

    code = StringField(
        "Un de vos codes de secours", [InputRequired("Écrivez un de vos codes de secours, par exemple ABCD-2345-EFGH.")]
    )


class ConfirmForm(WayForm):
    """The password again."""

    password = PasswordField("Votre mot de passe", [InputRequired("Écrivez votre mot de passe.")])


class ForgottenForm(SentForm):
    """Whose password is forgotten."""

    email = StringField(
        "Votre adresse électronique",
        [
            InputRequired("Écrivez votre adresse électronique."),
            Length(max=254, message="Cette adresse est trop longue."),
        ],
    )


class NewPasswordForm(SentForm):
    """A new password, twice; the rules need the account, so the view gives them."""

    password = PasswordField(
        "Nouveau mot de passe",
        [
            InputRequired("Choisissez un mot de passe."),
            Length(max=4 * LONGEST, message=f"Ce mot de passe est trop long : {LONGEST} signes au plus."),
        ],
    )
    password_again = PasswordField("Le même, encore une fois")

    def validate_password_again(self, field: Any) -> None:
        """A slip of the finger would lock its author out."""
        if self.password.data and field.data != self.password.data:
            raise ValidationError("Les deux mots de passe sont différents : écrivez deux fois le même.")


class ChangePasswordForm(NewPasswordForm):
    """The present password, then the new one."""

    current_password = PasswordField("Mot de passe actuel", [InputRequired("Écrivez votre mot de passe actuel.")])


class TelephoneForm(SentForm):
    """The first code of a telephone; what was chosen before travels sealed."""

    sealed = HiddenField()
    code = StringField(
        "Le code à 6 chiffres",
        [InputRequired("Écrivez le code à 6 chiffres affiché par l’application, par exemple 123 456.")],
    )


class InviteForm(SentForm):
    """A new colleague."""

    colleague_name = StringField(
        "Prénom et nom",
        [
            InputRequired("Écrivez le prénom et le nom de la personne."),
            Length(max=_LONGEST_NAME, message=f"Ce nom est trop long : {_LONGEST_NAME} signes au plus."),
        ],
    )
    colleague_email = StringField(
        "Adresse électronique", [InputRequired("Écrivez l’adresse électronique de la personne.")]
    )
    role = RadioField(
        "Rôle",
        [InputRequired("Choisissez ce que la personne pourra faire.")],
        choices={role.value: role.label for role in Role},
    )

    def validate_colleague_name(self, field: Any) -> None:
        """Letters, not control characters."""
        if field.data != printable(field.data, _LONGEST_NAME) or not field.data.strip():
            raise ValidationError("Ce nom contient des signes qui ne s’écrivent pas : retapez-le.")

    def validate_colleague_email(self, field: Any) -> None:
        """An address that mail can reach."""
        if not is_address(field.data):
            raise ValidationError(
                "Cette adresse n’est pas complète ou pas valable : par exemple prenom.nom@exemple.fr."
            )
