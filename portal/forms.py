"""Forms of the site."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget

from portal.limits import UploadLimits
from portal.uploads import find_file_faults
from schemas.vocabulary import CLAIM_LABELS_FR, CONTRACT_CLAIMS, ClaimType
from storage.models import Person
from storage.talking import LONGEST

#: The answer of a member who does not know what the papers are for: a gestionnaire finds out.
_UNKNOWN = "inconnu"


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once, each within the limits; files without content are named."""

    def __init__(self, limits: UploadLimits, **kwargs: Any) -> None:
        widget = _ManyFilesInput(attrs={"accept": limits.accept})
        super().__init__(widget=widget, allow_empty_file=True, **kwargs)
        self.limits = limits

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """The files.

        Raises:
            ValidationError: none, too many, one too heavy or empty; every fault is named.
        """
        files: list[UploadedFile[bytes]] = [file for file in data or [] if file]
        if files or self.required:
            faults = find_file_faults(files, self.limits)
            if faults:
                raise ValidationError([fault.fr for fault in faults])
        return [super(ManyFilesField, self).clean(file, initial) for file in files]


class PapersForm(forms.Form):
    """Papers to add to a dossier. ``token`` names this sending: sent twice, it counts once."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, limits: UploadLimits, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("token", uuid.uuid4())
        super().__init__(*args, **kwargs)
        self.fields["files"] = ManyFilesField(limits, label="Documents")


class WritingForm(PapersForm):
    """Words of a member about a dossier, with papers where there are some."""

    text = forms.CharField(
        label="Votre message",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": f"Votre message est trop long : {LONGEST} caractères au plus.",
        },
    )

    def __init__(self, limits: UploadLimits, *args: Any, **kwargs: Any) -> None:
        super().__init__(limits, *args, **kwargs)
        self.fields["files"].required = False


class DepositForm(PapersForm):
    """A new request with its papers."""

    claim_type = forms.ChoiceField(
        label="Que demandez-vous ?".replace(" ?", "\u202f?"),
        choices=[*((kind.value, CLAIM_LABELS_FR[kind]) for kind in ClaimType), (_UNKNOWN, "Je ne sais pas")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que vous demandez."},
    )
    patient = forms.ModelChoiceField(
        label="Qui est concerné ?".replace(" ?", "\u202f?"),
        required=False,
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    message = forms.CharField(
        label="Un mot pour le gestionnaire (facultatif)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, people: QuerySet[Person], limits: UploadLimits, *args: Any, **kwargs: Any) -> None:
        people = people.order_by("birth_date", "first")
        if len(people) == 1:
            kwargs.setdefault("initial", {}).setdefault("patient", people[0].pk)
        super().__init__(limits, *args, **kwargs)
        patient = self.fields["patient"]
        assert isinstance(patient, forms.ModelChoiceField)  # noqa: S101 - declared above
        patient.queryset = people

    @property
    def care_choices(self) -> list[BoundWidget]:
        """Requests about care, and the answer of who does not know."""
        return [choice for choice in self["claim_type"] if choice.data["value"] not in CONTRACT_CLAIMS]

    @property
    def contract_choices(self) -> list[BoundWidget]:
        """Requests about the contract."""
        return [choice for choice in self["claim_type"] if choice.data["value"] in CONTRACT_CLAIMS]

    def clean(self) -> dict[str, Any]:
        """Whoever knows what they ask for knows for whom."""
        data = super().clean() or {}
        kind = data.get("claim_type")
        if kind != _UNKNOWN and not data.get("patient") and "patient" not in self.errors:
            self.add_error("patient", "Choisissez la personne concernée.")
        data["claim_type"] = ClaimType(kind) if kind and kind != _UNKNOWN else None
        return data
