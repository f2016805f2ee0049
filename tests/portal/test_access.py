"""Who may see what: every address, for everybody."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern

from portal.urls import urlpatterns
from storage.models import TeamMember
from tests.portal import build
from tests.portal.test_helping import help_with

SIGN_IN = 302
#: What machines ask; nobody posts to them.
MACHINES = ("health", "health-work", "metrics", "robots")
ROLES = ("anonymous", "as_member", "as_other", "as_handler", "as_nobody")

#: For each named address, its answer to: anonymous, the member it belongs to, another member, a gestionnaire, an
#: account without role.
GET = {
    "home": (SIGN_IN, 302, 302, 302, 403),
    "sign-in": (200, 302, 302, 302, 302),
    "sign-out": (405, 405, 405, 405, 405),
    "activate": (200, 302, 302, 302, 302),
    "activate-link": (404, 404, 404, 404, 404),  # this one is nobody's
    "recover": (200, 302, 302, 302, 302),
    "recover-link": (404, 404, 404, 404, 404),
    "sign-in-code": (302, 302, 302, 302, 302),  # nobody here owes a code
    "account": (SIGN_IN, 200, 200, 200, 200),
    "change-password": (SIGN_IN, 200, 200, 200, 200),
    "second-factor": (SIGN_IN, 200, 200, 200, 200),
    "second-factor-remove": (SIGN_IN, 302, 302, 302, 302),  # nobody here has one
    "recovery-codes": (SIGN_IN, 302, 302, 302, 302),
    "close-session": (SIGN_IN, 405, 405, 405, 405),
    "forget-device": (SIGN_IN, 405, 405, 405, 405),
    "health": (200, 200, 200, 200, 200),
    "health-work": (503, 503, 503, 503, 503),  # no worker is alive in a test
    "metrics": (404, 404, 404, 404, 404),  # no token is set
    "robots": (200, 200, 200, 200, 200),
    "dossiers": (SIGN_IN, 200, 200, 403, 403),
    "deposit": (SIGN_IN, 200, 200, 403, 403),
    "look": (SIGN_IN, 405, 405, 403, 403),
    "dossier": (SIGN_IN, 200, 404, 404, 404),
    "dossier-follow": (SIGN_IN, 200, 404, 404, 404),
    "dossier-add": (SIGN_IN, 302, 404, 404, 404),
    "write": (SIGN_IN, 200, 404, 404, 404),
    "contest": (SIGN_IN, 302, 404, 404, 404),  # there is nothing to contest yet
    "answer": (SIGN_IN, 405, 405, 405, 405),
    "paper": (SIGN_IN, 200, 404, 200, 404),
    "say": (SIGN_IN, 302, 404, 403, 403),
    "original": (SIGN_IN, 200, 404, 200, 404),
    "page-image": (SIGN_IN, 200, 404, 200, 404),
    "people": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "add-person": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "person": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "invite-person": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "rules": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "rules-version": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "texts": (SIGN_IN, 403, 403, 403, 403),  # for supervisors
    "operations": (SIGN_IN, 403, 403, 403, 403),
    "queue": (SIGN_IN, 403, 403, 200, 403),
    "review": (SIGN_IN, 404, 404, 200, 404),
    "words": (SIGN_IN, 404, 404, 200, 404),
    "steps": (SIGN_IN, 404, 404, 200, 404),
    "step-image": (SIGN_IN, 404, 404, 404, 404),  # the bytes of this paper are no picture
    "quality": (SIGN_IN, 403, 403, 200, 403),
    "journal": (SIGN_IN, 403, 403, 403, 403),  # for supervisors
    "figures": (SIGN_IN, 403, 403, 403, 403),  # for supervisors
    "blind-check": (SIGN_IN, 403, 403, 404, 403),  # none is drawn
    "next": (SIGN_IN, 403, 403, 405, 403),
    "ahead": (SIGN_IN, 403, 403, 200, 403),
    "assign": (SIGN_IN, 403, 403, 405, 403),
    "save-search": (SIGN_IN, 403, 403, 405, 403),
    "take": (SIGN_IN, 405, 405, 405, 405),
    "put-back": (SIGN_IN, 405, 405, 405, 405),
    "keep-alive": (SIGN_IN, 405, 405, 405, 405),
    "correct": (SIGN_IN, 405, 405, 405, 405),
    "act": (SIGN_IN, 405, 405, 405, 405),
    # The API asks for tokens: to people who have signed in it says the same as to strangers.
    "api-docs": (200, 200, 200, 200, 200),
    "api-unknown": (404, 404, 404, 404, 404),
    "api:openapi-json": (200, 200, 200, 200, 200),
    "api:token": (405, 405, 405, 405, 405),
    "api:dossiers": (401, 401, 401, 401, 401),
    "api:dossier": (401, 401, 401, 401, 401),
    "api:missing": (401, 401, 401, 401, 401),
    "api:papers": (405, 405, 405, 405, 405),
    "api:messages": (401, 401, 401, 401, 401),
    "api:settlement": (405, 405, 405, 405, 405),
    "alerts": (SIGN_IN, 405, 405, 403, 403),
    "helpers": (SIGN_IN, 200, 200, 403, 403),
    "remove-helper": (SIGN_IN, 405, 405, 403, 403),
    "choose-helped": (SIGN_IN, 405, 405, 405, 405),
    "stop-helping": (SIGN_IN, 405, 405, 405, 405),
    "passkeys": (SIGN_IN, 200, 200, 200, 200),
    "add-passkey": (SIGN_IN, 405, 405, 405, 405),
    "remove-passkey": (SIGN_IN, 405, 405, 405, 405),
    "email-code": (SIGN_IN, 200, 200, 200, 200),
    "remove-email-code": (SIGN_IN, 405, 405, 405, 405),
    "mail-code": (405, 405, 405, 405, 405),
    "begin-passkey": (405, 405, 405, 405, 405),
    "prove-by-passkey": (405, 405, 405, 405, 405),
    "openid_connect_login": (404, 404, 404, 404, 404),  # no other side is set
    "openid_connect_callback": (404, 404, 404, 404, 404),
    "accept-helping": (404, 404, 404, 404, 404),  # this invitation is nobody's
}
POST = {
    "deposit": (SIGN_IN, 422, 422, 403, 403),
    "look": (SIGN_IN, 422, 422, 403, 403),
    "dossier-add": (SIGN_IN, 422, 404, 404, 404),
    "write": (SIGN_IN, 422, 404, 404, 404),
    "contest": (SIGN_IN, 422, 404, 404, 404),
    "answer": (SIGN_IN, 404, 404, 302, 404),
    "sign-out": (302, 302, 302, 302, 302),
    "activate": (422, 302, 302, 302, 302),
    "activate-link": (404, 404, 404, 404, 404),
    "recover": (422, 302, 302, 302, 302),
    "recover-link": (404, 404, 404, 404, 404),
    "sign-in-code": (302, 302, 302, 302, 302),
    "account": (SIGN_IN, 405, 405, 405, 405),
    "change-password": (SIGN_IN, 422, 422, 422, 422),
    "second-factor": (SIGN_IN, 422, 422, 422, 422),
    "second-factor-remove": (SIGN_IN, 302, 302, 302, 302),
    "recovery-codes": (SIGN_IN, 302, 302, 302, 302),
    "close-session": (SIGN_IN, 302, 404, 404, 404),
    "forget-device": (SIGN_IN, 302, 404, 404, 404),
    "home": (SIGN_IN, 405, 405, 405, 405),
    "dossiers": (SIGN_IN, 405, 405, 403, 403),
    "dossier": (SIGN_IN, 405, 405, 405, 405),
    "dossier-follow": (SIGN_IN, 405, 405, 405, 405),
    "paper": (SIGN_IN, 405, 405, 405, 405),
    "say": (SIGN_IN, 302, 404, 403, 403),
    "original": (SIGN_IN, 405, 405, 405, 405),
    "page-image": (SIGN_IN, 405, 405, 405, 405),
    "people": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "add-person": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "person": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "invite-person": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "rules": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "rules-version": (SIGN_IN, 403, 403, 403, 403),  # for operators
    "texts": (SIGN_IN, 403, 403, 403, 403),  # for supervisors
    "operations": (SIGN_IN, 403, 403, 403, 403),
    "queue": (SIGN_IN, 403, 403, 405, 403),
    "review": (SIGN_IN, 405, 405, 405, 405),
    "words": (SIGN_IN, 405, 405, 405, 405),
    "steps": (SIGN_IN, 405, 405, 405, 405),
    "step-image": (SIGN_IN, 405, 405, 405, 405),
    "quality": (SIGN_IN, 403, 403, 405, 403),
    "journal": (SIGN_IN, 403, 403, 403, 403),
    "figures": (SIGN_IN, 403, 403, 403, 403),
    "blind-check": (SIGN_IN, 403, 403, 404, 403),
    "next": (SIGN_IN, 403, 403, 302, 403),
    "ahead": (SIGN_IN, 403, 403, 405, 403),
    "assign": (SIGN_IN, 403, 403, 302, 403),
    "save-search": (SIGN_IN, 403, 403, 302, 403),
    "take": (SIGN_IN, 404, 404, 302, 404),
    "put-back": (SIGN_IN, 404, 404, 302, 404),
    "keep-alive": (SIGN_IN, 404, 404, 200, 404),
    "correct": (SIGN_IN, 404, 404, 404, 404),  # without a ticket there is nothing to write
    "act": (SIGN_IN, 404, 404, 404, 404),
    "api-docs": (405, 405, 405, 405, 405),
    "api-unknown": (404, 404, 404, 404, 404),
    "api:openapi-json": (405, 405, 405, 405, 405),
    "api:token": (401, 401, 401, 401, 401),
    "api:dossiers": (401, 401, 401, 401, 401),
    "api:dossier": (405, 405, 405, 405, 405),
    "api:missing": (405, 405, 405, 405, 405),
    "api:papers": (401, 401, 401, 401, 401),
    "api:messages": (401, 401, 401, 401, 401),
    "api:settlement": (401, 401, 401, 401, 401),
    "alerts": (SIGN_IN, 302, 302, 403, 403),
    "helpers": (SIGN_IN, 422, 422, 403, 403),
    "remove-helper": (SIGN_IN, 404, 404, 403, 403),
    "choose-helped": (SIGN_IN, 302, 302, 302, 302),
    "stop-helping": (SIGN_IN, 404, 404, 404, 404),
    "accept-helping": (404, 404, 404, 404, 404),
    "openid_connect_login": (405, 405, 405, 405, 405),
    "openid_connect_callback": (405, 405, 405, 405, 405),
    "passkeys": (SIGN_IN, 422, 422, 422, 422),
    "add-passkey": (SIGN_IN, 302, 302, 302, 302),
    "remove-passkey": (SIGN_IN, 404, 404, 404, 404),
    "email-code": (SIGN_IN, 200, 200, 200, 200),  # no address is known
    "remove-email-code": (SIGN_IN, 302, 302, 302, 302),
    "mail-code": (302, 302, 302, 302, 302),  # nobody here owes a proof
    "begin-passkey": (403, 403, 403, 403, 403),
    "prove-by-passkey": (302, 302, 302, 302, 302),
}


def address(name, world):
    from django.urls import reverse

    arguments = {
        "dossier": [world.dossier.pk],
        "dossier-follow": [world.dossier.pk],
        "dossier-add": [world.dossier.pk],
        "write": [world.dossier.pk],
        "contest": [world.dossier.pk],
        "answer": [world.dossier.pk],
        "review": [world.dossier.pk],
        "paper": [world.piece.pk],
        "say": [world.piece.pk],
        "blind-check": [1],
        "close-session": [world.sign_in.pk],
        "forget-device": [world.trusted.pk],
        "activate-link": ["1_abc-def"],
        "accept-helping": ["1_abc-def"],
        **{f"openid_connect_{key}": ["entreprise"] for key in ("login", "callback")},
        **{key: [999] for key in ("remove-helper", "stop-helping", "remove-passkey")},
        "rules-version": ["0" * 64],
        "recover-link": ["1_abc-def"],
        "original": [world.piece.pk],
        "page-image": [world.piece.pk, 1],
        "words": [world.piece.pk],
        "steps": [world.piece.pk, 1],
        "step-image": [world.piece.pk, 1, 0],
        **{key: [world.dossier.member.user.pk] for key in ("person", "invite-person")},
        **{f"api:{key}": [world.dossier.pk] for key in ("dossier", "missing", "papers", "messages", "settlement")},
        **{key: [world.dossier.pk] for key in ("take", "put-back", "keep-alive", "correct", "act")},
    }
    return reverse(name, args=arguments.get(name, []))


def name_addresses(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        else:
            yield from name_addresses(pattern.url_patterns, f"{space}{pattern.namespace}:")


def test_every_address_is_in_the_matrix():
    names = set(name_addresses(urlpatterns))
    assert names == set(GET)
    assert names - set(POST) == {"sign-in", *MACHINES}  # signing in is tested apart; the others take no POST


@pytest.mark.parametrize("name", GET)
def test_get(name, world):
    found = tuple(getattr(world, role).get(address(name, world)).status_code for role in ROLES)
    assert found == GET[name]


@pytest.mark.parametrize("name", POST)
def test_post(name, world):
    found = tuple(getattr(world, role).post(address(name, world)).status_code for role in ROLES)
    assert found == POST[name]


#: What a supervisor gets that a gestionnaire does not, by GET and by POST; everything else is the same.
CHIEF = ({"figures": 200, "journal": 200, "texts": 200}, {"figures": 405, "journal": 405, "texts": 405})
#: What an operator gets that an account without role does not. A member's account is nobody who works here (404).
OPERATOR = (
    {
        "home": 302,
        "operations": 200,
        "people": 200,
        "add-person": 200,
        "person": 404,
        "invite-person": 405,
        "rules": 200,
        "rules-version": 404,
    },
    {
        "operations": 405,
        "people": 405,
        "add-person": 422,
        "person": 404,
        "invite-person": 404,
        "rules": 405,
        "rules-version": 405,
    },
)


#: What somebody who helps the member, with every right, does not get that the member gets, by GET and by POST.
HELPER = (
    {"helpers": 403, "remove-helper": 403, "alerts": 403, "close-session": 405, "forget-device": 405},
    {"helpers": 403, "remove-helper": 403, "alerts": 403, "close-session": 404, "forget-device": 404},
)
#: What they do not get either who may only look.
LOOKER = (
    dict.fromkeys(("deposit", "look", "dossier-add", "write", "contest", "say"), 403),
    dict.fromkeys(("deposit", "look", "dossier-add", "write", "contest", "say"), 403),
)


def sign_in_as(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", GET)
def test_supervisors_and_colleagues_of_another_team_get_what_gestionnaires_get(name, world):
    chief, colleague = build.make_handler("ines", supervisor=True), build.make_handler("basile")
    TeamMember.objects.create(user=colleague, queue="audio")
    for user, (more_by_get, more_by_post) in ((chief, CHIEF), (colleague, ({}, {}))):
        client, path = sign_in_as(user), address(name, world)
        assert client.get(path).status_code == more_by_get.get(name, GET[name][3])
        if name in POST:
            assert client.post(path).status_code == more_by_post.get(name, POST[name][3])


@pytest.mark.parametrize("name", GET)
def test_operators_run_the_installation_and_see_no_dossier(name, world):
    client = sign_in_as(build.make_operator())
    path = address(name, world)
    assert client.get(path).status_code == OPERATOR[0].get(name, GET[name][4])
    if name in POST:
        assert client.post(path).status_code == OPERATOR[1].get(name, POST[name][4])


@pytest.mark.parametrize("rights", [True, False])
@pytest.mark.parametrize("name", GET)
def test_those_who_help_get_what_the_member_gets_as_far_as_they_may(name, rights, world):
    client, _ = help_with(world.member, may_send=rights, may_write=rights)
    path = address(name, world)
    less = HELPER if rights else tuple(more | fewer for more, fewer in zip(HELPER, LOOKER, strict=True))
    assert client.get(path).status_code == less[0].get(name, GET[name][1])
    if name in POST:
        assert client.post(path).status_code == less[1].get(name, POST[name][1])


@pytest.mark.parametrize("name", GET)
def test_those_who_help_somebody_else_get_what_another_member_gets(name, world):
    client, _ = help_with(world.other)
    path = address(name, world)
    assert client.get(path).status_code == HELPER[0].get(name, GET[name][2])
    if name in POST:
        assert client.post(path).status_code == HELPER[1].get(name, POST[name][2])


@pytest.mark.parametrize("name", [name for name in GET if GET[name][0] == SIGN_IN and name != "sign-in-code"])
def test_strangers_are_led_to_sign_in_and_back(name, world):
    path = address(name, world)
    assert world.anonymous.get(path).url == f"/connexion?next={path}"


@pytest.mark.parametrize(
    "name", ["dossier", "dossier-follow", "write", "contest", "review", "paper", "original", "page-image", "words"]
)
def test_what_is_not_yours_looks_like_what_does_not_exist(name, world):
    mine = address(name, world)
    nowhere = mine.replace(str(world.dossier.pk), str(uuid.uuid4())).replace(str(world.piece.pk), str(uuid.uuid4()))
    there, not_there = world.as_other.get(mine), world.as_other.get(nowhere)
    assert there.status_code == not_there.status_code == 404
    assert there.content == not_there.content


def test_members_lists_hold_their_own_dossiers_only(world):
    page = world.as_other.get("/dossiers").content.decode()
    assert world.other_dossier.reference in page
    assert world.dossier.reference not in page
    searched = world.as_other.get("/dossiers", {"q": world.dossier.reference}).content.decode()
    assert str(world.dossier.pk) not in searched


def test_forms_need_their_token(world):
    from django.contrib.auth.models import User
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="maelys"))
    for name in ("deposit", "dossier-add", "sign-out"):
        answer = strict.post(address(name, world))
        assert answer.status_code == 403
        assert "Formulaire expiré" in answer.content.decode()
