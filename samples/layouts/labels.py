"""What French papers really call their values: many synonyms, dealt out so that every split has words of its own.

The first two of a list are used everywhere ("Total", "Facture n°"...). The others are dealt in turn: three to ``train``,
one to ``calibration``, one to ``test``.
"""

from __future__ import annotations

from functools import cache

SPLITS = ("train", "calibration", "test")
_TURNS = ("train", "train", "calibration", "train", "test")

LABELS: dict[str, tuple[str, ...]] = {
    "number": (
        "Facture n°", "N° facture", "N° de facture", "Réf. facture", "Référence facture", "Facture numéro", "Facture N° :",
        "N° pièce", "Fact. n°", "Numéro", "Numéro de facture", "Notre référence", "FA N°", "Pièce comptable n°",
        "Réf. pièce", "N° du document", "Facture",
    ),
    "number_note": (
        "Note n°", "N°", "Reçu n°", "Numéro", "Réf.", "Note d'honoraires n°", "N° de note", "Référence", "N° reçu",
        "Facture n°", "Réf. note", "Pièce n°",
    ),
    "number_quote": (
        "Devis n°", "N° devis", "N° de devis", "Référence devis", "Réf. devis", "Proposition n°", "Numéro du devis",
        "Devis réf.", "N° du document", "N° de proposition", "DEVIS N°", "Réf. proposition",
    ),
    "issued": (
        "Date", "Date de facture", "Facture du", "Date facture", "Émise le", "Date d'émission", "Établie le", "Éditée le",
        "Date de facturation", "Facturé le", "Le", "Date d'établissement", "Date du document", "Date pièce",
        "Facture émise le", "Date de pièce", "Fait le",
    ),
    "issued_quote": (
        "Date", "Devis du", "Date du devis", "Établi le", "Date d'établissement", "Devis établi le", "Émis le",
        "Date d'édition", "Proposition du", "Fait le", "Remis le", "Édité le",
    ),
    "care": (
        "Date des soins", "Soins du", "Date de l'acte", "Date acte", "Exécuté le", "Soins effectués le", "Acte du",
        "Actes réalisés le", "Date d'exécution", "Soins dispensés le", "Date de réalisation", "Prestation du",
        "Date(s) de soins", "Intervention du", "Réalisé le",
    ),
    "care_session": (
        "Séance du", "Consultation du", "Date de la séance", "Date de consultation", "Reçu(e) en consultation le",
        "Séance(s) du", "Date du rendez-vous", "Rendez-vous du", "Date de prestation", "Séance effectuée le",
        "Soin du", "Consultation effectuée le",
    ),
    "care_delivery": (
        "Délivré le", "Date de délivrance", "Livré le", "Date de livraison", "Remis le", "Livraison du", "Retrait le",
        "Équipement délivré le", "Date de remise", "Date de vente", "Délivrance du", "Fourni le",
    ),
    "entry": (
        "Date d'entrée", "Entrée", "Entré(e) le", "Entrée le", "Admission", "Début de séjour", "Date d'admission",
        "Hospitalisé(e) du", "Arrivée", "Admis(e) le", "Début",
    ),
    "exit": (
        "Date de sortie", "Sortie", "Sorti(e) le", "Sortie le", "Fin de séjour", "Fin d'hospitalisation",
        "Date de fin", "au", "Départ", "Sortant le", "Fin",
    ),
    "patient": (
        "Patient", "Bénéficiaire", "Nom du patient", "Patient(e)", "Bénéficiaire des soins", "Nom et prénom",
        "Nom, prénom", "Malade", "Soins dispensés à", "Personne soignée", "Pour", "Nom / Prénom", "Identité du patient",
        "Concerne", "Identité", "Assuré / bénéficiaire", "Personne ayant reçu les soins",
    ),
    "patient_shop": (
        "Client", "Patient", "Bénéficiaire", "Porteur", "Porteur de l'équipement", "Bénéficiaire de l'équipement",
        "Nom du client", "Équipement de", "Facturé à", "Pour", "Nom et prénom", "Utilisateur", "Délivré à",
        "Client / patient", "Concerne",
    ),
    "member_number": (
        "N° adhérent", "N° d'adhérent", "Adhérent n°", "N° adhérent mutuelle", "Numéro d'adhérent", "N° contrat adhérent",
        "N° AMC adhérent", "Réf. adhérent", "Code adhérent", "Matricule adhérent", "N° mutuelle", "Num. adhérent",
    ),
    "nir": (
        "N° de sécurité sociale", "N° SS", "N° Sécu", "NIR", "N° d'immatriculation", "Immatriculation", "N° assuré social",
        "N° INSEE", "N° d'assuré", "Matricule", "N° immat.", "Numéro de sécurité sociale", "SS", "N° S.S.",
        "Matricule assuré", "Assuré n°", "N° sécurité sociale",
    ),
    "finess": ("FINESS", "N° FINESS", "Finess", "N° établissement", "Finess n°", "FINESS géo.", "N° Finess", "ID FINESS"),
    "rpps": ("RPPS", "N° RPPS", "Rpps", "Identifiant RPPS", "RPPS n°", "Id. RPPS", "N° R.P.P.S.", "Numéro RPPS"),
    "siret": ("SIRET", "N° SIRET", "Siret", "SIRET n°", "N° Siret", "Siret :", "R.C.S. / SIRET", "Identifiant SIRET"),
    "birth": (
        "Né(e) le", "Date de naissance", "Naissance", "DDN", "Date naiss.", "Date de naiss.", "D. naissance", "Née/né le",
    ),
    "mutuelle": (
        "Mutuelle", "Organisme complémentaire", "Complémentaire", "OCAM", "AMC", "Organisme AMC", "Complémentaire santé",
        "Régime complémentaire",
    ),
    "prescriber": (
        "Prescripteur", "Médecin prescripteur", "Prescrit par", "Dr prescripteur", "Ordonnance du Dr", "Médecin",
        "Nom du prescripteur", "Sur prescription de",
    ),
    "prescribed": (
        "Ordonnance du", "Date de prescription", "Prescription du", "Prescrit le", "Date ordonnance", "Date d'ordonnance",
        "Ordonnance en date du", "En date du", "Date de l'ordonnance",
    ),
    "discount": ("Remise", "Remise commerciale", "Geste commercial", "Rabais", "Réduction", "Remise accordée",
                 "Escompte", "Avantage fidélité"),
    "deposit": ("Acompte", "Acompte versé", "Déjà réglé", "Arrhes", "Versement reçu", "Acompte déduit", "Provision versée",
                "À déduire : acompte"),
    "net": ("Net à payer", "Solde", "Solde à payer", "Reste à régler", "Solde à régler", "Net à régler", "Solde restant",
            "À régler ce jour"),
    "subtotal": ("Sous-total", "Sous total", "Total HT", "Total brut", "Montant HT", "Total avant remise", "S/Total",
                 "Total actes"),
    "total": (
        "Total", "Total TTC", "TOTAL", "Montant total", "Total facture", "Montant TTC", "Total général", "TOTAL TTC",
        "Montant total TTC", "Total des prestations", "Montant de la facture", "Total dépense", "Net TTC", "Total facturé",
        "Montant facturé", "Somme totale", "Prix total TTC",
    ),
    "total_fees": (
        "Total", "Montant total", "Total honoraires", "Total des honoraires", "Montant", "Honoraires", "Somme totale",
        "Montant des honoraires", "Somme de", "Total séance(s)", "Total note", "Total de la note", "Total honoraires TTC",
    ),
    "amo": (
        "Part AMO", "Part Sécurité sociale", "Part obligatoire", "Part RO", "Remboursement Sécu", "Part Assurance Maladie",
        "Remb. AMO", "Montant AMO", "Prise en charge AMO", "Régime obligatoire", "Sécurité sociale", "Part Sécu",
        "Part caisse", "Total RO", "Remboursement AMO", "Caisse (AMO)", "Pris en charge par la Sécu",
    ),
    "amc": (
        "Part AMC", "Part mutuelle", "Part complémentaire", "Part RC", "Mutuelle", "Montant AMC", "Prise en charge AMC",
        "Remb. mutuelle", "Régime complémentaire", "Prise en charge mutuelle", "Part organisme complémentaire",
        "Tiers payant AMC", "Total RC", "Complémentaire", "Mutuelle (AMC)",
    ),
    "due": (
        "Reste à charge", "Part assuré", "RAC", "Reste à charge patient", "Part patient", "À charge du patient", "Reste à votre charge",
        "Part client", "Montant à votre charge", "Reste patient", "Charge patient", "Votre part", "Net patient",
        "Reste à charge assuré", "Participation de l'assuré",
    ),
    "col_date": ("Date", "Date acte", "Date des soins", "Le", "Date soins", "Dates", "Exécution", "Jour"),
    "col_code": ("Code", "Code acte", "Cotation", "Acte", "Réf.", "Code LPP", "CCAM/NGAP", "Référence"),
    "col_label": ("Désignation", "Libellé", "Prestation", "Description", "Nature des actes", "Détail", "Actes", "Intitulé"),
    "col_location": ("Dent", "N° dent", "Dent(s)", "Localisation", "Loc.", "Dent / sect.", "Num. dent", "N° de dent"),
    "col_side": ("Œil", "Côté", "OD/OG", "Oeil", "Position", "Lat.", "D/G", "Œil OD/OG"),
    "col_ear": ("Oreille", "Côté", "Oreille D/G", "Latéralité", "Lat.", "D/G", "Appareil", "Côté D/G"),
    "col_quantity": ("Qté", "Quantité", "Nb", "Q.", "Nbre", "Qte", "Quant.", "Nombre"),
    "col_unit_price": ("P.U.", "Prix unitaire", "PU TTC", "Prix unit.", "Tarif", "P.U. TTC", "Prix U.", "Tarif unit."),
    "col_price": ("Montant", "Montant TTC", "Prix TTC", "Total TTC", "Prix", "Total", "Total ligne", "Mt TTC", "Prix total"),
    "col_amount": ("Montant", "Honoraires", "Montant facturé", "Dépense", "Prix", "Montant €", "Mt", "Somme", "Coût"),
    "col_base": ("Base", "Base remb.", "BR", "Base SS", "BRSS", "Tarif base", "Base AMO", "Tarif conv.", "Base remboursement"),
    "col_amo": ("AMO", "Part AMO", "Remb. SS", "RO", "Part SS", "Mt AMO", "Part RO", "Sécu", "Remb. AMO"),
    "col_amc": ("AMC", "Part AMC", "Mutuelle", "RC", "Part RC", "Mt AMC", "Compl.", "Part mut."),
    "col_excess": ("Dépassement", "Dépass.", "D.E.", "Dépas.", "Excédent", "Dépassement d'honoraires"),
    "holder": (
        "Titulaire du compte", "Titulaire", "Intitulé du compte", "Account owner", "Nom du titulaire", "Compte au nom de",
        "Nom / raison sociale", "Titulaire(s)", "Titulaire - Account holder", "Bénéficiaire du virement",
        "Compte ouvert au nom de", "Client titulaire",
    ),
    "rib_title": (
        "RELEVÉ D'IDENTITÉ BANCAIRE", "RIB", "Relevé d'identité bancaire", "Relevé d'Identité Bancaire (RIB)", "Mon RIB",
        "IBAN", "Identité bancaire", "Coordonnées bancaires", "Votre RIB / IBAN", "Bank identity statement",
    ),
    "bank_issued": ("Édité le", "Le", "Date d'édition", "RIB édité le", "Imprimé le", "Document généré le", "Date"),
    "sheet_patient": (
        "Nom et prénom", "Personne recevant les soins", "Nom, prénom", "Malade", "Bénéficiaire des soins",
        "Nom et prénom du malade", "Personne soignée",
    ),
    "statement_title": (
        "Relevé de remboursements", "Décompte de remboursement", "Vos remboursements", "Décompte", "Relevé de vos remboursements",
        "Détail de vos remboursements", "Relevé de prestations", "Détail de vos paiements", "Décompte de prestations",
    ),
    "statement_issued": ("Relevé du", "Le", "Établi le", "Édité le", "Date du relevé", "Décompte du", "Document édité le",
                         "Date d'édition"),
    "spent": ("Total", "Montant total payé", "Total dépenses", "Montant des dépenses", "Total payé", "Dépenses engagées",
              "Frais engagés"),
    "reimbursed": ("Total remboursé", "Total versé", "Montant remboursé", "Montant versé", "Total des remboursements",
                   "Somme virée", "Nous vous versons"),
    "rights_title": (
        "Attestation de droits", "Attestation de droits à l'Assurance Maladie", "Attestation de vos droits",
        "ATTESTATION DE DROITS", "Attestation de droits à l'assurance maladie", "Attestation Vitale", "Attestation d'affiliation",
        "Vos droits à l'assurance maladie",
    ),
    "rights_issued": ("Établie le", "Le", "Document établi le", "Éditée le", "Date d'édition", "Fait le", "Attestation du"),
    "insured": ("Nom et prénom", "Assuré", "Assuré(e)", "Nom, prénom", "Nom", "Bénéficiaire", "Identité", "Assuré social"),
}  # fmt: skip

TITLES: dict[str, tuple[str, ...]] = {
    "facture_optique": ("Facture", "FACTURE", "Facture optique", "Facture client", "Facture d'équipement optique",
                        "Facture lunettes", "Facture de vente"),
    "facture_audio": ("Facture", "FACTURE", "Facture audioprothèse", "Facture d'appareillage", "Facture appareillage auditif",
                      "Facture client", "Facture audition"),
    "facture_dentaire": ("Facture", "Note d'honoraires", "Facture de soins dentaires", "Relevé d'honoraires",
                         "Facture des actes réalisés", "Note d'honoraires dentaires", "Facture d'honoraires"),
    "facture_hospitaliere": ("Facture", "Bordereau de facturation", "Facture d'hospitalisation", "Facture de séjour",
                             "Avis des sommes à payer", "Facture patient", "Relevé de frais de séjour"),
    "facture_pharmacie": ("Facture", "FACTURE", "Ticket", "Facture subrogatoire", "Duplicata de facture", "Justificatif",
                          "Facturette", "Facture de délivrance"),
    "facture_soins": ("Facture", "Note d'honoraires", "Facture de soins", "Relevé d'honoraires", "Facture patient",
                      "Honoraires", "Relevé de soins"),
    "note_honoraires": ("Note d'honoraires", "NOTE D'HONORAIRES", "Facture", "Honoraires", "Relevé d'honoraires",
                        "Note de frais", "Facture d'honoraires"),
    "devis_optique": ("Devis", "DEVIS", "Devis normalisé", "Devis optique", "Devis d'équipement", "Proposition",
                      "Devis normalisé optique"),
    "devis_audio": ("Devis", "DEVIS", "Devis normalisé", "Devis audioprothèse", "Devis d'appareillage auditif", "Proposition",
                    "Devis normalisé aides auditives"),
    "devis_dentaire": ("Devis", "DEVIS", "Devis pour traitements prothétiques", "Devis dentaire", "Plan de traitement et devis",
                       "Proposition de soins", "Devis conventionnel"),
    "devis_honoraires": ("Devis d'honoraires", "Information préalable", "Devis", "Information sur les honoraires",
                         "Estimation d'honoraires", "Devis chirurgical", "Information écrite préalable"),
}  # fmt: skip

PAID: tuple[str, ...] = (
    "Facture acquittée le {day}", "ACQUITTÉE", "Réglé le {day} par {method}", "Payé par {method}", "Payé le {day}",
    "Pour acquit le {day}", "Règlement : {method} le {day}", "Acquitté par {method} le {day}", "Réglée ce jour par {method}",
    "Somme perçue le {day} ({method})", "Facture réglée en totalité", "Reçu le règlement en {method}",
    "Paiement comptant {method} – {day}", "Mode de règlement : {method} – réglée", "Facture soldée le {day}",
    "Honoraires acquittés le {day}", "Encaissé le {day}",
)  # fmt: skip
STAMPS: tuple[str, ...] = (
    "ACQUITTÉ\nle {day}", "PAYÉ", "PAYÉ LE\n{day}", "ACQUITTÉ", "RÉGLÉ\n{day}", "FACTURE ACQUITTÉE\n{day}", "POUR ACQUIT\n{day}",
    "PAYÉ\n{method}", "RÉGLÉ PAR {method}\n{day}", "SOLDÉ", "ACQUITTÉE", "REÇU PAIEMENT\n{day}",
)  # fmt: skip
HANDS: tuple[str, ...] = (
    "Payé le {day}", "réglé {method}", "Acquitté le {day}", "payé {method} le {day}", "Réglé ce jour {method}",
    "Acquitté", "réglé le {day}", "pour acquit {day}", "payé {day}",
)  # fmt: skip
DUES: tuple[str, ...] = (
    "Reste dû : {amount}", "À régler avant le {day} : {amount}", "Solde dû : {amount}", "Montant restant dû : {amount}",
    "Restant à régler : {amount} (échéance {day})", "Merci de nous régler {amount} avant le {day}",
    "Non réglé – reste à payer {amount}", "Somme à payer au plus tard le {day} : {amount}", "Impayé à ce jour : {amount}",
)  # fmt: skip


def deal(words: tuple[str, ...], split: str) -> tuple[str, ...]:
    """The words of a list that a split may use.

    Args:
        words: all of them, the two most common first.
        split: one of ``SPLITS``.
    """
    own = tuple(word for index, word in enumerate(words[2:]) if _TURNS[index % len(_TURNS)] == split)
    return words[:2] + own + own


@cache
def labels_of(split: str) -> dict[str, tuple[str, ...]]:
    """Every list of labels as dealt to a split."""
    return {key: deal(words, split) for key, words in LABELS.items()}
