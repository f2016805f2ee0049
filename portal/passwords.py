"""What a password must be, beside Django's own checks: not too long to be hashed, and not one that was used before."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from storage.models import PastPassword


class MaximumLength:
    """A pass phrase is welcome, a book is not: hashing must not be made to work."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Refuse what is too long.

        Raises:
            ValidationError: it is.
        """
        if len(password) > self.max_length:
            raise ValidationError(f"Ce mot de passe est trop long : {self.max_length} caractères au plus.")

    def get_help_text(self) -> str:
        """The rule, for people."""
        return f"Votre mot de passe compte au plus {self.max_length} caractères."


class NotUsedBefore:
    """The last passwords of an account are not chosen again. Their hashes are kept, and no more than that."""

    def __init__(self, kept: int = 5) -> None:
        self.kept = kept

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse a password that this account had.

        Raises:
            ValidationError: it had.
        """
        if not isinstance(user, User) or user.pk is None:
            return
        past = PastPassword.objects.filter(user=user).values_list("hash", flat=True)[: self.kept]
        if any(check_password(password, hash_) for hash_ in {user.password, *past}):
            raise ValidationError("Vous avez déjà utilisé ce mot de passe. Choisissez-en un autre.")

    def password_changed(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Remember the hash of the new password; the oldest goes."""
        if not isinstance(user, User) or user.pk is None:
            return
        PastPassword.objects.create(user=user, hash=user.password, set_at=timezone.now())
        kept = PastPassword.objects.filter(user=user).values_list("pk", flat=True)[: self.kept]
        PastPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        """The rule, for people."""
        return "Votre mot de passe doit être nouveau : choisissez-en un que vous n’avez jamais utilisé ici."
