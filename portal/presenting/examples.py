"""What a paper that is asked for looks like: a drawn sheet with the places that matter, and where to get it."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.vocabulary import MissingPiece


@dataclass(frozen=True)
class Zone:
    """A place on the drawn sheet, in its units (100 wide, 120 high), and what stands there.

    Attributes:
        key: the place that is looked at first.
    """

    y: int
    text: str
    key: bool = False


@dataclass(frozen=True)
class ExampleView:
    """One drawn paper.

    Attributes:
        title: printed at its head.
        where: how a member comes by it.
    """

    title: str
    zones: tuple[Zone, ...]
    where: str

    @property
    def described(self) -> str:
        """The drawing in words, for those who do not see it."""
        return f"{self.title} : {', '.join(zone.text.lower() for zone in self.zones)}"


_INVOICE = (
    Zone(34, "Professionnel, adresse"),
    Zone(52, "Patient, dates des soins", key=True),
    Zone(70, "Détail de chaque acte", key=True),
    Zone(88, "Total payé", key=True),
)
EXAMPLES_FR: dict[MissingPiece, ExampleView] = {
    MissingPiece.FACTURE: ExampleView(
        "Facture",
        _INVOICE,
        "Le ticket de carte bancaire ne suffit pas : demandez au professionnel la facture avec le détail des soins.",
    ),
    MissingPiece.FACTURE_ACQUITTEE: ExampleView(
        "Facture",
        (*_INVOICE[:3], Zone(88, "Acquittée le…, tampon ou « payé »", key=True)),
        "Demandez au professionnel de porter la mention « acquittée », la date et son tampon sur la facture.",
    ),
    MissingPiece.ORDONNANCE: ExampleView(
        "Ordonnance",
        (
            Zone(34, "Médecin, numéro RPPS"),
            Zone(52, "Votre nom, la date", key=True),
            Zone(70, "Ce qui est prescrit", key=True),
            Zone(88, "Signature du médecin"),
        ),
        "C’est la feuille remise par le médecin. L’opticien ou la pharmacie peut en avoir gardé une copie.",
    ),
    MissingPiece.DECOMPTE_AM: ExampleView(
        "Relevé de remboursements",
        (
            Zone(34, "Assurance Maladie"),
            Zone(52, "Bénéficiaire des soins", key=True),
            Zone(70, "Date, acte, montant payé", key=True),
            Zone(88, "Montant remboursé", key=True),
        ),
        "Dans votre compte de l’Assurance Maladie, rubrique des paiements : téléchargez le relevé du mois des soins.",
    ),
    MissingPiece.RIB: ExampleView(
        "Relevé d’identité bancaire",
        (
            Zone(34, "Banque"),
            Zone(52, "Titulaire du compte", key=True),
            Zone(70, "IBAN : FR76…", key=True),
            Zone(88, "BIC"),
        ),
        "Votre banque le propose au téléchargement sur son site ou son application.",
    ),
    MissingPiece.PAGE_MANQUANTE: ExampleView(
        "Page 2 sur 2",
        (Zone(34, "La suite des actes"), Zone(70, "Total", key=True), Zone(88, "Numéro de page", key=True)),
        "Envoyez toutes les pages du document, même celles où il y a peu à lire.",
    ),
    MissingPiece.PIECE_ILLISIBLE: ExampleView(
        "Une bonne photo",
        (
            Zone(34, "Feuille à plat, entière", key=True),
            Zone(52, "Près d’une fenêtre"),
            Zone(70, "Sans flash ni reflet"),
        ),
        "Posez la feuille à plat sur une table, près d’une fenêtre, et cadrez ses quatre coins.",
    ),
    MissingPiece.PRISE_EN_CHARGE: ExampleView(
        "Prise en charge de cure thermale",
        (
            Zone(34, "Caisse d’Assurance Maladie"),
            Zone(52, "Votre nom, la station", key=True),
            Zone(70, "Volets accordés", key=True),
            Zone(88, "Année de validité", key=True),
        ),
        "Votre caisse vous envoie ces volets après avoir accepté la demande faite par le médecin.",
    ),
    MissingPiece.ACTE_NAISSANCE: ExampleView(
        "Acte de naissance",
        (
            Zone(34, "Mairie"),
            Zone(52, "Nom de l’enfant, date de naissance", key=True),
            Zone(70, "Noms des parents", key=True),
            Zone(88, "Date et cachet de la mairie"),
        ),
        "La mairie du lieu de naissance le délivre ; la page de l’enfant dans le livret de famille convient aussi.",
    ),
    MissingPiece.BULLETIN_ADHESION: ExampleView(
        "Bulletin d’adhésion",
        (
            Zone(34, "Numéro d’adhérent"),
            Zone(52, "Personne à ajouter, date de naissance", key=True),
            Zone(70, "Date de l’ajout", key=True),
            Zone(88, "Votre signature", key=True),
        ),
        "Demandez-le à votre mutuelle ; un bulletin sans signature ne peut pas être pris en compte.",
    ),
    MissingPiece.ATTESTATION_DROITS: ExampleView(
        "Attestation de droits",
        (
            Zone(34, "Assurance Maladie"),
            Zone(52, "Noms des personnes couvertes", key=True),
            Zone(70, "Numéro de sécurité sociale, caisse", key=True),
            Zone(88, "Dates de validité", key=True),
        ),
        "Dans votre compte de l’Assurance Maladie, rubrique des démarches : téléchargez l’attestation du jour.",
    ),
    MissingPiece.DEVIS: ExampleView(
        "Devis",
        (
            Zone(34, "Professionnel, adresse"),
            Zone(52, "Votre nom, la date", key=True),
            Zone(70, "Actes ou équipement proposés", key=True),
            Zone(88, "Prix, part remboursée", key=True),
        ),
        "Le professionnel vous le remet avant les soins ; il n’a pas besoin d’être signé.",
    ),
}
