"""Codes and papers that carry them, made for the tests; people, accounts and companies are invented."""

from __future__ import annotations

import base64
import datetime as dt
import io

import cv2
import numpy as np
import zxingcpp
from PIL import Image
from schwifty import IBAN

from tests.extractors.papers import draw_page, save

GS, RS, US = "\x1d", "\x1e", "\x1f"
#: Twice thirty-two bytes of a signature on a 256-bit curve; of the right form, signed by nobody.
SIGNATURE = base64.b32encode(bytes(range(7, 71))).decode().rstrip("=")
ACCOUNT = str(IBAN.generate("FR", bank_code="30004", branch_code="00818", account_code="00012345678"))
OTHER_ACCOUNT = str(IBAN.generate("FR", bank_code="30004", branch_code="00818", account_code="00012345687"))
HOLDER, BANK = "MME DURAND CAMILLE", "BNPAFRPP"


def write_message(
    *,
    version="04",
    kind="03",
    fields=(("30", HOLDER), ("31", ACCOUNT), ("32", BANK)),
    issued="FFFF",
    signed="23DC",
    perimeter="01",
    signature=SIGNATURE,
):
    """The message of a 2D-Doc; of version 04 unless told otherwise."""
    header = f"DC{version}FR00" + "0001" + issued + signed + kind
    header += {"02": "", "03": perimeter, "04": perimeter + "FR"}[version]
    body = "".join(name + value + GS for name, value in fields)
    return header + body + (US + signature if signature is not None else "")


def draw_code(message, *, size=None):
    """The DataMatrix of a message, as a grey PIL image with its quiet zone; ``size`` in pixels."""
    barcode = zxingcpp.create_barcode(message, zxingcpp.BarcodeFormat.DataMatrix)
    pixels = np.asarray(zxingcpp.write_barcode_to_image(barcode, scale=8, add_quiet_zones=True))
    image = Image.fromarray(pixels)
    return image if size is None else image.resize((size, size), Image.Resampling.LANCZOS)


def spell(account):
    """An account number as banks print it."""
    return " ".join(account[start : start + 4] for start in range(0, len(account), 4))


def draw_bank_details(message, *, account=ACCOUNT, holder=HOLDER, dpi=200, millimetres=26):
    """An A4 page of bank details with a code on it, as a grey PIL image."""
    width, height = round(8.27 * dpi), round(11.69 * dpi)
    lines = (
        "RELEVE D'IDENTITE BANCAIRE",
        f"Titulaire du compte : {holder}",
        f"IBAN : {spell(account)}",
        f"BIC : {BANK}",
        "Domiciliation : AGENCE DE LYON",
        "Ce releve est destine a etre remis a vos creanciers ou debiteurs.",
    )
    page = draw_page(lines, width=width, height=height, size=round(0.19 * dpi))
    if message is not None:
        side = round(millimetres / 25.4 * dpi)
        page.paste(draw_code(message, size=side), (width - side - width // 10, height // 2))
    return page


def degrade(page, *, blur=1.0, noise=6.0, tilt=0.0, seed=5):
    """What a phone does to a page: perspective, uneven light, soft focus, grain, compression."""
    height, width = page.height, page.width
    dx, dy = width * 0.09, height * 0.07
    corners = np.float32([[dx, dy], [width - 0.4 * dx, 0.5 * dy], [width - dx, height - dy], [0.4 * dx, height]])
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 0.92)
    corners = (np.column_stack([corners, np.ones(4)]) @ turn.T).astype(np.float32)
    source = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    matrix = cv2.getPerspectiveTransform(source, corners)
    photo = cv2.warpPerspective(np.asarray(page), matrix, (width, height), borderValue=70).astype(np.float32)
    light = np.linspace(0.62, 1.0, width)[None, :] * np.linspace(1.0, 0.8, height)[:, None]
    photo = cv2.GaussianBlur(photo * light, (0, 0), blur)
    photo += np.random.default_rng(seed).normal(0, noise, photo.shape)
    coded = save(Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8)), "JPEG", quality=70)
    return Image.open(io.BytesIO(coded)).convert("L")


def days_since_2000(day: dt.date) -> str:
    """A date as a header has it."""
    return f"{(day - dt.date(2000, 1, 1)).days:04X}"


SIRET, OTHER_SIRET = "73282932000074", "35600000000048"
_ADDRESS = "<ram:PostalTradeAddress><ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>"


def write_cii(
    *,
    profile="minimum",
    number="2024-0187",
    day="20240314",
    seller="SELARL Cabinet de kinésithérapie Martin",
    trading="",
    siret=SIRET,
    scheme="0002",
    total="64.52",
    due="64.52",
    currency="EUR",
    code="380",
    lines=(),
    doctype="",
):
    """The XML of an invoice in CII syntax, in one of the profiles "minimum" and "en16931"."""
    guideline = {"minimum": "urn:factur-x.eu:1p0:minimum", "en16931": "urn:cen.eu:en16931:2017"}[profile]
    full = profile != "minimum"
    items = "".join(
        f"""<ram:IncludedSupplyChainTradeLineItem>
        <ram:AssociatedDocumentLineDocument><ram:LineID>{n}</ram:LineID></ram:AssociatedDocumentLineDocument>
        <ram:SpecifiedTradeProduct><ram:Name>{label}</ram:Name></ram:SpecifiedTradeProduct>
        <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>{price}</ram:ChargeAmount>
        </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
        <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">{quantity}</ram:BilledQuantity>
        </ram:SpecifiedLineTradeDelivery>
        <ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode>
        <ram:CategoryCode>E</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent>
        </ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation>
        <ram:LineTotalAmount>{amount}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
        </ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"""
        for n, (label, quantity, price, amount) in enumerate(lines, 1)
    )
    tax = f"""<ram:ApplicableTradeTax><ram:CalculatedAmount>0.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
        <ram:ExemptionReason>Article 261-4 CGI</ram:ExemptionReason><ram:BasisAmount>{total}</ram:BasisAmount>
        <ram:CategoryCode>E</ram:CategoryCode><ram:RateApplicablePercent>0</ram:RateApplicablePercent>
        </ram:ApplicableTradeTax><ram:SpecifiedTradePaymentTerms><ram:Description>Comptant</ram:Description>
        </ram:SpecifiedTradePaymentTerms>"""
    trade_name = f"<ram:TradingBusinessName>{trading}</ram:TradingBusinessName>" if trading else ""
    register = f'<ram:ID schemeID="{scheme}">{siret}</ram:ID>' if siret else ""
    organization = f"<ram:SpecifiedLegalOrganization>{register}{trade_name}</ram:SpecifiedLegalOrganization>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>{doctype}
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{guideline}</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">{day}</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{items}
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>{seller}</ram:Name>{organization}
{_ADDRESS}</ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>Camille Durand</ram:Name>
{_ADDRESS if full else ""}</ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>{tax if full else ""}
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
{f"<ram:LineTotalAmount>{total}</ram:LineTotalAmount>" if full else ""}
<ram:TaxBasisTotalAmount>{total}</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="{currency}">0.00</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{total}</ram:GrandTotalAmount><ram:DuePayableAmount>{due}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()


def attach(pdf, xml, *, check=True):
    """A Factur-X file made of a PDF and an XML by the library of the format, which checks the XML against its XSD."""
    import facturx

    return facturx.generate_from_binary(
        pdf, xml, check_xsd=check, flavor="factur-x", level="minimum" if not check else "autodetect"
    )


def attach_anything(pdf, content, *, name="factur-x.xml", packed=None):
    """A PDF with some bytes attached; ``packed`` are the bytes as stored, unfolding to whatever they do."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        if packed is not None:
            stream = document.attachments[name].get_file().obj
            stream.write(packed, filter=pikepdf.Name.FlateDecode)
        target = io.BytesIO()
        document.save(target, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    return target.getvalue()
