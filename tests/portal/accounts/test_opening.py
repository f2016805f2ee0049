"""A member opens an account; whoever forgot a password gets back in."""

from __future__ import annotations

import re
import socketserver
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from portal.accounts import open_account
from portal.asking import TRIES
from portal.mailing import send_later
from schemas.errors import ConfigurationError
from storage.models import AccountTry, PastPassword
from tests.portal import build
from tests.portal.mailbox import find_link, open_mailbox

RIGHT = {"number": "07719950", "birth_date": "1984-05-17", "email": "eloise@exemple.invalid"}
NEW = "cheval-agrafe-pile-correct"


def ask(client=None, **changes):
    return (client or Client()).post("/compte/activer", {**RIGHT, **changes})


def path_in(message):
    return urlsplit(find_link(message.body)).path


def choose(client, path, password=NEW, again=None):
    return client.post(path, {"new_password1": password, "new_password2": again or password})


def without_token(answer):
    return re.sub(r"csrfmiddlewaretoken.*?>", "", answer.content.decode())


def test_a_member_opens_an_account_and_is_signed_in(member, sent):
    assert ask().status_code == 200
    (message,) = sent()
    assert message.to == ["eloise@exemple.invalid"]
    client = Client()
    path = path_in(message)
    assert "07719950" in client.get(path).content.decode()
    assert choose(client, path).url == "/"
    assert client.get("/dossiers").status_code == 200
    member.refresh_from_db()
    assert (member.user.username, member.user.get_full_name()) == ("07719950", "Éloïse Quéméneur")
    assert Client().post("/connexion", {"username": "07719950", "password": NEW}).status_code == 302
    # the link is used up
    assert client.get(path).status_code == choose(Client(), path, "une-autre-suite-de-mots").status_code == 404


def test_the_number_may_be_typed_in_groups_and_the_date_as_people_write_it(member, sent):
    ask(number=" 0771 9950 ", birth_date="17/05/1984", email="Eloise@Exemple.invalid")
    assert len(sent()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "00000000"},
        {"birth_date": "1984-05-18"},
        {"birth_date": "2013-09-02"},  # a child of the contract
        {"email": "autre@exemple.invalid"},
    ],
)
def test_the_answer_is_the_same_whether_or_not_it_matches(member, sent, changes):
    right, wrong = ask(), ask(**changes)
    assert len(sent()) == 1
    assert (right.status_code, without_token(right)) == (wrong.status_code, without_token(wrong))


def test_nothing_is_written_where_no_address_is_on_file(member, sent):
    known = without_token(ask())
    member.email = ""
    member.save()
    answer = ask()
    assert len(sent()) == 1
    assert without_token(answer) == known
    assert "contactez votre mutuelle" in known


def test_a_contract_that_has_an_account_is_told_so_by_mail_only(member, sent):
    unknown = ask(number="1")
    open_account(member, NEW)
    answer = ask()
    (message,) = sent()
    assert "en a déjà un" in message.body
    assert path_in(message) == "/compte/oubli"
    assert without_token(answer) == without_token(unknown)


@pytest.mark.parametrize("number", ["07719950", "00000000"])
def test_demands_are_limited_alike_for_numbers_that_exist_and_others(member, sent, number):
    answers = [ask(number=number).status_code for _ in range(TRIES + 1)]
    assert answers == [200] * TRIES + [429]
    AccountTry.objects.update(at=AccountTry.objects.first().at - timedelta(hours=1))
    assert ask(number=number).status_code == 200
    assert not AccountTry.objects.filter(name__contains=number).exists()


def test_what_is_missing_is_said(member):
    answer = Client().post("/compte/activer", {"number": "", "birth_date": "mardi", "email": "x"})
    html = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Remplissez ce champ", "Écrivez une date", "Écrivez une adresse complète"):
        assert words in html
    assert not AccountTry.objects.exists()


def test_a_link_is_good_for_a_day(member, sent, monkeypatch):
    ask()
    path = path_in(sent()[0])
    now = PasswordResetTokenGenerator()._now()
    for age, status in ((timedelta(hours=23), 200), (timedelta(hours=24, minutes=1), 404)):
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _, age=age: now + age)
        assert Client().get(path).status_code == status


def test_a_link_of_another_is_no_link(member, sent):
    ask()
    path = path_in(sent()[0])
    other = build.make_member("05093311", "Yann", "Le Bris")
    number, _, signed = path.rpartition("/")[2].partition("_")
    for forged in (f"{other.pk}_{signed}", f"{number}_{signed[:-1]}x", "zzzzzzzzzzzzz_1-2", "_", "é"):
        assert Client().get(f"/compte/activer/{forged}").status_code == 404
    assert Client().get(path.replace("activer", "oubli")).status_code == 404


def test_a_link_used_twice_at_once_makes_one_account(member):
    open_account(member, NEW)
    with pytest.raises(ConfigurationError):
        open_account(member, NEW)
    assert User.objects.filter(username="07719950").count() == 1


def test_the_name_of_another_account_is_not_taken_over(member):
    stranger = User.objects.create_user("07719950", password=build.PASSWORD)
    with pytest.raises(ConfigurationError):
        open_account(member, NEW)
    member.refresh_from_db()
    assert member.user is None
    stranger.refresh_from_db()
    assert stranger.check_password(build.PASSWORD)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("court-court", "trop court"),
        ("q1w2e3r4t5y6", "trop courant"),
        ("Quéméneur-Éloïse", "trop semblable"),
        ("194837261947", "entièrement numérique"),
        ("a b" * 43, "trop long"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_stays_good(member, sent, password, words):
    ask()
    path = path_in(sent()[0])
    answer = choose(Client(), path, password)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert choose(Client(), path).status_code == 302


@pytest.mark.parametrize("password", [NEW + "x" * 38, " é😀 " * 25])
def test_a_long_password_is_welcome(member, sent, password):
    ask()
    assert choose(Client(), path_in(sent()[0]), password.strip()).status_code == 302


def test_the_two_must_be_alike(member, sent):
    ask()
    answer = choose(Client(), path_in(sent()[0]), NEW, NEW + "!")
    assert answer.status_code == 422


# A forgotten password


@pytest.mark.parametrize("name", ["07719950", "maelys"])
def test_a_forgotten_password_is_replaced(member, sent, name):
    user = open_account(member, build.PASSWORD)
    if name == "maelys":
        user.username = name
        user.save()
    elsewhere = Client()
    elsewhere.force_login(user)
    Client().post("/compte/oubli", {"name": "07719950", "email": "eloise@exemple.invalid"})
    path = path_in(sent()[0])
    assert f"Votre identifiant est : {name}" in sent()[0].body
    client = Client()
    assert choose(client, path).url == "/"
    assert client.get("/dossiers").status_code == 200
    assert elsewhere.get("/dossiers").status_code == 302  # every other session ended
    assert choose(Client(), path, "encore-une-autre-suite").status_code == 404
    assert Client().post("/connexion", {"username": name, "password": build.PASSWORD}).status_code == 200
    assert Client().post("/connexion", {"username": name, "password": NEW}).status_code == 302


def test_a_gestionnaire_gets_back_in_by_the_address_of_the_account(member, sent):
    user = build.make_handler("odile")
    user.email = "odile@exemple.invalid"
    user.save()
    Client().post("/compte/oubli", {"name": "odile", "email": "odile@exemple.invalid"})
    assert sent()[0].to == ["odile@exemple.invalid"]


def test_the_answer_does_not_tell_who_has_an_account(member, sent):
    open_account(member, build.PASSWORD)
    pages = {
        without_token(Client().post("/compte/oubli", {"name": name, "email": email}))
        for name, email in (
            ("07719950", "eloise@exemple.invalid"),
            ("07719950", "autre@exemple.invalid"),
            ("personne", "eloise@exemple.invalid"),
        )
    }
    assert len(pages) == len(sent()) == 1


def test_a_past_password_is_not_chosen_again(member, sent):
    user = open_account(member, "premiere-suite-de-mots")
    for password in ("seconde-suite-de-mots", "troisieme-suite-de-mots"):
        user.set_password(password)
        user.save()
    Client().post("/compte/oubli", {"name": "07719950", "email": "eloise@exemple.invalid"})
    path = path_in(sent()[0])
    for password in ("premiere-suite-de-mots", "troisieme-suite-de-mots"):
        answer = choose(Client(), path, password)
        assert answer.status_code == 422
        assert "déjà utilisé ce mot de passe" in answer.content.decode()
    assert choose(Client(), path).status_code == 302


def test_no_more_hashes_are_kept_than_are_compared(member):
    user = open_account(member, NEW)
    for number in range(7):
        user.set_password(f"une-suite-de-mots-{number}")
        user.save()
    assert PastPassword.objects.filter(user=user).count() == 5


# Messages


def test_messages_leave_by_the_mail_server(settings):
    with open_mailbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        send_later("eloise@exemple.invalid", "Essai", "Voici : http://exemple.invalid/x\n").result()
        message = box.wait()
    assert (message["To"], message["Auto-Submitted"]) == ("eloise@exemple.invalid", "auto-generated")
    assert find_link(message.get_content()) == "http://exemple.invalid/x"


def test_a_mail_server_that_is_down_breaks_nothing_and_names_nobody(settings, caplog):
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.StreamRequestHandler) as closed:
        port = closed.server_address[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    send_later("eloise@exemple.invalid", "Essai", "…").result()
    assert "eloise" not in caplog.text
