"""Forms of the site."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from portal.limits import UploadLimits
from portal.uploads import find_file_faults
from schemas.vocabulary import CLAIM_LABELS_FR, ClaimType
from storage.models import Member, Person


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


class DepositForm(PapersForm):
    """A new request with its papers."""

    claim_type = forms.ChoiceField(
        label="De quels soins s’agit-il ?".replace(" ?", "\u202f?"),
        choices=[(kind.value, CLAIM_LABELS_FR[kind]) for kind in ClaimType],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le type de soins."},
    )
    patient = forms.ModelChoiceField(
        label="Qui a été soigné ?".replace(" ?", "\u202f?"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choisissez la personne soignée."},
    )
    message = forms.CharField(
        label="Un mot pour le gestionnaire (facultatif)",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, member: Member, limits: UploadLimits, *args: Any, **kwargs: Any) -> None:
        people = member.people.order_by("birth_date", "first")
        if len(people) == 1:
            kwargs.setdefault("initial", {}).setdefault("patient", people[0].pk)
        super().__init__(limits, *args, **kwargs)
        patient = self.fields["patient"]
        assert isinstance(patient, forms.ModelChoiceField)  # noqa: S101 - declared above
        patient.queryset = people
