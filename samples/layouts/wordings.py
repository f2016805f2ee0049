"""Words that label a value, several for each; the last one of a long list is kept for test layouts."""

from __future__ import annotations

WORDINGS: dict[str, tuple[str, ...]] = {
    "total": ("Total", "Total TTC", "Montant total", "Total général", "TOTAL", "Montant total TTC"),
    "total_fees": ("Total", "Montant total", "Total honoraires", "Somme totale", "Total des honoraires"),
    "amo": ("Part AMO", "Part Sécurité sociale", "Part RO", "Part obligatoire", "Remboursement Assurance Maladie",
            "Part Assurance Maladie"),
    "amc": ("Part AMC", "Part mutuelle", "Part RC", "Part complémentaire", "Prise en charge mutuelle",
            "Part organisme complémentaire"),
    "due": ("Reste à charge", "Reste à charge patient", "RAC", "Part assuré", "Reste à votre charge"),
    "number": ("N°", "Numéro", "Réf.", "N° de pièce"),
    "issued": ("Date", "Émise le", "Date d'émission", "Date de facture", "Établie le"),
    "issued_quote": ("Date", "Devis du", "Établi le", "Date du devis", "Date d'établissement"),
    "care": ("Date des soins", "Soins du", "Date de l'acte", "Exécuté le", "Date d'exécution"),
    "care_session": ("Séance du", "Consultation du", "Date de séance", "Date de la consultation"),
    "care_delivery": ("Délivré le", "Date de délivrance", "Date de livraison", "Remis le", "Date de remise"),
    "entry": ("Entrée", "Entré(e) le", "Date d'entrée", "Admission"),
    "exit": ("Sortie", "Sorti(e) le", "Date de sortie", "Fin de séjour"),
    "patient": ("Patient", "Bénéficiaire", "Patient(e)", "Nom du patient", "Bénéficiaire des soins"),
    "patient_shop": ("Client", "Bénéficiaire", "Patient", "Porteur", "Bénéficiaire de l'équipement"),
    "member_number": ("N° adhérent", "N° d'adhérent", "Adhérent n°", "N° adhérent mutuelle", "Code adhérent"),
    "nir": ("N° de sécurité sociale", "N° SS", "NIR", "N° Sécu", "N° d'immatriculation", "Immatriculation"),
    "finess": ("FINESS", "N° FINESS", "Finess"),
    "rpps": ("RPPS", "N° RPPS", "Identifiant RPPS"),
    "siret": ("SIRET", "N° SIRET", "Siret"),
    "birth": ("Né(e) le", "Date de naissance", "Naissance"),
    "mutuelle": ("Mutuelle", "Organisme complémentaire", "Complémentaire", "OCAM"),
    "prescriber": ("Prescripteur", "Médecin prescripteur", "Prescrit par"),
    "prescribed": ("Ordonnance du", "Prescription du", "Date de prescription", "Prescrit le"),
    "discount": ("Remise", "Remise commerciale", "Geste commercial"),
    "deposit": ("Acompte versé", "Acompte", "Déjà réglé", "Arrhes versées"),
    "net": ("Net à payer", "Solde", "Solde à régler"),
    "col_date": ("Date", "Date acte", "Le", "Date des soins"),
    "col_code": ("Code", "Acte", "Cotation", "Réf.", "Code acte"),
    "col_label": ("Désignation", "Libellé", "Prestation", "Nature des actes", "Description"),
    "col_location": ("Dent", "N° dent", "Loc.", "Localisation"),
    "col_side": ("Œil", "Côté", "OD/OG", "Position"),
    "col_ear": ("Oreille", "Côté", "Latéralité", "Oreille D/G"),
    "col_quantity": ("Qté", "Nbre", "Quantité", "Q."),
    "col_unit_price": ("P.U.", "Prix unitaire", "PU TTC", "Tarif"),
    "col_price": ("Montant", "Montant TTC", "Prix TTC", "Total TTC", "Prix", "Total ligne"),
    "col_amount": ("Montant", "Honoraires", "Dépense", "Montant facturé", "Somme"),
    "col_base": ("Base", "BR", "Base remb.", "Base SS", "Tarif de base"),
    "col_amo": ("Part AMO", "Remb. SS", "AMO", "Part SS", "Montant AMO"),
    "col_amc": ("Part AMC", "AMC", "Part compl.", "Mutuelle"),
    "col_excess": ("Dépassement", "Dépass.", "D.E."),
    "rib_title": ("Relevé d'identité bancaire", "RIB", "Relevé d'Identité Bancaire - IBAN", "Identité bancaire"),
    "holder": ("Titulaire du compte", "Titulaire", "Intitulé du compte", "Compte ouvert au nom de"),
}  # fmt: skip

PAID_MENTIONS = (
    "Facture acquittée le {day}", "Acquittée le {day} par {method}", "Réglé le {day} par {method}", "Payé par {method}",
    "Réglée par {method} le {day}", "ACQUITTÉE", "Payé le {day} ({method})", "Pour acquit, le {day}",
    "Somme réglée en totalité ({method})", "Règlement reçu le {day} – {method}",
)  # fmt: skip
STAMP_MENTIONS = (
    "ACQUITTÉ\nle {day}",
    "PAYÉ\n{day}",
    "RÉGLÉ LE\n{day}",
    "ACQUITTÉ",
    "FACTURE\nACQUITTÉE",
    "PAYÉ PAR\n{method}",
)
HAND_MENTIONS = ("Payé le {day}", "réglé {method}", "Acquitté le {day}", "payé {method} {day}")
DUE_MENTIONS = (
    "Reste dû : {amount}", "Solde à régler avant le {day} : {amount}", "À régler avant le {day} : {amount}",
    "Montant restant à payer : {amount}", "Somme restant due : {amount}",
)  # fmt: skip
