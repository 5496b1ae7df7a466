"""Asks AWS, or the archive: answers come redacted, page by page, and refusals come in the words of coverage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationNotFoundError
from botocore.parsers import ResponseParserError

from connectors.api.errors import ApiError
from connectors.aws.api import api
from connectors.aws.outcomes import as_outcome
from connectors.aws.rows import read
from connectors.aws.send import Caller
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connectors.api.archive import Archive
    from connectors.api.redact import Redactor
    from connectors.aws.accounts import Accounts
    from connectors.aws.place import Place
    from connectors.aws.send import Sender

_FAULTS: Final = (ClientError, BotoCoreError, OperationNotFoundError, ResponseParserError)


@dataclass(frozen=True, slots=True)
class Question:
    """One operation with its parameters.

    Attributes:
        service: Service in botocore.
        operation: The operation.
        action: IAM action that it needs.
        params: Its parameters.
        moving: Parameters that differ from day to day, so that the archive knows the question without them.
        leave: JMESPath that leaves of an answer what is needed, where it may hold what must not be read further.
        offered: Whether the Region is said to have the service.
    """

    service: str
    operation: str
    action: str
    params: Mapping[str, Any]
    moving: Mapping[str, Any]
    leave: str = ""
    offered: bool = True


class Asker:
    """Asks. Safe in any number of threads."""

    def __init__(self, sender: Sender, accounts: Accounts, archive: Archive, redact: Redactor) -> None:
        self._sender = sender
        self._accounts = accounts
        self._archive = archive
        self._redact = redact
        self._expired: dict[str, ApiError] = {}

    def once(self, place: Place, question: Question) -> Any:
        """The answer to a question that has one page.

        Raises:
            ApiError: It was not answered.
        """
        return next(self.pages(place, question, limit=1))[0]

    def pages(self, place: Place, question: Question, *, limit: int) -> Iterator[tuple[Any, bool]]:
        """The pages of an answer, each with whether there is more.

        Raises:
            ApiError: A page was not answered; those before it were given.
        """
        reader = _Reader(question)
        for number in range(limit):
            kept = self._archive.ask(
                place.source, _name(place, question, number), lambda: self._live(place, question, reader)
            )
            yield kept["body"], kept["more"]
            if not kept["more"]:
                return

    def told(self, source: str, question: str, answer: Callable[[], Any]) -> Any:
        """What this machine knows, as today's date, kept with the archive so that a replay is the same."""
        return self._archive.ask(source, question, answer)

    def _live(self, place: Place, question: Question, reader: _Reader) -> dict[str, Any]:
        # Inside the archive's question, so that a replay fails where the scan did.
        if (expired := self._expired.get(place.account)) is not None:
            raise expired
        try:
            caller = Caller(place.account, place.region, self._accounts.keys(place))
            body = self._sender.send(caller, question.service, question.operation, reader.params())
            more = reader.took(body)
        except _FAULTS as error:
            raise self._noted(place, as_outcome(error, question.action, offered=question.offered)) from error
        except ApiError as error:
            raise self._noted(place, error) from error
        body.pop("ResponseMetadata", None)
        return {"body": self._redact(read(question.leave, body) if question.leave else body), "more": more}

    def _noted(self, place: Place, error: ApiError) -> ApiError:
        if error.expired:
            self._expired.setdefault(place.account, error)
        return error


class _Reader:
    """Reads a list on. Tokens stay here: they may hold what an archive must not."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._token: Any = None

    def params(self) -> dict[str, Any]:
        params = {**self._question.params, **self._question.moving}
        paging = api(self._question.service).paging(self._question.operation)
        if paging is not None and paging.limit and paging.limit not in params:
            params[paging.limit] = paging.size
        if paging is not None and self._token:
            params[paging.given] = self._token
        return params

    def took(self, body: Mapping[str, Any]) -> bool:
        """Whether there is more than this page.

        Raises:
            ApiError: The list leads back to a page that was read.
        """
        paging = api(self._question.service).paging(self._question.operation)
        if paging is None:
            return False
        token = read(paging.got, body) if paging.got else None
        if not token or (paging.more and not read(paging.more, body)):
            return False
        if token == self._token:
            raise ApiError(Outcome.FAILED, f"{self._question.action}: the list repeats a page; scan again")
        self._token = token
        return True


def _name(place: Place, question: Question, page: int) -> str:
    asked = [question.service, place.region, question.operation, dict(question.params), sorted(question.moving), page]
    return json.dumps(asked, sort_keys=True, default=str)
