"""Asks a vendor for lists, over all their pages, and gives what their rows keep of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from requests.utils import parse_header_links

from connectors.api.errors import ApiError
from connectors.api.shapes import harmless
from connectors.model import Outcome
from connectors.saas.expressions import at, texts
from connectors.saas.templates import fill_all, fill_path
from connectors.saas.things import Thing, merge, packed, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.api.http import Answer, Http
    from connectors.api.redact import Redactor
    from connectors.saas.api import Api, Errors, Paging
    from connectors.saas.rows import Row

_NEXT: Final = "next_link"
"""Where a kept page says how the list goes on; the redactor knows the name, and leaves it alone."""


class Listed:
    """What a list gave.

    Attributes:
        things: Its things by id.
        pages: How many pages were read.
        dropped: How many records did not count.
        cut: Why there may be more, and the mend; empty where it was read whole.
    """

    def __init__(self) -> None:
        self.things: dict[str, Thing] = {}
        self.pages = 0
        self.dropped = 0
        self.cut = ""


class Client:
    """Asks a vendor.

    Args:
        http: The client.
        api: How the vendor is asked.
        base_url: Its address.
        source: Identity of the tenant.
        redact: Redacts records before they are read.
        headers: Gives the headers of a request that needs some permissions.
        renewed: Whether tokens that were refused may be had anew.
        placed: Gives the address that is really asked instead of another.
        max_pages: Pages of a list.
    """

    def __init__(
        self,
        http: Http,
        api: Api,
        base_url: str,
        source: str,
        redact: Redactor,
        headers: Callable[[tuple[str, ...]], Mapping[str, str]],
        renewed: Callable[[], bool],
        placed: Callable[[str], str],
        max_pages: int,
    ) -> None:
        self._http = http
        self._api = api
        self._base = base_url.rstrip("/")
        self._source = source
        self._redact = redact
        self._headers = headers
        self._renewed = renewed
        self._placed = placed
        self._max_pages = max_pages

    def listed(
        self, row: Row, values: Mapping[str, str], up: Thing | None, needs: tuple[str, ...], pages: int = 0
    ) -> Listed:
        """What a row gives.

        Args:
            row: What to ask for.
            values: Values of placeholders.
            up: The thing that it is listed below.
            needs: Permissions that the token must have.
            pages: So many pages are enough; 0 for all, up to the bound.

        Raises:
            ApiError: The first page was not answered. What goes wrong later cuts the list.
        """
        paging = row.paging or self._api.paging
        base = self._placed(fill_path(row.host, values)).rstrip("/") if row.host else self._base
        url, params = _split(base + fill_path(row.path, values), fill_all(row.query, values), paging)
        listed, asked, most = Listed(), set[str](), pages or self._max_pages
        while True:
            try:
                answer = self._page(row, url, params, values, up, needs)
            except ApiError as error:
                if not listed.pages or error.expired:
                    raise
                listed.cut = f"page {listed.pages + 1}: {error.reason}"
                return listed
            listed.pages += 1
            listed.dropped += answer.body["dropped"]
            merge(listed.things, answer.body["things"])
            following = _following(paging, answer, url, params)
            if following is None:
                return listed
            listed.cut = _distrust(following, url, asked)
            if not listed.cut and listed.pages >= most:
                listed.cut = "" if pages else f"it has more than {most} pages; raise `max_pages`"
                return listed
            if listed.cut:
                return listed
            asked.add(repr(following))
            url, params = following

    def _page(
        self,
        row: Row,
        url: str,
        params: Params,
        values: Mapping[str, str],
        up: Thing | None,
        needs: tuple[str, ...],
    ) -> Answer:
        body = None if row.body is None else fill_all(row.body, values)

        def ask() -> Answer:
            return self._http.ask(
                self._source, row.method, url, params=params, body=body, reduce=lambda given: self._kept(given, row, up),
                authorise=lambda _host: {**self._api.headers, **self._headers(needs)},
            )  # fmt: skip

        try:
            return ask()
        except ApiError as error:
            if error.expired and self._renewed():
                return ask()
            raise _meant(error, self._api.errors) from error

    def _kept(self, body: Any, row: Row, up: Thing | None) -> dict[str, Any] | None:
        """What is kept of a page, before anything else sees it."""
        if not isinstance(body, dict | list):
            return None
        _raise_said(body, self._api.errors)
        records = _records(self._redact(body), row)
        things: dict[str, Thing] = {}
        read_ones = [read(record, row, up, self._redact.person) for record in records]
        merge(things, (thing for thing in read_ones if thing is not None))
        paging = row.paging or self._api.paging
        following = next(texts(at(body, paging.at)), "") if not paging.more or at(body, paging.more) else ""
        return {
            "things": packed(things.values()),
            "seen": len(records),
            "dropped": sum(thing is None for thing in read_ones),
            "more": bool(at(body, paging.more)) if paging.more else True,
            _NEXT: following,
        }


def _records(body: Any, row: Row) -> list[Any]:
    found = at(body, row.records) if row.records else body
    if isinstance(found, Mapping):
        return [found]
    return [record for record in found if record is not None] if isinstance(found, list) else []


def _raise_said(body: Any, errors: Errors) -> None:
    """Refuses an answer that says that it is an error.

    Raises:
        ApiError: It is one.
    """
    if at(body, errors.when):
        code = harmless(next(texts(at(body, errors.code)), ""))[:80]
        raise _meant(
            ApiError(Outcome.FAILED, f"the service failed; scan again ({code or 'no code'})", code=code), errors
        )


def _meant(error: ApiError, errors: Errors) -> ApiError:
    """An error as the vendor means it."""
    if error.code in errors.absent:
        return ApiError(Outcome.NOT_APPLICABLE, f"there is no such thing here ({error.code})", code=error.code)
    if error.code in errors.expired:
        reason = f"the credentials are not accepted or have expired; sign in again ({error.code})"
        return ApiError(Outcome.DENIED, reason, expired=True, code=error.code)
    if error.code in errors.denied:
        return ApiError(Outcome.DENIED, f"access is denied ({error.code})", code=error.code)
    return error


Params = dict[str, str | list[str]]
Question = tuple[str, Params]
"""A URL without parameters, and the parameters: so the same page is the same question, however it was written."""


def _split(url: str, params: Params, paging: Paging) -> Question:
    plain, given = _parted(url)
    size = {paging.size_param: str(paging.size)} if paging.size_param else {}
    first = {"offset": "0", "page": str(paging.start)}.get(paging.style)
    begin = {paging.param: first} if first is not None else {}
    return plain, {**given, **size, **begin, **params}


def _parted(url: str) -> Question:
    parts = urlsplit(url)
    params = {
        name: values if len(values) > 1 else values[0]
        for name, values in parse_qs(parts.query, keep_blank_values=True).items()
    }
    return parts._replace(query="", fragment="").geturl(), params


def _following(paging: Paging, answer: Answer, url: str, params: Params) -> Question | None:
    """What to ask for the next page; None where there is none."""
    kept = answer.body
    if paging.style == "link":
        links = parse_header_links(answer.headers.get("link", "") or "")
        link = next((str(one.get("url") or "") for one in links if one.get("rel") == "next"), "")
        return _parted(urljoin(url, link)) if link else None
    if paging.style == "next":
        return _parted(urljoin(url, kept[_NEXT])) if kept[_NEXT] else None
    if paging.style == "cursor":
        return (url, {**params, paging.param: kept[_NEXT]}) if kept[_NEXT] else None
    if paging.style in {"offset", "page"} and kept["seen"] and kept["more"]:
        # By what was given, not by what was asked for: a vendor may give smaller pages than that.
        step = kept["seen"] if paging.style == "offset" else 1
        return url, {**params, paging.param: str(int(str(params[paging.param])) + step)}
    return None


def _distrust(following: Question, url: str, asked: set[str]) -> str:
    """Why a next page is not asked for, or the empty string."""
    there, here = urlsplit(following[0]), urlsplit(url)
    if (there.scheme.lower(), there.netloc.lower()) != (here.scheme.lower(), here.netloc.lower()):
        return "its next page lies on another host, which was not asked; tell us which vendor this is"
    return "its next page is one that was read before; scan again" if repr(following) in asked else ""
