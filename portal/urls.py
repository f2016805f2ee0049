"""Addresses of the site. They hold nothing but random identifiers."""

from django.urls import path, re_path

from portal.api.addresses import refuse_unknown
from portal.api.addresses import urls as api_urls
from portal.api.docs import show_docs
from portal.views import (
    account,
    acting,
    deposit,
    errors,
    figures,
    handler,
    holding,
    home,
    journal,
    member,
    opening,
    operations,
    papers,
    quality,
    reviewing,
    saying,
    session,
    talking,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("connexion", session.SignIn.as_view(), name="sign-in"),
    path("deconnexion", session.SignOut.as_view(), name="sign-out"),
    path("connexion/code", session.ask_code, name="sign-in-code"),
    path("compte", account.show_account, name="account"),
    path("compte/mot-de-passe", account.change_password, name="change-password"),
    path("compte/double-authentification", account.set_up_second_factor, name="second-factor"),
    path("compte/double-authentification/retirer", account.remove_second_factor, name="second-factor-remove"),
    path("compte/codes", account.renew_codes, name="recovery-codes"),
    path("compte/connexions/<int:number>/fermer", account.close_session, name="close-session"),
    path("compte/appareils/<int:number>/oublier", account.forget_device, name="forget-device"),
    path("compte/alertes", account.choose_alerts, name="alerts"),
    path("compte/activer", opening.activate, name="activate"),
    path("compte/activer/<slug:token>", opening.activate_by_link, name="activate-link"),
    path("compte/oubli", opening.recover, name="recover"),
    path("compte/oubli/<slug:token>", opening.recover_by_link, name="recover-link"),
    path("sante", home.health, name="health"),
    path("sante/travail", operations.check_work, name="health-work"),
    path("metrics", operations.show_metrics, name="metrics"),
    path("robots.txt", home.robots, name="robots"),
    path("dossiers", member.list_dossiers, name="dossiers"),
    path("dossiers/deposer", deposit.deposit_papers, name="deposit"),
    path("dossiers/regarder", deposit.look, name="look"),
    path("dossiers/<uuid:dossier_id>", member.show_dossier, name="dossier"),
    path("dossiers/<uuid:dossier_id>/suivi", member.follow_dossier, name="dossier-follow"),
    path("dossiers/<uuid:dossier_id>/ajouter", deposit.add_papers, name="dossier-add"),
    path("dossiers/<uuid:dossier_id>/ecrire", talking.write, name="write"),
    path("dossiers/<uuid:dossier_id>/contester", talking.contest, name="contest"),
    path("papiers/<uuid:piece_id>", papers.show_paper, name="paper"),
    path("papiers/<uuid:piece_id>/dire", saying.say, name="say"),
    path("papiers/<uuid:piece_id>/original", papers.download_original, name="original"),
    path("papiers/<uuid:piece_id>/pages/<int:number>", papers.show_page_image, name="page-image"),
    path("papiers/<uuid:piece_id>/mots", papers.list_words, name="words"),
    path("exploitation", operations.show_operations, name="operations"),
    path("gestion", handler.list_dossiers, name="queue"),
    path("gestion/suivant", holding.take_next, name="next"),
    path("gestion/a-suivre", holding.look_ahead, name="ahead"),
    path("gestion/attribuer", acting.assign_dossiers, name="assign"),
    path("gestion/tableau", figures.show_figures, name="figures"),
    path("gestion/journal", journal.show_journal, name="journal"),
    path("gestion/relecture", quality.list_checks, name="quality"),
    path("gestion/relecture/<int:number>", quality.check, name="blind-check"),
    path("gestion/recherches", handler.save_search, name="save-search"),
    path("gestion/dossiers/<uuid:dossier_id>", handler.show_dossier, name="review"),
    path("gestion/dossiers/<uuid:dossier_id>/prendre", holding.take_dossier, name="take"),
    path("gestion/dossiers/<uuid:dossier_id>/reposer", holding.put_back, name="put-back"),
    path("gestion/dossiers/<uuid:dossier_id>/presence", holding.keep_alive, name="keep-alive"),
    path("gestion/dossiers/<uuid:dossier_id>/corriger", reviewing.correct, name="correct"),
    path("gestion/dossiers/<uuid:dossier_id>/agir", acting.act, name="act"),
    path("gestion/dossiers/<uuid:dossier_id>/repondre", talking.answer, name="answer"),
    path("api/v1/docs", show_docs, name="api-docs"),
    path("api/v1/", api_urls),
    re_path("^api/", refuse_unknown, name="api-unknown"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
