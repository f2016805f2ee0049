"""A client of the API: a token that is fetched again in time, sendings that may be repeated, errors with their code."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

#: Seconds before its end at which a token is taken for old.
_MARGIN = 30
_TRIES = 4
_AGAIN = frozenset({429, 500, 502, 503, 504})


class ApiProblemError(Exception):
    """What the API answered instead of doing what was asked.

    Attributes:
        code: stable.
        faults: what was wrong, where the request was.
    """

    def __init__(self, status: int, code: str, detail: str, faults: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.faults = tuple(faults)


class LiasseClient:
    """Deposits and follows dossiers.

    Args:
        address: of the site, without a slash at its end.
        client_id: from ``liasse integrators add``.
        client_secret: the same.
        language: of the error messages, "fr" or "en".
    """

    def __init__(self, address: str, client_id: str, client_secret: str, *, language: str = "fr") -> None:
        self._http = httpx.Client(
            base_url=f"{address}/api/v1", headers={"Accept-Language": language}, timeout=60, trust_env=False
        )
        self._credentials = (client_id, client_secret)
        self._token = ""
        self._token_until = 0.0

    def __enter__(self) -> LiasseClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def deposit(self, claim: Mapping[str, Any], papers: Sequence[Path], *, key: str | None = None) -> dict[str, Any]:
        """Open a dossier.

        Args:
            claim: as the API describes it.
            papers: files to send.
            key: names this sending; keep it if you may have to send again after this process has died.
        """
        return self._send("/dossiers", papers, key, {"claim": (None, json.dumps(claim), "application/json")})

    def add_papers(self, dossier: str, papers: Sequence[Path], *, key: str | None = None) -> dict[str, Any]:
        """Add papers to a dossier."""
        return self._send(f"/dossiers/{dossier}/papers", papers, key, {})

    def show(self, dossier: str) -> dict[str, Any]:
        """Where a dossier stands."""
        return self._ask("GET", f"/dossiers/{dossier}")

    def missing(self, dossier: str) -> dict[str, Any]:
        """What its member is asked for."""
        return self._ask("GET", f"/dossiers/{dossier}/missing")

    def list_all(self, **filters: str | int) -> Iterator[dict[str, Any]]:
        """Every dossier that the filters let through, newest first, page after page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self._ask("GET", "/dossiers", params={**filters, **({"cursor": cursor} if cursor else {})})
            yield from page["items"]
            cursor = page["next"]

    def write(self, dossier: str, text: str, *, key: str | None = None) -> dict[str, Any]:
        """Write to a gestionnaire on behalf of the member."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self._ask("POST", f"/dossiers/{dossier}/messages", json={"text": text}, headers=headers)

    def messages(self, dossier: str, *, limit: int = 50) -> Iterator[dict[str, Any]]:
        """What member and gestionnaires wrote, oldest first, page after page."""
        after: int | None = 0
        while after is not None:
            page = self._ask("GET", f"/dossiers/{dossier}/messages", params={"after": after, "limit": limit})
            yield from page["items"]
            after = page["next"]

    def report_settlement(self, dossier: str, state: str, *, day: date | None = None) -> dict[str, Any]:
        """Say how a settlement stands: for the system that pays.

        Args:
            dossier: its id.
            state: "waiting_amo", "resumed" or "paid".
            day: on which it became so, if it is known.
        """
        said = {"state": state, **({"on": day.isoformat()} if day else {})}
        return self._ask("POST", f"/dossiers/{dossier}/settlement", json=said)

    def wait_decided(self, dossier: str, *, seconds: float = 60.0) -> dict[str, Any]:
        """The dossier once the machine has done with it; as it is when the time is over."""
        until = time.monotonic() + seconds
        while True:
            shown = self.show(dossier)
            if shown["next_actor"]["code"] != "machine" or time.monotonic() > until:
                return shown
            time.sleep(1.0)

    def _send(self, path: str, papers: Sequence[Path], key: str | None, parts: dict[str, Any]) -> dict[str, Any]:
        files = [*parts.items(), *(("files", (paper.name, paper.read_bytes())) for paper in papers)]
        # The same key at every try: whatever the network did to the first one, the papers count once.
        return self._ask("POST", path, files=files, headers={"Idempotency-Key": key or str(uuid.uuid4())})

    def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        headers = dict(more.pop("headers", {}))
        for attempt in range(1, _TRIES + 1):
            headers["Authorization"] = f"Bearer {self._find_token()}"
            try:
                answer = self._http.request(method, path, headers=headers, **more)
            except httpx.TransportError:
                if attempt == _TRIES:
                    raise
                time.sleep(2.0**attempt)
                continue
            if answer.is_success:
                return dict(answer.json())
            if answer.status_code == 401:
                self._token = ""  # it ended earlier than it should have
            if attempt == _TRIES or not (answer.status_code in _AGAIN or (answer.status_code == 401 and attempt == 1)):
                raise _read_problem(answer)
            time.sleep(float(answer.headers.get("Retry-After", 0)))
        raise AssertionError("the last try returns or raises")

    def _find_token(self) -> str:
        if not self._token or time.monotonic() > self._token_until:
            form = {"grant_type": "client_credentials"}
            answer = self._http.post("/token", data=form, auth=self._credentials)
            if not answer.is_success:
                raise _read_problem(answer)
            given = answer.json()
            self._token = given["access_token"]
            self._token_until = time.monotonic() + given["expires_in"] - _MARGIN
        return self._token


def _read_problem(answer: httpx.Response) -> ApiProblemError:
    try:
        said = answer.json()
    except ValueError:  # not from the API: a proxy, perhaps
        said = {}
    code = said.get("code") or said.get("error") or "unknown"
    detail = said.get("detail") or said.get("error_description") or answer.reason_phrase
    return ApiProblemError(answer.status_code, code, detail, said.get("errors", ()))
