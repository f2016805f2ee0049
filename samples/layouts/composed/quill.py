"""The pen of composed layouts: labels by split, names in more forms, payment in more ways, and clutter."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from markupsafe import Markup, escape

from samples.formats import print_name
from samples.identifiers import group_digits
from samples.layouts.composed.html import Html, Row, div, join, span, table
from samples.layouts.labels import words_of
from samples.layouts.pen import Pen
from samples.papers.values import Bill
from samples.people import Issuer, Person
from schemas.vocabulary import DocumentType as T

SHOPS = frozenset({T.FACTURE_OPTIQUE, T.FACTURE_AUDIO, T.FACTURE_PHARMACIE, T.DEVIS_OPTIQUE, T.DEVIS_AUDIO})
_METHODS = {
    "CB": "CB",
    "carte bancaire": "Carte bancaire",
    "chèque": "Chèque",
    "espèces": "Espèces",
    "virement": "Virement",
}
_CENT = Decimal("0.01")


class Quill(Pen):
    """What composed layouts write with."""

    def chance(self, key: str) -> Random:
        """A source of chance of its own for one use."""
        return Random(f"{self.style.seed}/{key}")

    def label(self, key: str) -> str:
        """The label of a value, in the words of the split."""
        return self.style.call(key)

    def title(self, bill: Bill) -> str:
        """What the paper calls itself."""
        words = words_of("titles", self.style.split).get(bill.type.value, ())
        text = self.style.pick("title", words) if words and not bill.title.startswith("Reçu") else bill.title
        return text.upper() if self.style.upper_titles else text

    def named(self, person: Person, name: str = "patient_name") -> Markup:
        """A person's name that is a field; sometimes last and first name apart, as forms ask for them."""
        form = self.style.pick("apart", ("", "", "", "", "", "", "", "", "apart", "apart_below"))
        if not form:
            return self.person(person, name)
        pieces = (("Nom", person.last.upper()), ("Prénom", person.first))
        mark = Markup('{}{} <span class="m" data-f="{}" data-v="{}" data-part="{}">{}</span>')
        gap: Html = Markup("<br>") if form == "apart_below" else Markup(" &nbsp; ")
        made = [
            mark.format(label, self.style.colon, name, person.full_name, part, text)
            for part, (label, text) in zip(("last", "first"), pieces, strict=True)
        ]
        return join(made, gap)

    def issuer_name(self, issuer: Issuer) -> Markup:
        """The name that the paper answers to, in one of the orders in which plates and letterheads give it."""
        if issuer.is_place:
            text = issuer.name.upper() if self.style.toss("sign", 0.45) else issuer.name
            return self.field("practitioner_name", issuer.name, text)
        first, _, last = issuer.name.partition(" ")
        form = self.style.pick("issuer_form", ("first_last", "first_last", "last_first", "capitals", "small"))
        text = {
            "last_first": f"{last} {first}",
            "capitals": issuer.name.upper(),
            "small": f"{first} {last.title()}",
        }.get(form, issuer.name)
        if issuer.kind in ("médecin", "chirurgien", "chirurgien-dentiste"):
            text = f"{self.style.pick('dr', ('Dr', 'Docteur', 'Dr.', 'DOCTEUR'))} {text}"
        return self.field("practitioner_name", issuer.name, text)

    def printed_name(self, person: Person) -> str:
        """A person's name as the style writes names."""
        return print_name(person, self.style.name_format)

    def settlement(self, bill: Bill, *, inked: bool) -> Markup:
        """The mention of payment or of what is due; stamps and hands only on ``inked`` paper."""
        style, settlement = self.style, bill.settlement
        if settlement.status == "silent":
            return Markup("")
        day = settlement.day or bill.issued
        if settlement.status == "due":
            amount = self.other_amount("balance_due", settlement.still_due or Decimal(0))
            text = self._fill("dues", self.other_day("due_date", day), bill, amount)
            return Markup('<span class="paid due" data-f="paid" data-v="false">{}</span>').format(text)
        form = settlement.form if inked else "mention"
        if form == "stamp":
            text = self._fill("stamps", self.other_day("payment_date", day, style.pick("sd", ("slash", "short"))), bill)
            look = self._stamp_look()
            return Markup('<span class="paid stamp" style="{}" data-f="paid" data-v="true">{}</span>').format(
                look, text
            )
        if form == "hand":
            text = self._fill(
                "hands", self.other_day("payment_date", day, style.pick("hd", ("unpadded", "slash"))), bill
            )
            tilt = f"transform:rotate({style.stamp_tilt / 5:.1f}deg)"
            return Markup('<span class="paid hand" style="{}" data-f="paid" data-v="true">{}</span>').format(tilt, text)
        shape = style.pick("paid_shape", ("text", "text", "text", "table", "boxes"))
        owed = (bill.due if bill.due is not None else bill.total) - (bill.deposit or 0)
        if shape == "table" and owed > 0:
            inner: Markup = self._payments(bill, day)
        elif shape == "boxes":
            inner = self._ticks(bill, day)
        else:
            inner = self._fill("paid", self.other_day("payment_date", day), bill)
        return Markup('<span class="paid mention" data-f="paid" data-v="true">{}</span>').format(inner)

    def _fill(self, key: str, day: Markup, bill: Bill, amount: Html = "") -> Markup:
        words = words_of("payment", self.style.split)[key]
        text = escape(self.style.pick(key, words)).replace("\n", Markup("<br>"))
        method: Html = bill.settlement.method
        if method == "chèque" and key == "paid" and self.style.toss("cheque", 0.5):
            number = f"{self.chance('cheque').randint(10**6, 10**7 - 1)}"
            method = join(("chèque n° ", self.other("cheque_number", number)))
        return Markup(text).format(day=day, method=method, amount=amount)

    def _stamp_look(self) -> str:
        style, rng = self.style, self.chance("stamp")
        colour = rng.choice(("#b3202a", "#b3202a", "#2a3bb0", "#1d2f8f", "#6a2a9a", "#1f6b3a", "#222"))
        border = rng.choice((".7mm solid", ".9mm double", ".4mm solid", "0 none", "1mm solid"))
        radius = rng.choice(("1.5mm", "0", "50%", "3mm"))
        pad = "3.5mm 6mm" if radius == "50%" else "1.2mm 4mm"
        return (
            f"transform:rotate({style.stamp_tilt:.1f}deg);border:{border} {colour};color:{colour};"
            f"border-radius:{radius};padding:{pad};font-size:{rng.randint(105, 175)}%;"
            f"letter-spacing:{rng.choice(('.02em', '.08em', '.15em'))};"
            f"opacity:{rng.uniform(0.6, 0.92):.2f};mix-blend-mode:multiply;"
            f"font-family:{rng.choice(('Liberation Sans', 'Liberation Serif', 'Liberation Mono', 'DejaVu Sans'))};"
            f"margin-top:{rng.choice(('0', '-6mm', '-3mm', '2mm'))}"
        )

    def _payments(self, bill: Bill, day: dt.date) -> Markup:
        owed = (bill.due if bill.due is not None else bill.total) - (bill.deposit or 0)
        head = self.style.pick("pay_head", ("Règlements", "Règlement reçu", "Paiements", "Encaissements"))
        cells = (
            self.other_day("payment_date", day),
            _METHODS[bill.settlement.method],
            self.other_amount("payment", owed),
        )
        return div(div(head), table([cells], cls="pays"))

    def _ticks(self, bill: Bill, day: dt.date) -> Markup:
        chosen = "carte bancaire" if bill.settlement.method == "CB" else bill.settlement.method
        tick = self.style.pick("tick", ("☒", "☑", "■", "[X]"))
        empty = "[ ]" if tick == "[X]" else "☐"
        marks = [
            span(tick if method == chosen else empty, " ", _METHODS[method], css="margin-right:3mm")
            for method in ("carte bancaire", "chèque", "espèces", "virement")
        ]
        return join((span("Réglé", self.style.colon, " "), *marks, " le ", self.other_day("payment_date", day)))

    def clutter(self, bill: Bill) -> list[Row]:
        """Numbers that a reader might take for fields: of the client, the order, the file..."""
        rng = self.chance("clutter")
        day = bill.issued - dt.timedelta(days=rng.randint(1, 20))
        pool: tuple[tuple[str, tuple[str, ...], str | dt.date], ...] = (
            ("client_number", ("N° client", "Code client", "Réf. client", "Client n°"), f"{rng.randint(100, 99999)}"),
            (
                "order_number",
                ("N° commande", "Commande n°", "Bon de commande", "BC"),
                f"{rng.choice(('C', 'BC', ''))}{rng.randint(1000, 999999)}",
            ),
            (
                "file_number",
                ("N° dossier", "Dossier", "Réf. dossier", "Dossier patient"),
                f"{rng.randint(10, 99)}{rng.choice('-/ ')}{rng.randint(1000, 9999)}",
            ),
            (
                "operator",
                ("Vendeur", "Opérateur", "Poste", "Suivi par"),
                rng.choice(("Nadia", "E03", "02", "SOPHIE", "Caisse 1")),
            ),
            ("ordonnancier", ("Ordonnancier", "N° ordonnancier", "Délivrance n°"), f"{rng.randint(10000, 999999)}"),
            ("order_day", ("Date de commande", "Commandé le", "Devis accepté le"), day),
        )
        rows = []
        if not bill.issuer.is_place:
            pool = pool[2:3] + pool[:1]
        count = min(len(pool), rng.choice((0, 0, 1, 1, 2, 3)))
        for kind, words, value in rng.sample(pool, count):
            mark = self.other_day(kind, value) if isinstance(value, dt.date) else self.other(kind, value)
            rows.append(Row(rng.choice(words), mark))
        return rows

    def contact(self, issuer: Issuer) -> list[Markup]:
        """Telephone, fax, mail, site: some of them."""
        rng = self.chance("contact")
        made = []
        form = rng.choice((" ", ".", " ", "-"))
        if rng.random() < 0.9:
            phone = self.other("phone", issuer.phone, group_digits(issuer.phone, (2,), form))
            made.append(join((rng.choice(("Tél. ", "Tél : ", "Tel : ", "☎ ", "Téléphone : ", "T. ", "")), phone)))
        if rng.random() < 0.3:
            fax = issuer.phone[:-2] + f"{(int(issuer.phone[-2:]) + 1) % 100:02d}"
            made.append(
                join(
                    (
                        rng.choice(("Fax ", "Fax : ", "Télécopie : ")),
                        self.other("fax", fax, group_digits(fax, (2,), form)),
                    )
                )
            )
        plain = "".join(
            c for c in issuer.name.lower().replace("é", "e").replace("è", "e") if c.isascii() and c.isalnum()
        )
        if rng.random() < 0.45:
            made.append(
                Markup("{}contact@{}.example").format(
                    rng.choice(("", "Mail : ", "E-mail : ", "Courriel : ")), plain[:18]
                )
            )
        if rng.random() < 0.2:
            made.append(Markup("www.{}.example").format(plain[:18]))
        return made

    def identifiers(self, bill_show: frozenset[str], issuer: Issuer) -> list[Markup]:
        """RPPS, FINESS, SIRET, AM, ADELI as shown, in any order."""
        made = []
        if issuer.rpps and "rpps" in bill_show:
            made.append(join((self.label("rpps"), self.style.colon, " ", self.rpps(issuer.rpps))))
        if issuer.adeli and "adeli" in bill_show:
            made.append(
                join(
                    (
                        self.style.pick("adeli_label", ("N° ADELI", "ADELI", "Adeli :")),
                        " ",
                        self.other("adeli", issuer.adeli),
                    )
                )
            )
        if issuer.am_number and "am_number" in bill_show:
            made.append(
                join(
                    (
                        self.style.pick("am_label", ("N° AM", "Conventionné n°", "Id. AM", "N°", "AM")),
                        " ",
                        self.other("am_number", issuer.am_number),
                    )
                )
            )
        if issuer.finess and "finess" in bill_show:
            made.append(join((self.label("finess"), self.style.colon, " ", self.finess(issuer.finess))))
        if "siret" in bill_show:
            made.append(join((self.label("siret"), self.style.colon, " ", self.siret(issuer.siret))))
        self.chance("ids").shuffle(made)
        return made

    def legal(self, issuer: Issuer, *, quote: bool) -> list[Markup]:
        """The small print of the foot, full of numbers that are no field."""
        rng = self.chance("legal")
        siren = issuer.siret[:9]
        shop = issuer.is_place
        pool: list[Markup] = [
            join((rng.choice(("Code APE ", "NAF ", "APE : ")), self.other("ape", "4778A" if shop else "8690E"))),
            join(("Membre d'une association agréée, le règlement des honoraires par chèque est accepté.",)),
            join(("Indemnité forfaitaire pour frais de recouvrement : ", self.other("penalty", "40.00", "40 €"), ".")),
            join(
                ("Pénalités de retard : trois fois le taux d'intérêt légal. Escompte pour paiement anticipé : néant.",)
            ),
            join(("Document à conserver. Aucun duplicata ne sera délivré.",)),
            join(
                (
                    rng.choice(("Assurance RC professionnelle n° ", "RCP police n° ")),
                    self.other("policy", f"{rng.randint(10**6, 10**8)}"),
                )
            ),
            join(
                (
                    "Vos données sont traitées pour la gestion de votre dossier ; vous disposez d'un droit d'accès ",
                    "et de rectification.",
                )
            ),
        ]
        if shop:
            capital = rng.choice((1000, 8000, 15000, 38112))
            pool += [
                join(
                    (
                        rng.choice(("SARL", "SAS", "SELARL", "EURL")),
                        " au capital de ",
                        self.other("capital", f"{capital}.00", f"{capital:,} €".replace(",", " ")),
                    )
                ),
                join((f"RCS {issuer.address.town} ", self.other("rcs", siren, group_digits(siren, (3,))))),
                join(("TVA intracommunautaire FR", self.other("vat_number", f"{rng.randint(10, 97)}{siren}"))),
            ]
        if quote:
            pool.append(
                join(("Ce devis ne vaut pas engagement. À retourner signé avec la mention « bon pour accord ».",))
            )
        return rng.sample(pool, rng.choice((0, 1, 2, 2, 3, 4, 5)))

    def before_tax(self, total: Decimal) -> list[Row]:
        """Total before VAT and the VAT, where shops print them."""
        rng = self.chance("vat")
        rate = rng.choice((Decimal("5.5"), Decimal(20)))
        net = (total / (1 + rate / 100)).quantize(_CENT, ROUND_HALF_UP)
        shown = f"{rate}".replace(".", ",")
        return [
            Row(rng.choice(("Total HT", "Montant HT", "Base HT")), self.other_amount("before_tax", net)),
            Row(
                rng.choice((f"TVA {shown} %", f"Dont TVA ({shown} %)", f"TVA à {shown}%")),
                self.other_amount("tax", total - net),
            ),
        ]
