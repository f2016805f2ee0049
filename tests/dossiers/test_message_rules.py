"""What the member wrote: complaints start their clock, haste comes first."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.message_words import find_words
from schemas.rules import load_rules
from tests.dossiers.builders import RULES, finding_of, invoice, judge, outcome_of, prescription
from tests.dossiers.insurers import SECOND, weigh

WORDS = load_rules().words


@pytest.mark.parametrize(
    "message",
    [
        "Ceci est une réclamation.",
        "RECLAMATION concernant mon remboursement du 3 mars",
        "Je suis très mécontente de vos services",
        "je ne suis pas contente du tout",
        "C’est inadmissible !",
        "Toujours pas de réponse depuis deux mois",
        "Je vais saisir le médiateur.",
        "Sans remboursement sous 8 jours : mise en demeure.",
        "Rien reçu, c'est scandaleux",
        "Troisième fois que j’envoie ce papier",
        "Ce n'est pas urgent, mais je fais une réclamation",
        "Je n’ai aucune réponse à mes courriers",
    ],
)
def test_complaints(message):
    assert find_words(message, WORDS.complaint)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Bonjour, voici ma facture. Merci et bonne journée.",
        "Ce n'est pas une réclamation, juste une question.",
        "Il ne s’agit nullement d’une réclamation.",
        "Ce n'est pas du tout une réclamation",
        "Je suis contente de votre site",
        "Mes lunettes ont été cassées, voici la nouvelle facture",
        "L'avoine est un aliment",
    ],
)
def test_no_complaints(message):
    assert not find_words(message, WORDS.complaint)


@pytest.mark.parametrize(
    ("message", "urgent"),
    [
        ("C'est URGENT svp", True),
        ("merci de faire au plus vite", True),
        ("je suis à découvert à la banque", True),
        ("l’huissier est passé", True),
        ("Rien d’urgent", False),
        ("Ce n'est pas urgent", False),
        ("non urgent", False),
        ("passage aux urgences le 3 mars", False),
        ("Pas encore remboursé : urgent !", True),
    ],
)
def test_haste(message, urgent):
    assert bool(find_words(message, WORDS.urgent)) == urgent


@given(st.text(max_size=200), st.sampled_from(WORDS.complaint))
def test_a_phrase_of_its_own_is_always_found(text, phrase):
    assert phrase in find_words(f"{text}. {phrase.rstrip('*').upper()}. {text}", WORDS.complaint)


@given(st.text(alphabet=st.characters(blacklist_categories=("L", "N", "M")), max_size=60))
def test_signs_alone_say_nothing(text):
    assert find_words(text, (*WORDS.complaint, *WORDS.urgent)) == ()


def test_a_complaint_starts_its_clocks_and_goes_to_a_person():
    quiet = judge(invoice(), prescription())
    assert quiet.decision == "complete"
    decision = judge(invoice(), prescription(), message="Ceci est une réclamation")
    assert (decision.decision, decision.missing, decision.reasons) == ("to_review", (), ("reclamation",))
    assert (decision.queue, decision.priority) == ("reclamations", 1)
    assert [(clock.code, clock.due) for clock in decision.clocks] == [
        ("complaint_acknowledgement", date(2026, 4, 27)),  # ten days, Saturdays counted, from Wednesday 15 April
        ("complaint_answer", date(2026, 6, 15)),
    ]
    assert all("ACPR" in clock.source for clock in decision.clocks)
    assert not quiet.clocks
    assert "27 avril" in finding_of(decision, "message_is_no_complaint").handler_fr


def test_no_dossier_rests_longer_than_the_acknowledgement_may():
    decision = judge(invoice(), message="Ceci est une réclamation")
    assert decision.decision == "incomplete"
    assert decision.due == date(2026, 4, 27)
    assert judge(invoice()).due > decision.due


def test_the_second_insurer_has_a_team_for_complaints():
    from tests.dossiers.test_timing_rules import dated

    papers = invoice(), prescription(**dated(date(2026, 3, 2)))
    decision = judge(*papers, message="Je suis mécontent, et c’est urgent", rules=SECOND)
    assert (decision.decision, decision.reasons) == ("to_review", ("reclamation", "urgence"))
    assert (decision.queue, decision.priority) == ("reclamations", 1)
    hurried = judge(*papers, message="C’est urgent", rules=SECOND)
    assert (hurried.reasons, hurried.queue, hurried.priority) == (("urgence",), "equipements", 2)
    calm = judge(*papers, message="Bonjour", rules=SECOND)
    assert (calm.decision, calm.priority) == ("complete", 4)


def test_the_figures_are_dated():
    before = judge(invoice(), prescription(), message="réclamation", upload_date=date(2022, 12, 30))
    assert outcome_of(before, "message_is_no_complaint") == "failed"
    assert before.clocks == ()


def test_a_message_is_not_looked_at_where_the_check_is_off():
    rules = weigh(RULES, message_is_no_complaint="off")
    assert not judge(invoice(), prescription(), message="réclamation", rules=rules).clocks
