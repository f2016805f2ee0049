"""PDFs whose text layer does not say what the page shows, made with pikepdf; people and numbers are invented."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.extractors.papers import save

#: An invoice with accents and enough small letters for every test of a layer.
INVOICE = (
    "Cabinet de kinésithérapie Martin, 12 rue des Lilas, 69003 Lyon",
    "Facture n° 2024-0187 éditée le 14/03/2024",
    "Patiente : Camille Durand, née le 02/07/1985 à Villeurbanne",
    "Référence du dossier : séances de rééducation prescrites le 20/02/2024",
    "Séance de rééducation du genou réalisée le 04/03/2024, tarif conventionné 16,13",
    "Séance de rééducation du genou réalisée le 07/03/2024, tarif conventionné 16,13",
    "Séance de rééducation du genou réalisée le 11/03/2024, tarif conventionné 16,13",
    "Séance de rééducation du genou réalisée le 14/03/2024, tarif conventionné 16,13",
    "Montant total des prestations réalisées 64,52 euros",
    "Part prise en charge par l'Assurance Maladie 38,71 euros",
    "Part prise en charge par la complémentaire santé 25,81 euros",
    "Facture acquittée par carte bancaire le 14/03/2024, merci de votre visite",
    "Document à conserver et à transmettre à votre mutuelle pour le remboursement",
)


class PaperMaker:
    """A PDF of one A4 page, put together piece by piece in the order of painting."""

    def __init__(self):
        self.pdf = pikepdf.new()
        self.pdf.add_blank_page(page_size=(595, 842))
        self.page = self.pdf.pages[0]
        self.page.obj.Resources = Dictionary(Font=Dictionary(), XObject=Dictionary(), ExtGState=Dictionary())
        self.content = b""
        self._count = 0

    def write(self, lines=INVOICE, *, x=50, top=60, step=24, size=11, before="", font=None):
        """Lines of text; ``before`` is what the content stream says first (colour, mode, transparency)."""
        name = self._add(self.page.obj.Resources.Font, font or self.make_font())
        self.content += f"q {before} BT /{name} {size} Tf\n".encode()
        for number, line in enumerate(lines):
            shown = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            self.content += b"1 0 0 1 %d %d Tm (%s) Tj\n" % (x, 842 - top - step * number, shown)
        self.content += b"ET Q\n"
        return self

    def make_font(self, mapping=None):
        """Helvetica; with a mapping, its letters are shown as usual and decode to others."""
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        if mapping:
            pairs = [
                f"<{letter.encode('cp1252')[0]:02X}> <{other.encode('utf-16-be').hex().upper()}>"
                for letter, other in mapping.items()
            ]
            blocks = [pairs[start : start + 90] for start in range(0, len(pairs), 90)]
            body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
            cmap = (
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Wrong def /CMapType 2 def\n"
                f"1 begincodespacerange <00> <FF> endcodespacerange\n{body}\nendcmap end end"
            )
            font.ToUnicode = self.pdf.make_stream(cmap.encode())
        return font

    def set_transparency(self, alpha):
        """A graphics state with this alpha, as a name for ``before``."""
        return self._add(self.page.obj.Resources.ExtGState, Dictionary(Type=Name.ExtGState, ca=alpha, CA=alpha))

    def paste(self, image, box=(0, 0, 595, 842)):
        """A grey PIL image over a box (left, top, right, bottom in points from the top left)."""
        stream = self.pdf.make_stream(save(image.convert("L"), "JPEG", quality=88))
        stream.Type, stream.Subtype, stream.Filter = Name.XObject, Name.Image, Name.DCTDecode
        stream.Width, stream.Height = image.width, image.height
        stream.ColorSpace, stream.BitsPerComponent = Name.DeviceGray, 8
        name = self._add(self.page.obj.Resources.XObject, stream)
        left, top, right, bottom = box
        self.content += b"q %f 0 0 %f %f %f cm /%s Do Q\n" % (
            right - left, bottom - top, left, 842 - bottom, name.encode(),
        )  # fmt: skip
        return self

    def trace(self, image, box=(0, 0, 595, 842)):
        """The print of a grey PIL image, drawn as outlines."""
        ink = (np.asarray(image.convert("L")) < 128).astype(np.uint8)
        outlines, _ = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
        left, top, right, bottom = box
        across, down = (right - left) / image.width, (bottom - top) / image.height
        parts = ["q 0 g"]
        for outline in outlines:
            points = [(left + x * across, 842 - top - y * down) for x, y in outline.reshape(-1, 2)]
            parts += [f"{x:.2f} {y:.2f} {'l' if n else 'm'}" for n, (x, y) in enumerate(points)]
            parts.append("h")
        self.content += ("\n".join([*parts, "f* Q"]) + "\n").encode()
        return self

    def fill_field(self, text, *, x=320, top=420):
        """A text field of a form with its appearance, as a viewer leaves it."""
        width, height = 220, 18
        look = self.pdf.make_stream(b"/Tx BMC q BT /F 11 Tf 0 g 2 5 Td (" + text.encode("cp1252") + b") Tj ET Q EMC")
        look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, width, height])
        look.Resources = Dictionary(Font=Dictionary(F=self.make_font()))
        field = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="field", V=text, F=4,
            Rect=Array([x, 842 - top - height, x + width, 842 - top]), AP=Dictionary(N=look),
        )  # fmt: skip
        field = self.pdf.make_indirect(field)
        self.page.obj.Annots = Array([field])
        self.pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DA="/F 11 Tf 0 g")
        return self

    def wrap(self):
        """Put all that was painted so far into a form inside a form."""
        for _ in range(2):
            form = self.pdf.make_stream(self.content)
            form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
            form.Resources = self.page.obj.Resources
            self.page.obj.Resources = Dictionary(XObject=Dictionary(Wrapped=form), Font=Dictionary())
            self.content = b"/Wrapped Do\n"
        return self

    def save(self):
        """The bytes of the file."""
        self.page.obj.Contents = self.pdf.make_stream(self.content)
        target = io.BytesIO()
        self.pdf.save(target)
        return target.getvalue()

    def _add(self, group, thing):
        self._count += 1
        group[f"/N{self._count}"] = self.pdf.make_indirect(thing) if not thing.is_indirect else thing
        return f"N{self._count}"
