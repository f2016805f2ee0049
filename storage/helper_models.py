"""People who help a member with their dossiers."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Helper(models.Model):
    """A relative, or somebody whose work it is, whom a member lets see dossiers of theirs until a day.

    Attributes:
        user: their account; None until they accept.
        name: as the member calls them.
        patients: of the contract, whose dossiers they see.
        may_send: they deposit papers and correct what was read.
        may_write: they write to the gestionnaire and contest.
        until: last day.
        ended_at: when one of the two ended it.
    """

    member = models.ForeignKey("storage.Member", on_delete=models.CASCADE, related_name="helpers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="helped", null=True, blank=True
    )
    name = models.CharField(max_length=80)
    email = models.EmailField()
    patients = models.ManyToManyField("storage.Person", related_name="+")
    may_send = models.BooleanField(default=False)
    may_write = models.BooleanField(default=False)
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    until = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-invited_at", "-id")
        indexes = (models.Index(fields=["user", "until"]),)

    def __str__(self) -> str:
        return f"helper {self.pk} of member {self.member_id}"
