"""Secrets of second factors are sealed in the database: a copy of it alone lets nobody make codes."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import User


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Tells django-allauth how to seal, and what an application shows beside its codes."""

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key made from the signing key of the installation."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what ``encrypt`` sealed."""
        return _seal().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """The name of the site."""
        return "Liasse"

    def get_totp_label(self, user: User) -> str:
        """The name of the account; the address of a member is not handed to an application."""
        return user.get_username()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a browser shows when a passkey is made, and the host that it will be good for."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Liasse"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, object]:
        """The account as a browser shows it; the address of a member is not handed to it."""
        name = user.get_username()
        return {**super().get_public_key_credential_user_entity(user), "name": name, "display_name": name}


def _seal() -> Fernet:
    key = hashlib.sha256(f"portal.sealing:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
