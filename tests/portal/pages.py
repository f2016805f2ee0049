"""Every page of the site as it is rendered for those who may see it."""

from __future__ import annotations

from tests.portal import build


def all_pages(world) -> dict[str, str]:
    """HTML by name."""
    dossier, piece = world.dossier.pk, world.piece.pk
    from portal.links import make_activation_token, make_recovery_token

    fresh = make_activation_token(build.make_member("07719950", "Éloïse", "Quéméneur"))
    forgot = make_recovery_token(world.other.user)
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
        "review": world.as_handler.get(f"/gestion/dossiers/{dossier}"),
        "api docs": world.anonymous.get("/api/v1/docs"),
        "not found": world.as_member.get("/nulle-part"),
        "forbidden": world.as_member.get("/gestion"),
    }
    return {name: answer.content.decode() for name, answer in answers.items()}
