"""To the other side of single sign-on, and back."""

from __future__ import annotations

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from requests import RequestException

from portal.single_sign_on import PROVIDER, answer_failure, is_offered


@login_not_required
@require_safe
def go(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the other side; it sends the person back with a code."""
    adapter = _find(request, provider_id)
    if request.user.is_authenticated:
        return redirect("home")
    try:
        answer: HttpResponseBase = OAuth2LoginView.adapter_view(adapter)(request)
    except RequestException as error:  # the other side does not say where its doors are
        return answer_failure(request, error)
    return answer


@login_not_required
@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the code that the other side gave."""
    adapter = _find(request, provider_id)
    try:
        answer: HttpResponseBase = OAuth2CallbackView.adapter_view(adapter)(request)
    except RequestException as error:
        return answer_failure(request, error)
    return answer


def _find(request: HttpRequest, provider_id: str) -> OpenIDConnectOAuth2Adapter:
    if provider_id != PROVIDER or not is_offered():
        raise Http404
    return OpenIDConnectOAuth2Adapter(request, provider_id)
