"""Every page of the site as it is rendered for those who may see it."""

from __future__ import annotations


def all_pages(world) -> dict[str, str]:
    """HTML by name."""
    dossier, piece = world.dossier.pk, world.piece.pk
    answers = {
        "sign-in": world.anonymous.get("/connexion"),
        "sign-in failed": world.anonymous.post("/connexion", {"username": "x", "password": "y"}),
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
