"""Members let somebody help them: how far that goes, and how it ends."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.mailing import wait_for_mail
from schemas.errors import RefusedActError
from storage.helping import MOST, accept_help, invite_helper, is_helper
from storage.models import Event, Helper, Sight
from tests.portal import build

EMAIL = "armelle@exemple.invalid"
UNTIL = dt.date(2099, 1, 1)


def invite(member, *, patients=None, may_send=True, may_write=True, email=EMAIL, until=UNTIL):
    people = list(member.people.all()) if patients is None else patients
    return invite_helper(
        member, "Armelle", email, people, may_send=may_send, may_write=may_write, until=until, now=timezone.now()
    )


def help_with(member, **changes):
    """Somebody who helps, signed in."""
    helper, user = invite(member, **changes), User.objects.create_user("armelle", password=build.PASSWORD)
    accept_help(helper, user, now=timezone.now())
    client = Client()
    client.force_login(user)
    return client, helper


def fill(member, **changes):
    people = [str(person.pk) for person in member.people.all()]
    return {"name": "Armelle Roux", "email": EMAIL, "patients": people, "rights": ["send"], "months": "3"} | changes


def find_path(message):
    return "/aider/" + re.search(r"/aider/(\S+)", message.body).group(1)


class TestInviting:
    def test_from_the_invitation_to_the_dossiers(self, world):
        answer = world.as_member.post("/compte/aidants", fill(world.member), follow=True)
        assert f"Une invitation est envoyée à {EMAIL}." in answer.content.decode()
        wait_for_mail()
        [message] = mail.outbox
        assert message.to == [EMAIL]
        assert "Maëlys Kerjean" in message.body
        path, stranger = find_path(message), Client()
        assert "Aider Maëlys Kerjean" in stranger.get(path).content.decode()
        answer = stranger.post(
            path, {"new_password1": "quatre mots sans lien", "new_password2": "quatre mots sans lien"}
        )
        assert answer.status_code == 302
        helper = Helper.objects.get()
        assert (helper.user.username, helper.may_send, helper.may_write) == (EMAIL, True, False)
        page = stranger.get("/dossiers").content.decode()
        assert world.dossier.reference in page
        assert "Vous aidez <strong>Maëlys Kerjean</strong>" in page
        assert stranger.get(path).status_code == Client().get(path).status_code == 404  # used
        assert "pas encore acceptée" not in world.as_member.get("/compte/aidants").content.decode()

    def test_who_has_an_account_accepts_with_it_and_chooses_whose_dossiers_to_see(self, world):
        world.as_member.post("/compte/aidants", fill(world.member))
        wait_for_mail()
        path = find_path(mail.outbox[0])
        assert world.as_other.post(path).status_code == 302
        assert world.dossier.reference in world.as_other.get("/dossiers").content.decode()
        assert world.other_dossier.reference not in world.as_other.get("/dossiers").content.decode()
        world.as_other.post("/aider")
        assert world.other_dossier.reference in world.as_other.get("/dossiers").content.decode()
        assert world.as_other.get(f"/dossiers/{world.dossier.pk}").status_code == 404
        world.as_other.post("/aider", {"aide": Helper.objects.get().pk})
        assert world.as_other.get(f"/dossiers/{world.dossier.pk}").status_code == 200

    def test_an_address_that_has_an_account_signs_in_first(self, world):
        User.objects.create_user(EMAIL, password=build.PASSWORD)
        world.as_member.post("/compte/aidants", fill(world.member))
        wait_for_mail()
        path, client = find_path(mail.outbox[0]), Client()
        page = client.get(path).content.decode()
        assert f"/connexion?next={path}" in page
        assert "new_password1" not in page
        client.post(path, {"new_password1": "quatre mots sans lien", "new_password2": "quatre mots sans lien"})
        assert Helper.objects.get().accepted_at is None

    @pytest.mark.parametrize(
        "changes", [{"name": ""}, {"email": "x"}, {"patients": []}, {"months": "99"}, {"rights": ["all"]}]
    )
    def test_a_form_that_says_too_little_sends_nothing(self, world, changes):
        answer = world.as_member.post("/compte/aidants", fill(world.member, **changes))
        assert answer.status_code == 422
        wait_for_mail()
        assert not mail.outbox
        assert not Helper.objects.exists()

    def test_nobody_else_on_the_contract_of_somebody_else_can_be_chosen(self, world):
        stranger = world.other.people.first()
        answer = world.as_member.post("/compte/aidants", fill(world.member, patients=[str(stranger.pk)]))
        assert answer.status_code == 422

    def test_there_is_a_most(self, world):
        for number in range(MOST):
            invite(world.member, email=f"a{number}@exemple.invalid")
        with pytest.raises(RefusedActError):
            invite(world.member)
        Helper.objects.first().delete()
        with pytest.raises(RefusedActError):
            invite(world.member, email="A1@exemple.invalid")

    def test_nobody_helps_themselves(self, world):
        helper = invite(world.member)
        with pytest.raises(RefusedActError):
            accept_help(helper, world.member.user, now=timezone.now())


class TestLimits:
    def test_only_the_dossiers_of_the_people_chosen(self, world):
        child = world.member.people.get(first="Tristan")
        client, _ = help_with(world.member, patients=[child])
        for path in (
            f"/dossiers/{world.dossier.pk}",
            f"/papiers/{world.piece.pk}",
            f"/papiers/{world.piece.pk}/original",
        ):
            assert client.get(path).status_code == 404
        assert world.dossier.reference not in client.get("/dossiers").content.decode()
        form = client.get("/dossiers/deposer").content.decode()
        assert "Tristan" in form
        assert "Maëlys" not in form.split("<form", 3)[-1]

    def test_without_rights_one_looks_and_does_nothing(self, world):
        client, _ = help_with(world.member, may_send=False, may_write=False)
        page = client.get(f"/dossiers/{world.dossier.pk}").content.decode()
        for words in ("Ajouter un document", "Écrire au gestionnaire", "Corriger"):
            assert words not in page
        for path in ("ajouter", "ecrire", "contester"):
            assert client.post(f"/dossiers/{world.dossier.pk}/{path}").status_code == 403
        for path in ("/dossiers/deposer", "/dossiers/regarder", f"/papiers/{world.piece.pk}/dire"):
            assert client.post(path).status_code == 403
        assert "Déposer" not in client.get("/dossiers").content.decode()

    def test_what_is_the_members_alone_is_theirs(self, world):
        client, helper = help_with(world.member)
        assert client.get("/compte/aidants").status_code == 403
        assert client.post(f"/compte/aidants/{helper.pk}/retirer").status_code == 403
        assert client.post("/compte/alertes").status_code == 403
        assert "Alertes" not in client.get("/compte").content.decode()

    def test_what_they_do_and_see_is_written_down_in_their_name(self, world):
        client, helper = help_with(world.member)
        client.get(f"/dossiers/{world.dossier.pk}")
        assert Sight.objects.get().actor == f"helper:{helper.pk}"
        client.post(f"/dossiers/{world.dossier.pk}/ecrire", {"text": "Bonjour", "token": "0" * 32})
        event = Event.objects.filter(dossier=world.dossier).latest("id")
        assert is_helper(event.actor)
        assert "par une personne qui vous aide" in world.as_member.get(f"/dossiers/{world.dossier.pk}").content.decode()

    def test_answers_stay_unread_for_the_member(self, world):
        from storage.talking import write_as_handler

        now = timezone.now()
        write_as_handler(world.dossier.pk, "Voici.", world.piece.pk, actor="odile", now=now)
        client, _ = help_with(world.member)
        client.get(f"/dossiers/{world.dossier.pk}")
        client.get(f"/dossiers/{world.dossier.pk}/suivi")
        assert "message non lu" in world.as_member.get("/dossiers").content.decode()


class TestEnding:
    def test_the_member_ends_it_at_once(self, world):
        client, helper = help_with(world.member)
        assert client.get(f"/dossiers/{world.dossier.pk}").status_code == 200
        assert world.as_other.post(f"/compte/aidants/{helper.pk}/retirer").status_code == 404
        world.as_member.post(f"/compte/aidants/{helper.pk}/retirer")
        assert client.get(f"/dossiers/{world.dossier.pk}").status_code == 404
        assert client.get("/dossiers").status_code == 403

    def test_who_helps_ends_it(self, world):
        client, helper = help_with(world.member)
        assert world.as_other.post(f"/aider/{helper.pk}/arreter").status_code == 404
        client.post(f"/aider/{helper.pk}/arreter")
        assert client.get("/dossiers").status_code == 403

    def test_the_last_day_ends_it(self, world):
        client, helper = help_with(world.member)
        Helper.objects.update(until=timezone.localdate() - dt.timedelta(days=1))
        assert client.get(f"/dossiers/{world.dossier.pk}").status_code == 404
        assert client.post("/aider", {"aide": helper.pk}).status_code == 404

    def test_an_invitation_that_was_taken_back_is_none(self, world):
        world.as_member.post("/compte/aidants", fill(world.member))
        wait_for_mail()
        path = find_path(mail.outbox[0])
        world.as_member.post(f"/compte/aidants/{Helper.objects.get().pk}/retirer")
        assert Client().get(path).status_code == 404


def test_a_member_who_is_erased_leaves_no_helper(world, folder_store):
    from storage.erasing import erase_member

    _, helper = help_with(world.member)
    erase_member(world.member, folder_store, reason="asked", actor="test", now=timezone.now())
    assert not Helper.objects.filter(pk=helper.pk).exists()
