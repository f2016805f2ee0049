"""Papers that are no piece of a claim: letters, card slips, cards, leaflets, the mutuelle's own statements."""

from __future__ import annotations

import datetime as dt
from random import Random

from samples import names
from samples.identifiers import draw_digits
from samples.papers.values import Other, euros
from samples.people import Member, Person, draw_place, draw_practitioner
from schemas.vocabulary import DocumentType

KINDS = (
    "card_slip",
    "letter",
    "mutuelle_card",
    "mutuelle_statement",
    "appointment",
    "leaflet",
    "bank_statement",
    "contribution_call",
    "sick_leave",
    "laboratory_results",
    "certificate",
    "delivery_note",
    "mail",
    "payment_proof",
)


_Drawn = tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...]]


def _bank_statement(rng: Random, member: Member, _: Person, day: dt.date) -> _Drawn:
    words = (
        "CARTE PHARMACIE",
        "PRLV MUTUELLE",
        "VIR CPAM",
        "CHEQUE",
        "CARTE SUPERMARCHE",
        "PRLV ENERGIE",
        "VIR SALAIRE",
    )
    rows = tuple(
        (
            f"{day - dt.timedelta(days=2 * i):%d.%m}  {rng.choice(words)}",
            f"{euros(rng.randint(300, 90000) / 100)}".replace(".", ","),
        )
        for i in range(rng.randint(5, 11))
    )
    return "Relevé de compte", member.bank.name, rows, (f"Compte {member.bank.iban[14:25]} – {member.bank.holder}",)


def _contribution_call(rng: Random, member: Member, _: Person, day: dt.date) -> _Drawn:
    rows = (
        ("N° adhérent", member.number),
        ("Période", f"du 01/{day:%m/%Y} au 31/12/{day.year}"),
        ("Cotisation mensuelle", f"{euros(rng.randint(3500, 16000) / 100)} €".replace(".", ",")),
        ("Prélèvement le", f"{rng.choice((5, 10))} de chaque mois"),
    )
    return rng.choice(("Échéancier", "Appel de cotisation", "Avis d'échéance")), member.mutuelle, rows, ()


def _sick_leave(rng: Random, _: Member, person: Person, day: dt.date) -> _Drawn:
    doctor = draw_practitioner(rng, "médecin", "Médecine générale")
    end = day + dt.timedelta(days=rng.randint(2, 15))
    rows = (
        ("Nom et prénom", f"{person.last.upper()} {person.first}"),
        ("N° d'immatriculation", person.nir),
        ("Arrêt du", f"{day:%d/%m/%Y}"),
        ("Jusqu'au", f"{end:%d/%m/%Y} inclus"),
        ("Médecin", f"Dr {doctor.name} – {doctor.rpps}"),
    )
    return "Avis d'arrêt de travail", "volet 3 – à adresser à l'employeur", rows, ("Sorties autorisées.",)


def _laboratory_results(rng: Random, _: Member, person: Person, day: dt.date) -> _Drawn:
    ranges = (("Hémoglobine", "g/dL", 12, 16), ("Glycémie à jeun", "g/L", 0.7, 1.1),
              ("Cholestérol total", "g/L", 1.5, 2.4),
              ("Créatinine", "mg/L", 6, 11), ("TSH", "mUI/L", 0.4, 4), ("Ferritine", "µg/L", 20, 200))  # fmt: skip
    rows = tuple(
        (name, f"{rng.uniform(low, high):.2f} {unit}   ({low} – {high})".replace(".", ","))
        for name, unit, low, high in rng.sample(ranges, rng.randint(3, 6))
    )
    taken = f"prélevé le {day:%d/%m/%Y} à {rng.randint(7, 10)}h{rng.randint(10, 59)}"
    who = f"{person.civility} {person.last.upper()} {person.first}, {taken}"
    return "Compte rendu d'analyses", rng.choice(names.LABORATORIES), rows, (who,)


def _certificate(rng: Random, _: Member, person: Person, day: dt.date) -> _Drawn:
    doctor = draw_practitioner(rng, "médecin", "Médecine générale")
    text = rng.choice(
        (
            "ne présente à ce jour aucune contre-indication apparente à la pratique du sport.",
            "doit rester à domicile pour raison médicale pendant quelques jours.",
            "est à jour de ses vaccinations obligatoires.",
        )
    )
    paragraphs = (
        f"Je soussigné, Dr {doctor.name}, certifie avoir examiné ce jour {person.full_name}, "
        f"né(e) le {person.birth:%d/%m/%Y},",
        f"et certifie que cette personne {text}",
        "Certificat établi à la demande de l'intéressé(e) et remis en main propre pour faire valoir ce que de droit.",
    )
    return "Certificat médical", f"Dr {doctor.name}", (), (*paragraphs, f"Fait le {day:%d/%m/%Y}")


def _delivery_note(rng: Random, member: Member, person: Person, day: dt.date) -> _Drawn:
    rows = (
        ("Bon de livraison", f"BL{rng.randint(10000, 99999)}"),
        ("Commande", f"{rng.randint(1000, 9999)} du {day - dt.timedelta(days=9):%d/%m/%Y}"),
        ("Client", f"{person.last.upper()} {person.first}"),
        ("Adresse", f"{member.address.street}, {member.address.city_line}"),
        (
            "1",
            rng.choice(("Équipement optique complet", "Fauteuil roulant", "Ceinture lombaire", "Paire de lentilles")),
        ),
    )
    return (
        "Bon de livraison",
        rng.choice(names.EQUIPMENT_SHOPS),
        rows,
        ("Marchandise reçue en bon état. Ne tient pas lieu de facture.",),
    )


def _mail(rng: Random, member: Member, person: Person, day: dt.date) -> _Drawn:
    rows = (
        ("De", f"{person.first.lower()}.{person.last.lower()}@courriel.example"),
        ("À", f"gestion@{member.mutuelle.split()[-1].lower()}.example"),
        ("Envoyé", f"{day:%d/%m/%Y} {rng.randint(7, 22)}:{rng.randint(10, 59)}"),
        ("Objet", rng.choice(("Ma facture", "Re: demande de pièces", "Remboursement en attente", "Justificatifs"))),
    )
    paragraphs = (
        "Bonjour,",
        "Vous trouverez en pièce jointe les documents que vous m'avez demandés. "
        "Merci de me confirmer leur bonne réception.",
        f"Cordialement, {person.full_name}",
    )
    return "", "Messagerie", rows, paragraphs


def _payment_proof(rng: Random, member: Member, _: Person, day: dt.date) -> _Drawn:
    rows = (
        ("Émetteur", member.bank.holder),
        ("Bénéficiaire", draw_practitioner(rng, "médecin").name),
        ("Date d'exécution", f"{day:%d/%m/%Y}"),
        ("Montant", f"{euros(rng.randint(2500, 60000) / 100)} EUR".replace(".", ",")),
        ("Référence", draw_digits(rng, 12)),
    )
    return "Confirmation de virement", member.bank.name, rows, ("Votre virement a bien été enregistré.",)


_MORE = {
    "bank_statement": _bank_statement,
    "contribution_call": _contribution_call,
    "sick_leave": _sick_leave,
    "laboratory_results": _laboratory_results,
    "certificate": _certificate,
    "delivery_note": _delivery_note,
    "mail": _mail,
    "payment_proof": _payment_proof,
}


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
    elif kind in _MORE:
        title, sender, rows, paragraphs = _MORE[kind](rng, member, person, day)
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
