"""Who works on a dossier, and what can be searched on its papers.

Copies for lists and searches: the events say how a dossier came to be where it is.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Handling(models.Model):
    """Where a dossier stands among gestionnaires.

    Attributes:
        assignee: whose it is; None for the whole team.
        postponed_until: not to be pushed to anybody before that day.
        escalated: waits for a supervisor.
        proposed_act: "accepted" or "refused" while a second person must agree, else empty.
        proposed_by: who proposed it: must not be the one who agrees.
        proposal: reason and text of what is proposed.
        unread_messages: messages of the member that no gestionnaire has read.
        unread_answers: messages of gestionnaires that the member has not read.
    """

    dossier = models.OneToOneField(
        "storage.Dossier", primary_key=True, on_delete=models.PROTECT, related_name="handling"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="assigned_dossiers"
    )
    postponed_until = models.DateField(null=True)
    escalated = models.BooleanField(default=False)
    proposed_act = models.CharField(max_length=20, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="proposed_dossiers"
    )
    proposal = models.JSONField(default=dict)
    unread_messages = models.PositiveSmallIntegerField(default=0)
    unread_answers = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"handling of {self.dossier_id}"


class EventContent(models.Model):
    """What an event says of a person (``storage.contents``); goes when the dossier is erased, the event stays."""

    event = models.OneToOneField("storage.Event", primary_key=True, on_delete=models.PROTECT, related_name="content")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"content of event {self.event_id}"


class TeamMember(models.Model):
    """A gestionnaire works on a queue. Somebody who is in no team works on all of them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teams")
    queue = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "queue"], name="once_in_a_team"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.queue}"


class PrintedText(models.Model):
    """All the words read on a paper, folded as the search box folds them (``storage.intake.fold_text``)."""

    piece = models.OneToOneField(
        "storage.Piece", primary_key=True, on_delete=models.PROTECT, related_name="printed_text"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.piece_id}"


class SavedSearch(models.Model):
    """A search that a gestionnaire keeps; ``query`` is the address's query string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="one_search_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class BlindCheck(models.Model):
    """A settled dossier that somebody looks at without what the machine read (``storage.sampling``).

    Attributes:
        differing: names of what was read otherwise, by paper; empty where all agrees.
        judged: by field, how many values that the machine had accepted were right and how many were wrong.
    """

    dossier = models.OneToOneField("storage.Dossier", on_delete=models.PROTECT, related_name="blind_check")
    drawn_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True, db_index=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    differing = models.JSONField(default=dict)
    judged = models.JSONField(default=dict)

    class Meta:
        ordering = ("drawn_at", "pk")

    def __str__(self) -> str:
        return f"blind check of {self.dossier_id}"
