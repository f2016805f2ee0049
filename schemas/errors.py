"""The one error tree of the project.

Every error has a stable ``code`` (for logs, metrics and API clients), an English message for operators and,
where a person may see it, a French sentence.
"""

from __future__ import annotations

from enum import StrEnum


class LiasseError(Exception):
    """Root of every error that we raise on purpose.

    Attributes:
        code: stable identifier, never translated.
        message_fr: sentence for a member or a gestionnaire, or None where no person sees the error.
        retryable: True when the same work may succeed later without anybody changing anything.
    """

    code: str = "error"
    message_fr: str | None = None
    retryable: bool = False

    def __init__(self, message: str, *, message_fr: str | None = None) -> None:
        super().__init__(message)
        if message_fr is not None:
            self.message_fr = message_fr


class ConfigurationError(LiasseError):
    """A setting or a rule file is wrong; the message says which and what is expected."""

    code = "configuration"


class StorageError(LiasseError):
    """The object store or the database did not do what was asked."""

    code = "storage"
    retryable = True


class ObjectNotFoundError(StorageError):
    """No object is kept under that key."""

    code = "object_not_found"
    retryable = False


class ObjectCorruptError(StorageError):
    """The bytes kept under a content address are not the bytes that were put there."""

    code = "object_corrupt"
    retryable = False


class InvalidKeyError(StorageError):
    """A key under which nothing may be kept, replaced or removed."""

    code = "invalid_key"
    retryable = False


class KeyConflictError(StorageError):
    """A reference or a drop key that already names something else: taking it again would lose a paper."""

    code = "key_conflict"
    retryable = False


class AppendOnlyError(StorageError):
    """Somebody tried to change or remove what is only ever added."""

    code = "append_only"
    retryable = False


class LeaseLostError(LiasseError):
    """Somebody else holds what we were working on: our result must not be written."""

    code = "lease_lost"


class HeldByOtherError(LiasseError):
    """Another person, or a worker, has this dossier in hand."""

    code = "held_by_other"
    message_fr = "Ce dossier est ouvert par une autre personne."


class NotReadyError(LiasseError):
    """The machine is still at work on this dossier."""

    code = "not_ready"
    message_fr = "Ce dossier est en cours de lecture : il pourra être repris dans quelques secondes."


class StalePageError(LiasseError):
    """What was decided rests on a page that no longer shows how the dossier stands; nothing was written."""

    code = "stale_page"
    message_fr = "Le dossier a changé depuis l’affichage de cette page."


class RefusedActError(LiasseError):
    """What a person asked for may not be done so; the French sentence says what is lacking."""

    code = "refused_act"


class NotHandedOverError(RefusedActError):
    """How a settlement stands can be said of a dossier only that is with those who pay."""

    code = "not_handed_over"
    message_fr = "Ce dossier n’est pas, ou n’est plus, en cours de règlement."


class UnattachedError(RefusedActError):
    """Papers that came without a request cannot be decided on: nothing is asked for yet."""

    code = "unattached"
    message_fr = (
        "Ces documents ne répondent encore à aucune demande : joignez-les à un dossier, ou dites de quels soins il "
        "s’agit."
    )


class UnknownMemberError(LiasseError):
    """No contract that the asker may know of has this number."""

    code = "unknown_member"
    message_fr = "Aucun contrat de votre mutuelle ne porte ce numéro d’adhérent."


class UnknownPatientError(LiasseError):
    """The person is not one of those that the contract covers, as far as we know."""

    code = "unknown_patient"
    message_fr = "Cette personne ne figure pas parmi les bénéficiaires connus du contrat."


class IdempotencyConflictError(LiasseError):
    """An idempotency key came back with another content."""

    code = "idempotency_key_reused"
    message_fr = "Cette clé d’idempotence a déjà servi pour un autre envoi. Prenez-en une nouvelle."


class RefusalCode(StrEnum):
    """Why a file received could not be read at all."""

    EMPTY = "empty"
    UNSUPPORTED_TYPE = "unsupported_type"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    NO_PAGE = "no_page"
    TIMEOUT = "timeout"
    INFECTED = "infected"


#: What the member is told, and what to do about it. One place, so that no two screens disagree.
REFUSAL_SENTENCES_FR: dict[RefusalCode, str] = {
    RefusalCode.EMPTY: "Ce fichier est vide. Envoyez-le de nouveau, ou reprenez le document en photo.",
    RefusalCode.UNSUPPORTED_TYPE: (
        "Ce type de fichier n’est pas accepté. Envoyez un PDF ou une photo (JPEG, PNG, HEIC, TIFF ou WebP)."
    ),
    RefusalCode.ENCRYPTED: (
        "Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis envoyez-le de nouveau."
    ),
    RefusalCode.DAMAGED: (
        "Ce fichier est abîmé et ne peut pas être ouvert. Envoyez-le de nouveau, ou reprenez le document en photo."
    ),
    RefusalCode.TOO_LARGE: "Ce fichier est trop lourd. Envoyez-le en plusieurs parties, ou compressez-le.",
    RefusalCode.TOO_MANY_PAGES: ("Ce document compte trop de pages. N’envoyez que les pages utiles à votre demande."),
    RefusalCode.TOO_MANY_PIXELS: "Cette image est trop grande. Envoyez une photo prise avec un réglage ordinaire.",
    RefusalCode.NO_PAGE: "Ce fichier ne contient aucune page. Vérifiez le document, puis envoyez-le de nouveau.",
    RefusalCode.TIMEOUT: (
        "Ce document n’a pas pu être lu dans le temps prévu. Il est conservé : un gestionnaire va le regarder."
    ),
    RefusalCode.INFECTED: (
        "Un antivirus signale ce fichier : il n’a pas été ouvert. Vérifiez votre appareil, puis envoyez une photo du "
        "document."
    ),
}

_REFUSAL_LABELS_FR: dict[RefusalCode, str] = {
    RefusalCode.EMPTY: "fichier vide",
    RefusalCode.UNSUPPORTED_TYPE: "type de fichier non accepté",
    RefusalCode.ENCRYPTED: "protégé par un mot de passe",
    RefusalCode.DAMAGED: "fichier abîmé",
    RefusalCode.TOO_LARGE: "fichier trop lourd",
    RefusalCode.TOO_MANY_PAGES: "trop de pages",
    RefusalCode.TOO_MANY_PIXELS: "image trop grande",
    RefusalCode.NO_PAGE: "aucune page",
    RefusalCode.TIMEOUT: "non lu dans le temps prévu",
    RefusalCode.INFECTED: "signalé par l’antivirus",
}


def label_refusal(code: str) -> str:
    """A refusal in a few words; a code that is no longer used stands for itself."""
    return {str(known): label for known, label in _REFUSAL_LABELS_FR.items()}.get(code, code)


class FileRefusedError(LiasseError):
    """The file cannot be read; it is kept as received and the sender is told why.

    Args:
        refusal: the stable reason.
        detail: English detail for operators; holds nothing that was printed on the paper.
    """

    def __init__(self, refusal: RefusalCode, detail: str = "") -> None:
        super().__init__(f"{refusal.value}: {detail}" if detail else refusal.value)
        self.refusal = refusal
        self.detail = detail
        self.code = refusal.value
        self.message_fr = REFUSAL_SENTENCES_FR[refusal]

    def __reduce__(self) -> tuple[type[FileRefusedError], tuple[RefusalCode, str]]:
        """Rebuilt from what it was made of, so that it can leave a reader process."""
        return type(self), (self.refusal, self.detail)
