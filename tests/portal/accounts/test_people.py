"""Those who run the installation open, change and close the accounts of the people who work here."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from portal.staff import Role, change_colleague, describe_colleague, find_colleague, list_changes
from schemas.errors import RefusedActError
from schemas.rules import installed_rules
from storage.models import StaffChange
from tests.portal import build


@pytest.fixture
def operator(db):
    client = Client()
    client.force_login(build.make_operator("ines"))
    return client


@pytest.fixture
def odile(db):
    user = build.make_handler("odile")
    user.email = "odile@exemple.invalid"
    user.save()
    return user


def signs_in(username, password):
    """Whether the sign-in page lets somebody in."""
    answer = Client().post("/connexion", {"username": username, "password": password})
    return answer.status_code == 302


def filled(user, **changes):
    one = describe_colleague(user)
    form = {"name": one.name or "Odile Marchand", "email": one.email, "role": one.role.value,
            "queues": list(one.queues), "active": "on"}  # fmt: skip
    return {key: value for key, value in {**form, **changes}.items() if value is not None}


def test_somebody_is_added_and_gets_a_link_that_works(operator, sent):
    queue = sorted(installed_rules().queues)[0]
    page = operator.get("/administration/personnes/ajouter").content.decode()
    assert f'value="{queue}"' in page
    said = {"username": "basile", "name": "Basile Tanguy", "email": "basile@exemple.invalid", "role": "superviseur",
            "queues": [queue], "active": "on"}  # fmt: skip
    answer = operator.post("/administration/personnes/ajouter", said)
    assert answer.status_code == 302
    one = describe_colleague(find_colleague("basile"))
    assert (one.name, one.role, one.queues, one.active) == ("Basile Tanguy", Role.SUPERVISOR, (queue,), True)
    [mail] = sent()
    assert mail.to == ["basile@exemple.invalid"]
    path = re.search(r"https?://[^/]+(/compte/oubli/\S+)", mail.body).group(1)
    chosen = {"new_password1": "quatre mots sans aucun lien", "new_password2": "quatre mots sans aucun lien"}
    assert Client().post(path, chosen).status_code == 302
    assert signs_in("basile", "quatre mots sans aucun lien")
    assert [change.what for change in list_changes("basile")] == ["invited", "created"]
    assert {change.actor for change in list_changes("basile")} == {"ines"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"username": "ODILE"}, "déjà pris"), ({"username": "a b"}, "Des lettres"), ({"email": "x"}, "adresse e-mail"),
     ({"role": "roi"}, "role_error"), ({"queues": ["inconnue"]}, "field-fault")],
)  # fmt: skip
def test_what_is_filled_in_wrongly_is_said_and_opens_nothing(operator, odile, change, sentence):
    said = {"username": "neuf", "name": "Neuf", "email": "neuf@exemple.invalid", "role": "gestionnaire", **change}
    answer = operator.post("/administration/personnes/ajouter", said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert User.objects.count() == 2


def test_a_change_is_written_down_with_what_was_before(operator, odile):
    queue = sorted(installed_rules().queues)[0]
    path = f"/administration/personnes/{odile.pk}"
    answer = operator.post(path, filled(odile, role="superviseur", queues=[queue]))
    assert answer.status_code == 302
    [change] = StaffChange.objects.all()
    assert (change.actor, change.username, change.what) == ("ines", "odile", "changed")
    assert change.before["role"] == "gestionnaire"
    assert change.after == {**change.after, "role": "superviseur", "queues": [queue]}
    page = operator.get(path).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "rôle : de gestionnaire à responsable" in page.replace("\N{NARROW NO-BREAK SPACE}", " ")
    operator.post(path, filled(find_colleague("odile")))
    assert StaffChange.objects.count() == 1  # nothing changed: nothing is written


def test_a_closed_account_is_signed_out_and_can_be_opened_again(operator, odile):
    client = Client()
    client.post("/connexion", {"username": "odile", "password": build.PASSWORD})
    assert client.get("/gestion").status_code == 200
    path = f"/administration/personnes/{odile.pk}"
    operator.post(path, filled(odile, active=None))
    assert client.get("/gestion").status_code == 302
    assert not signs_in("odile", build.PASSWORD)
    operator.post(path, filled(find_colleague("odile")))
    assert signs_in("odile", build.PASSWORD)
    assert [change.what for change in list_changes("odile")] == ["opened", "closed"]


def test_there_is_always_somebody_to_run_the_installation(operator):
    ines = find_colleague("ines")
    answer = operator.post(f"/administration/personnes/{ines.pk}", filled(ines, active=None, email="i@exemple.invalid"))
    assert "propre compte" in answer.content.decode()
    with pytest.raises(RefusedActError, match="last operator"):
        change_colleague(ines, replace(describe_colleague(ines), active=False), actor="console")
    build.make_operator()
    assert change_colleague(ines, replace(describe_colleague(ines), active=False), actor="yann")


def test_a_link_is_sent_again_unless_there_is_nowhere_to_send_it(operator, odile, sent):
    path = f"/administration/personnes/{odile.pk}/inviter"
    operator.post(path)
    assert [mail.to for mail in sent()] == [["odile@exemple.invalid"]]
    User.objects.filter(pk=odile.pk).update(email="")
    page = operator.post(path, follow=True).content.decode()
    assert "Aucun lien" in page
    assert len(sent()) == 1


def test_people_are_found_by_name_and_role_and_members_are_none_of_them(operator, odile):
    member = build.make_member("04417725", "Maëlys", "Kerjean", username="maelys")
    build.make_handler("solene", supervisor=True)
    page = operator.get("/administration/personnes").content.decode()
    assert [name in page for name in ("odile", "solene", "ines", "maelys")] == [True, True, True, False]
    found = operator.get("/administration/personnes", {"q": "ODILE@"}).content.decode()
    assert "solene" not in found
    assert f"/administration/personnes/{odile.pk}" in found
    chiefs = operator.get("/administration/personnes", {"role": "superviseur"}).content.decode()
    assert "solene" in chiefs
    assert "odile" not in chiefs
    assert "Personne ne correspond" in operator.get("/administration/personnes", {"q": "zzz"}).content.decode()
    assert operator.get(f"/administration/personnes/{member.user.pk}").status_code == 404


def test_the_list_asks_the_same_number_of_questions_however_long(operator, django_assert_max_num_queries):
    for number in range(12):
        build.make_handler(f"g{number}")
    with django_assert_max_num_queries(10):
        operator.get("/administration/personnes")
