"""A small client for the API of PMP Smart: what this program needs, with the care that
the server asks for. Copy it and add the endpoints that you use."""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Optional, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

T = TypeVar("T")

MIN_WAIT = 0.2
MAX_WAIT = 10.0


class Error(Exception):
    """What all errors of this module are."""


class APIError(Error):
    """The server has refused a request.

    retry_after is the seconds after which it wants to be asked again, if it says so.
    """

    def __init__(
        self,
        what: str,
        status: int,
        message: str,
        fields: dict[str, list[str]],
        retry_after: Optional[int] = None,
    ) -> None:
        problems = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in fields.items())
        super().__init__(f"{what}: {status} {message}" + (f" ({problems})" if problems else ""))
        self.status = status
        self.message = message
        self.fields = fields
        self.retry_after = retry_after


class NoAnswerError(Error):
    """No answer came, or none that can be read.

    sent says whether the request may have been acted on.
    """

    def __init__(self, what: str, problem: str, *, sent: bool = True) -> None:
        super().__init__(f"{what}: {problem}")
        self.sent = sent


class OutcomeUnknownError(Error):
    """An insert was sent, and nothing tells whether it was done."""


@dataclass(frozen=True)
class Order:
    id: int
    code: str
    status: str  # open, pending, complete or cancel
    date: str
    outlet_id: Optional[int]
    total: Optional[float]

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Order:
        """A server of PHP may send a number as a string."""
        outlet_id, total = record.get("outlet_id"), record.get("total")
        return cls(
            id=int(record["id"]),
            code=str(record["kode_order"]),
            status=str(record["status"]),
            date=str(record.get("date_order") or "")[:10],
            outlet_id=None if outlet_id is None else int(outlet_id),
            total=None if total is None else float(total),
        )


@dataclass(frozen=True)
class JSONOrder:
    id: int
    code: str
    data: Any
    status: str

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> JSONOrder:
        data = record["json_data"]
        return cls(
            id=int(record["id"]),
            code=str(record["kode_order"]),
            data=json.loads(data) if isinstance(data, str) else data,
            status=str(record["status"]),
        )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """To follow a redirect would make a GET of a POST."""

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any) -> None:
        return None


class PMPSmart:
    """A client of one account. Threads may share it.

    timeout is how many seconds the server may be silent; wait waits before a repetition.
    """

    def __init__(
        self,
        base_url: str,
        email: str,
        password: str,
        *,
        timeout: float = 30,
        max_attempts: int = 4,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._account = {"email": email, "password": password}
        self._timeout = timeout
        self._max_attempts = max_attempts
        self._wait = wait
        self._opener = urllib.request.build_opener(_NoRedirects)
        self._token: Optional[str] = None
        self._login = threading.Lock()

    def login(self) -> str:
        """Logs in and returns the token. Other methods do so by themselves when they need to.

        The vendor's page says that the token is the answer's api_token, and not where it is.
        """
        answer = self._repeat(lambda: self._send("log in", "auth/login", self._account))
        data = answer.get("data")
        user = data.get("user") if isinstance(data, dict) else None
        for place in (data, user, answer):
            for name in ("api_token", "access_token", "token"):
                token = place.get(name) if isinstance(place, dict) else None
                if isinstance(token, str) and token:
                    return token
        raise NoAnswerError("log in", "the answer holds no api_token")

    def orders(
        self, *, date: Optional[date] = None, status: Optional[str] = None, outlet_id: Optional[int] = None
    ) -> Iterator[Order]:
        """Lists orders, page after page."""
        conditions = {"date_order": date and date.isoformat(), "status": status, "outlet_id": outlet_id}
        given = {name: value for name, value in conditions.items() if value is not None}
        return map(Order.from_record, self._list("list orders", "order", given))

    def ensure_json_order(self, code: str, data: Any, status: str) -> tuple[JSONOrder, bool]:
        """Inserts an order unless there is one of its code.

        After an insert without an answer it looks for the order before it inserts again,
        so that none is inserted twice. It also returns whether this call has inserted it.
        """
        body = {"kode_order": code, "json_data": json.dumps(data), "status": status}
        lost: Optional[Error] = None
        for attempt in range(1, self._max_attempts + 1):
            if found := self.find_json_order(code):
                return found, lost is not None
            try:
                answer = self._call("insert order", "json/order", body, is_insert=True)
            except Error as error:
                if not _may_have_been_done(error):
                    raise
                lost = error
                self._wait(_backoff(attempt))
                continue
            record = answer.get("data")
            return JSONOrder.from_record({"id": 0, **body, **(record if isinstance(record, dict) else {})}), True
        if found := self.find_json_order(code):
            return found, True
        raise OutcomeUnknownError(
            f"order {code} may have been inserted; look for it before you insert it again"
        ) from lost

    def find_json_order(self, code: str) -> Optional[JSONOrder]:
        for record in self._list("find order", "json/order/get/filter", {"kode_order": code}):
            if str(record.get("kode_order")) == code:  # a server may find similar codes too
                return JSONOrder.from_record(record)
        return None

    def _list(self, what: str, path: str, conditions: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Reads a list to its end, whether the server sends it whole or in Laravel's pages."""
        seen = {""}
        query = ""
        while True:
            answer = self._call(what, path + query, conditions)
            page = answer.get("data") or []
            links = answer.get("links")
            next_url = links.get("next") if isinstance(links, dict) else None
            if isinstance(page, dict):
                next_url = page.get("next_page_url") or next_url
                page = page.get("data") or []
            if not isinstance(page, list):
                raise NoAnswerError(what, "the answer holds no list")
            yield from page
            query = _next_query(next_url)
            if not query:
                return
            if query in seen:
                raise NoAnswerError(what, f"the server leads back to the page {query}")
            seen.add(query)

    def _call(self, what: str, path: str, body: dict[str, Any], *, is_insert: bool = False) -> dict[str, Any]:
        """Makes a request with a token, repeats what may be repeated, and logs in again if
        the token has expired."""

        def request() -> dict[str, Any]:
            token = self._renew(None)
            try:
                return self._send(what, path, body, token)
            except APIError as error:
                if error.status != 401:
                    raise
            return self._send(what, path, body, self._renew(token))

        return self._repeat(request, is_insert=is_insert)

    def _renew(self, stale: Optional[str]) -> str:
        """Returns a token that is not the stale one: threads that met the same one share a login."""
        with self._login:
            if self._token is None or self._token == stale:
                self._token = None
                self._token = self.login()
            return self._token

    def _repeat(self, request: Callable[[], T], *, is_insert: bool = False) -> T:
        for attempt in range(1, self._max_attempts):
            try:
                return request()
            except Error as error:
                after = getattr(error, "retry_after", None) or 0
                if after > MAX_WAIT or not _may_be_repeated(error, is_insert):
                    raise
            self._wait(max(after, _backoff(attempt)))
        return request()

    def _send(self, what: str, path: str, body: dict[str, Any], token: Optional[str] = None) -> dict[str, Any]:
        """Sends one request and judges the answer."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}  # else Laravel answers in HTML
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(
            f"{self._base_url}/{path}", json.dumps(body).encode(), headers, method="POST"
        )
        try:
            try:
                response: Any = self._opener.open(request, timeout=self._timeout)
            except urllib.error.HTTPError as error:
                response = error  # a response as well
            with response:
                return _judge(what, response.status, response.headers.get("Retry-After"), response.read())
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            sent = not isinstance(reason, (ConnectionRefusedError, socket.gaierror))
            raise NoAnswerError(what, f"no answer: {reason or type(reason).__name__}", sent=sent) from error


def _judge(what: str, status: int, retry_after: Optional[str], body: bytes) -> dict[str, Any]:
    """Returns the JSON of an answer that says yes."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None  # an HTML page, or half an answer
    if isinstance(answer, list):
        answer = {"data": answer}
    known = answer if isinstance(answer, dict) else {}
    refused = _refusal(known) if 200 <= status < 300 else status
    if refused is not None:
        message = known.get("message") or http.client.responses.get(refused, "refused")
        errors = known.get("errors")
        fields = {
            name: [str(text) for text in texts] if isinstance(texts, list) else [str(texts)]
            for name, texts in (errors.items() if isinstance(errors, dict) else ())
        }
        seconds = int(retry_after) if retry_after and retry_after.isdecimal() else None
        raise APIError(what, refused, str(message), fields, seconds)
    if not isinstance(answer, dict):
        raise NoAnswerError(what, f"the answer is no JSON: {body[:80]!r}")
    return answer


def _refusal(answer: dict[str, Any]) -> Optional[int]:
    """Returns the status of a refusal that came as HTTP 200."""
    status = str(answer.get("status", answer.get("success", ""))).lower()
    if status.isdecimal() and int(status) >= 400:
        return int(status)
    return 200 if re.match(r"error|fail|gagal|false|0$", status) else None


def _may_be_repeated(error: Error, is_insert: bool) -> bool:
    if isinstance(error, NoAnswerError):
        return not (is_insert and error.sent)
    if not isinstance(error, APIError):
        return False
    if error.status == 429 or (error.status == 503 and error.retry_after is not None):
        return True  # it was not acted on
    return not is_insert and (error.status == 408 or error.status >= 500)


def _may_have_been_done(error: Error) -> bool:
    """Reports whether an insert that failed may have been done all the same."""
    if isinstance(error, APIError):
        return error.status >= 500 and error.retry_after is None
    return isinstance(error, NoAnswerError) and error.sent


def _backoff(attempt: int) -> float:
    return random.uniform(0, min(MAX_WAIT, MIN_WAIT * 2**attempt))


def _next_query(url: Any) -> str:
    """Returns the query of the next page. The rest of its address is the server's word, and
    no place to send a token to."""
    values = parse_qs(urlsplit(url).query) if isinstance(url, str) else {}
    for name in ("page", "cursor"):
        if name in values:
            return "?" + urlencode({name: values[name][0]})
    return ""
