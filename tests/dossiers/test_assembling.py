from dataclasses import replace
from datetime import date, timedelta

from dossiers import OpenClaim, find_claim
from dossiers.assemble import rank_claims
from schemas.vocabulary import FieldName, MissingPiece
from tests.dossiers.builders import CHILD, PATIENT, RULES, UPLOAD, dossier, field, invoice, prescription, reading


def open_claim(name: str, *asked: MissingPiece, **changes) -> OpenClaim:
    return OpenClaim(dossier(id=name, **changes).claim, asked)


def named(paper, name: str, **more):
    document = paper.documents[0]
    fields = document.fields | {FieldName.PATIENT_NAME: field(name)}
    fields |= {FieldName(key): field(value) for key, value in more.items()}
    return paper.model_copy(update={"documents": (document.model_copy(update={"fields": fields}),)})


def test_a_complement_answers_the_request():
    claims = [open_claim("A", MissingPiece.ORDONNANCE), open_claim("B", kind="dentaire")]
    guess = find_claim(named(prescription(), "Léa VASSEUR"), claims, RULES, today=UPLOAD)
    assert guess is not None
    assert guess.claim_id == "A"
    assert guess.reasons_fr == ("patient", "pièce demandée")


def test_the_patient_tells_two_claims_apart():
    claims = [
        open_claim("A", MissingPiece.ORDONNANCE),
        open_claim("B", MissingPiece.ORDONNANCE, patient=CHILD),
    ]
    guess = find_claim(named(prescription(), "VASSEUR Hugo"), claims, RULES, today=UPLOAD)
    assert guess is not None
    assert guess.claim_id == "B"


def test_two_claims_that_fit_alike_leave_it_to_a_person():
    claims = [open_claim("A", MissingPiece.ORDONNANCE), open_claim("B", MissingPiece.ORDONNANCE, kind="audio")]
    paper = named(prescription(), "Léa VASSEUR")
    assert find_claim(paper, claims, RULES, today=UPLOAD) is None
    assert [guess.claim_id for guess in rank_claims(paper, claims, RULES, today=UPLOAD)] == ["A", "B"]


def test_another_members_paper_never_joins():
    paper = named(prescription(), "Léa VASSEUR", member_number="999")
    assert rank_claims(paper, [open_claim("A", MissingPiece.ORDONNANCE)], RULES, today=UPLOAD) == []


def test_a_paper_of_another_care_does_not_join():
    assert rank_claims(invoice("facture_audio"), [open_claim("A")], RULES, today=UPLOAD) == []


def test_whom_the_sender_names_speaks_for_a_claim_too():
    paper = named(prescription(), "Léa VASSEUR")
    claim = open_claim("A").claim
    assert find_claim(paper, [OpenClaim(claim)], RULES, today=UPLOAD) is None
    guess = find_claim(paper, [OpenClaim(claim, sent_for=True)], RULES, today=UPLOAD)
    assert guess is not None
    assert "envoyé pour cet adhérent" in guess.reasons_fr


def test_a_paid_copy_answers_too():
    guess = find_claim(invoice(), [open_claim("A", MissingPiece.FACTURE_ACQUITTEE)], RULES, today=UPLOAD)
    assert guess is not None


def test_an_old_paper_joins_less_easily():
    paper = named(prescription(), "Léa VASSEUR", issue_date=date(2019, 1, 1))
    old = rank_claims(paper, [open_claim("A", MissingPiece.ORDONNANCE)], RULES, today=UPLOAD)
    new = rank_claims(
        named(prescription(), "Léa VASSEUR"), [open_claim("A", MissingPiece.ORDONNANCE)], RULES, today=UPLOAD
    )
    assert old[0].score < new[0].score


def test_the_account_holder_of_a_rib():
    rib = reading("rib", fields={FieldName.ACCOUNT_HOLDER: field(f"M ou Mme {PATIENT.full_name}")})
    guess = find_claim(rib, [open_claim("A", MissingPiece.RIB, rib_on_file=False)], RULES, today=UPLOAD)
    assert guess is not None
    assert "titulaire du compte" in guess.reasons_fr


def test_nothing_legible_no_guess():
    assert find_claim(invoice(legible=False, fields={}), [open_claim("A")], RULES, today=UPLOAD) is None


def test_the_days_of_care_tell_two_claims_apart():
    paper = named(invoice(), "Léa VASSEUR")
    days = paper.documents[0].value_of(FieldName.CARE_DATES)
    here = replace(open_claim("A", MissingPiece.FACTURE_ACQUITTEE), care_days=frozenset(days))
    elsewhere = replace(here, claim=open_claim("B").claim, care_days=frozenset({min(days) - timedelta(days=200)}))
    unknown = replace(here, claim=open_claim("C").claim, care_days=frozenset())
    guesses = rank_claims(paper, [elsewhere, unknown, here], RULES, today=UPLOAD)
    assert [guess.claim_id for guess in guesses] == ["A", "C", "B"]
    assert "mêmes jours de soins" in guesses[0].reasons_fr
    found = find_claim(paper, [elsewhere, here], RULES, today=UPLOAD)
    assert found is not None
    assert found.claim_id == "A"


def test_care_of_another_year_is_not_joined_by_itself():
    paper = named(invoice(), "Léa VASSEUR")
    days = paper.documents[0].value_of(FieldName.CARE_DATES)
    claim = open_claim("A", MissingPiece.FACTURE_ACQUITTEE)
    assert find_claim(paper, [claim], RULES, today=UPLOAD) is not None
    far = replace(claim, care_days=frozenset({min(days) - timedelta(days=400)}))
    assert find_claim(paper, [far], RULES, today=UPLOAD) is None
