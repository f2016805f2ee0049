"""Papers that are no piece of a claim: letters, card slips, cards, leaflets, the mutuelle's own statements."""

from __future__ import annotations

import datetime as dt
from random import Random

from samples import names
from samples.identifiers import draw_digits
from samples.papers.values import Other, euros
from samples.people import Member, draw_place, draw_practitioner
from schemas.vocabulary import DocumentType

KINDS = ("card_slip", "letter", "mutuelle_card", "mutuelle_statement", "appointment", "leaflet")


def make_other(rng: Random, member: Member, day: dt.date, kind: str | None = None) -> Other:
    """A paper of type ``autre``.

    ``day`` is printed on it; ``kind`` is one of ``KINDS``, drawn when None.
    """
    kind = kind or rng.choice(KINDS)
    amount = euros(rng.randint(2000, 38000) / 100)
    person = rng.choice(member.people)
    issuer = draw_place(rng, "opticien", names.OPTICIANS + names.PHARMACIES)
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    title, sender = "", issuer.name
    if kind == "card_slip":
        title = "CARTE BANCAIRE"
        rows = (
            ("CB", "SANS CONTACT" if rng.random() < 0.5 else "CONTACT"),
            ("A0000000421010", ""),
            ("LE", f"{day:%d/%m/%y} A {rng.randint(9, 19)}:{rng.randint(0, 59):02d}"),
            (issuer.name.upper(), issuer.address.postcode),
            ("Commerçant", draw_digits(rng, 7)),
            ("Carte", f"############{draw_digits(rng, 4)}"),
            ("AUTO", draw_digits(rng, 6)),
        )
    elif kind == "letter":
        title, sender = "Objet : demande de remboursement", person.full_name
        paragraphs = (
            "Madame, Monsieur,",
            f"Je vous adresse ci-joint les justificatifs relatifs aux soins de {person.first}, pour lesquels j'ai "
            "réglé la totalité des frais. Je reste à votre disposition si une pièce venait à manquer.",
            "Par ailleurs, notre adresse a changé depuis le mois dernier ; merci d'en tenir compte.",
            "Veuillez recevoir, Madame, Monsieur, mes salutations distinguées.",
        )
    elif kind == "mutuelle_card":
        title, sender = "Carte de tiers payant", member.mutuelle
        rows = (
            ("Adhérent", f"{member.adherent.last.upper()} {member.adherent.first}"),
            ("N° adhérent", member.number),
            ("N° AMC", draw_digits(rng, 8)),
            ("Période", f"du 01/01/{day.year} au 31/12/{day.year}"),
            *(
                (p.first + " " + p.last.upper(), f"{p.birth:%d/%m/%Y}  PHAR 100  MED 100  HOSP PEC  OPTI PEC")
                for p in member.people
            ),
        )
    elif kind == "mutuelle_statement":
        title, sender = "Relevé de prestations", member.mutuelle
        rows = tuple(
            (
                f"{day - dt.timedelta(days=11 * i):%d/%m/%Y}  {label}",
                f"{euros(rng.randint(500, 6000) / 100)} €".replace(".", ","),
            )
            for i, label in enumerate(
                ("Consultation", "Pharmacie", "Analyses", "Consultation spécialiste")[: rng.randint(2, 4)]
            )
        )
        paragraphs = (f"Bonjour {person.first},", "Voici le détail des prestations versées sur votre compte bancaire.")
    elif kind == "appointment":
        doctor, minute = draw_practitioner(rng, "médecin", "Ophtalmologiste"), rng.choice(("00", "15", "30"))
        title, sender = "Confirmation de rendez-vous", f"Dr {doctor.name}"
        paragraphs = (
            f"Nous vous confirmons votre rendez-vous du {day:%d/%m/%Y} à {rng.randint(9, 17)} h {minute}.",
            "Merci de vous munir de votre carte Vitale, de votre carte de mutuelle et de vos anciennes lunettes.",
            f"En cas d'empêchement, prévenez le cabinet au {doctor.phone} au moins 48 heures à l'avance.",
        )
    else:
        title, sender = (
            rng.choice(("Bien lire votre contrat", "Campagne de vaccination", "Prévenir le mal de dos")),
            member.mutuelle,
        )
        paragraphs = (
            "Votre santé mérite un accompagnement tout au long de l'année.",
            "Nos conseillers répondent à vos questions du lundi au vendredi, de 9 heures à 18 heures.",
            "Retrouvez les ateliers près de chez vous, les bilans offerts et les conseils de nos professionnels.",
            "Document d'information sans valeur contractuelle.",
        )
    return Other(DocumentType.AUTRE, kind, title, sender, member, day, amount, rows, paragraphs, issuer)
