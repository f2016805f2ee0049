"""Every page of the site as it is rendered for those who may see it."""

from __future__ import annotations

from django.test import Client

from schemas.rules import installed_rules
from schemas.statuses import EventKind, Settlement
from storage.events import append_event
from storage.rule_texts import keep_installed_rules
from storage.settling import report_settlement
from tests.portal import build
from tests.portal.codes import find_code
from tests.portal.test_helping import help_with, invite


def all_pages(world) -> dict[str, str]:
    """HTML by name."""
    dossier, piece = world.dossier.pk, world.piece.pk
    from portal.links import make_activation_token, make_helper_token, make_recovery_token

    invited = invite(world.member, email="autre@exemple.invalid")
    known = invite(world.other, email="personne")
    helping, _ = help_with(world.member)
    fresh = make_activation_token(build.make_member("07719950", "Éloïse", "Quéméneur"))
    forgot = make_recovery_token(world.other.user)
    chief = Client()
    chief.force_login(build.make_handler("ines", supervisor=True))
    keep_installed_rules(build.NOW)
    kept = installed_rules().content_hash
    operator, colleague = Client(), build.make_handler("basile")
    operator.force_login(build.make_operator())
    operator.post(f"/administration/personnes/{colleague.pk}", {"name": "Basile Tanguy", "email": "b@exemple.invalid",
                                                                "role": "gestionnaire", "active": "on"})  # fmt: skip
    answers = {
        "sign-in": world.anonymous.get("/connexion"),
        "sign-in failed": world.anonymous.post("/connexion", {"username": "x", "password": "y"}),
        "activate": world.anonymous.get("/compte/activer"),
        "activate wrongly": world.anonymous.post("/compte/activer", {"email": "x"}),
        "activate asked": world.anonymous.post(
            "/compte/activer", {"number": "1", "birth_date": "1984-05-17", "email": "x@exemple.invalid"}
        ),
        "activate by link": world.anonymous.get(f"/compte/activer/{fresh}"),
        "activate by link wrongly": world.anonymous.post(
            f"/compte/activer/{fresh}", {"new_password1": "court", "new_password2": "court"}
        ),
        "activate by an old link": world.anonymous.get("/compte/activer/1_2-3"),
        "account": world.as_member.get("/compte"),
        "account of somebody who helps": helping.get("/compte"),
        "helpers": world.as_member.get("/compte/aidants"),
        "helpers wrongly": world.as_member.post("/compte/aidants"),
        "invitation to help": world.anonymous.get(f"/aider/invitation/{make_helper_token(invited)}"),
        "invitation to help, signed in": world.as_other.get(f"/aider/invitation/{make_helper_token(invited)}"),
        "invitation to help, known": world.anonymous.get(f"/aider/invitation/{make_helper_token(known)}"),
        "invitation to help, used": world.anonymous.get("/aider/invitation/1_2-3"),
        "dossiers of somebody helped": helping.get("/dossiers"),
        "dossier of somebody helped": helping.get(f"/dossiers/{dossier}"),
        "dossiers being settled": _settled(world).get("/dossiers"),
        "dossier paid": world.as_other.get(f"/dossiers/{world.other_dossier.pk}"),
        "change password": world.as_member.get("/compte/mot-de-passe"),
        "change password wrongly": world.as_other.post("/compte/mot-de-passe", {"current": "faux"}),
        "second factor": world.as_member.get("/compte/double-authentification"),
        "second factor wrongly": world.as_member.post("/compte/double-authentification"),
        "passkeys": world.as_member.get("/compte/cles"),
        "email code": _with_address(world).get("/compte/code-par-email"),
        "email code asked": world.as_member.post("/compte/code-par-email", {"current": build.PASSWORD}),
        "email code wrong": world.as_member.post("/compte/code-par-email", {"code": "1"}),
        "email code without an address": world.as_nobody.get("/compte/code-par-email"),
        **_pages_with_a_second_factor(),
        "recover": world.anonymous.get("/compte/oubli"),
        "recover by link": world.anonymous.get(f"/compte/oubli/{forgot}"),
        "dossiers": world.as_member.get("/dossiers"),
        "dossiers none found": world.as_member.get("/dossiers", {"q": "introuvable"}),
        "deposit": world.as_member.get("/dossiers/deposer"),
        "deposit refused": world.as_member.post("/dossiers/deposer"),
        "dossier": world.as_member.get(f"/dossiers/{dossier}"),
        "dossier refused": world.as_member.post(f"/dossiers/{dossier}/ajouter"),
        "follow": world.as_member.get(f"/dossiers/{dossier}/suivi"),
        "paper": world.as_member.get(f"/papiers/{piece}"),
        "paper said wrongly": world.as_member.post(f"/papiers/{piece}/dire", {"0-total_amount": "beaucoup"}),
        "queue": world.as_handler.get("/gestion"),
        "quality": world.as_handler.get("/gestion/relecture"),
        "steps": world.as_handler.get(f"/papiers/{piece}/pages/1/etapes"),
        "figures": chief.get("/gestion/tableau"),
        "journal": chief.get("/gestion/journal"),
        "journal of acts": chief.get("/gestion/journal?quoi=actes&qui=personne"),
        "journal of accounts": chief.get("/gestion/journal?quoi=comptes"),
        "rules": operator.get("/administration/regles"),
        "rules version": operator.get(f"/administration/regles/{kept}"),
        "texts": chief.get("/gestion/textes"),
        "texts of a dossier": chief.get("/gestion/textes", {"dossier": world.dossier.reference}),
        "people": operator.get("/administration/personnes"),
        "add person": operator.get("/administration/personnes/ajouter"),
        "add person wrongly": operator.post("/administration/personnes/ajouter", {"email": "x"}),
        "person": operator.get(f"/administration/personnes/{colleague.pk}"),
        "write": world.as_member.get(f"/dossiers/{dossier}/ecrire"),
        "write wrongly": world.as_member.post(f"/dossiers/{dossier}/ecrire"),
        "contest wrongly": world.as_member.post(f"/dossiers/{dossier}/contester"),
        "review": world.as_handler.get(f"/gestion/dossiers/{dossier}"),
        "api docs": world.anonymous.get("/api/v1/docs"),
        "not found": world.as_member.get("/nulle-part"),
        "forbidden": world.as_member.get("/gestion"),
    }
    return {name: answer.content.decode() for name, answer in answers.items()}


def _settled(world):
    """The other member, one of whose dossiers is paid and one of whose waits for the Assurance Maladie."""
    waits, _ = build.make_decided_dossier(world.other)
    for dossier, state in ((world.other_dossier, Settlement.PAID), (waits, Settlement.WAITING_AMO)):
        append_event(dossier, EventKind.HANDLER_ACCEPTED, at=build.NOW, actor="odile")
        report_settlement(dossier.pk, state, day=build.NOW.date(), actor="integrator:pays", now=build.NOW)
    return world.as_other


def _with_address(world):
    """The member, whose address is known now."""
    world.member.email = "maelys@exemple.invalid"
    world.member.save(update_fields=["email"])
    return world.as_member


def _pages_with_a_second_factor():
    user = build.make_handler("solene")
    client = Client()
    client.post("/connexion", {"username": "solene", "password": build.PASSWORD})
    client.get("/compte/double-authentification")
    secret = client.session["second_factor_secret"]
    given = {"code": find_code(secret), "current": build.PASSWORD}
    owing = Client()
    answers = {
        "recovery codes": client.post("/compte/double-authentification", given),
        "account with second factor": client.get("/compte"),
        "second factor removed": client.get("/compte/double-authentification/retirer"),
        "new recovery codes": client.get("/compte/codes"),
        "signing in": owing.post("/connexion", {"username": user.username, "password": build.PASSWORD}, follow=True),
        "code wrong": owing.post("/connexion/code", {"code": "12"}),
    }
    assert "Codes de secours" in answers["recovery codes"].content.decode()
    assert "Code de connexion" in answers["signing in"].content.decode()
    return answers
