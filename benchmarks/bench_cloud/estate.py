"""A made-up organisation that mostly does nothing with AI, and its answers, prepared as bytes.

Answers come from the fake of the tests, valid under botocore's own service models, made once for each question and then
told to every account and Region under its own ids, so that answering costs next to nothing beside asking.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.connectors.aws.estate import CLIENTS
from tests.connectors.aws.fake_aws import PLUMBING, Answers, Asked, Estate, model, models

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tests.connectors.aws.fake_aws import Models

REGIONS: Final = (
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-south-1", "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3", "ap-southeast-1", "ap-southeast-2", "ca-central-1", "eu-central-1", "eu-west-1", "eu-west-2",
    "eu-west-3", "eu-north-1", "sa-east-1",
)  # fmt: skip
"""The Regions that every account has, unless it turns them off."""

BILLED: Final = {
    "bedrock": "Amazon Bedrock", "sagemaker": "Amazon SageMaker", "lex": "Amazon Lex", "kendra": "Amazon Kendra",
    "qbusiness": "Amazon Q Business", "rekognition": "Amazon Rekognition", "textract": "Amazon Textract",
    "comprehend": "Amazon Comprehend", "translate": "Amazon Translate", "polly": "Amazon Polly",
    "transcribe": "Amazon Transcribe", "personalize": "Amazon Personalize", "forecast": "Amazon Forecast",
    "frauddetector": "Amazon Fraud Detector",
}  # fmt: skip
"""The beginning of the names of services in botocore, to their name on the bill."""

CALLER: Final = "111111111111"
LIKE: Final = "us-east-1"
"""All answers are made for the caller in this Region, and rewritten for the others."""

_ORIGIN: Final = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")
_PAGE: Final = 100
_SERVICE_IN: Final = 5
_MOST: Final = 15


def accounts(number: int) -> dict[str, str]:
    """Accounts of the organisation, by id, with their names; the caller's is the first."""
    return {str(int(CALLER) + at): f"account {at}" for at in range(number)}


def _draw(*of: str) -> int:
    return int.from_bytes(hashlib.sha256("/".join(of).encode()).digest()[:4], "big")


def lively_regions(account: str) -> frozenset[str]:
    """The one to three Regions in which an account has AI; one account in two has none. The caller's always has."""
    if account != CALLER and _draw(account) % 2:
        return frozenset()
    return frozenset(REGIONS[_draw(account, str(at)) % len(REGIONS)] for at in range(1 + _draw(account, "Regions") % 3))


def lively(account: str, region: str, service: str) -> bool:
    """Whether an account has anything in a service: one in five services of its lively Regions."""
    return region in lively_regions(account) and _draw(account, region, service) % _SERVICE_IN == 0


def _count(asked: Asked) -> int:
    """How many things a list holds: a few, half of the lists of a service none; what hangs on a thing comes once."""
    if asked.params and any(not name.lower().startswith(("max", "next")) for name in asked.params):
        return 1
    draw = _draw(asked.service, asked.operation)
    return draw % _MOST if draw % 2 else 0


def _refusal(service: str, code: str) -> bytes:
    if model(service).resolved_protocol in {"query", "ec2"}:
        return f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>".encode()
    return json.dumps({"__type": code, "message": "no"}).encode()


def _bill(ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What Cost Explorer says: every account pays for something, and for those AI services that it uses and that have a name."""
    paid = {"UnblendedCost": {"Amount": "12.5", "Unit": "USD"}, "UsageQuantity": {"Amount": "1", "Unit": "N/A"}}
    for account in ids:
        yield {"Keys": ["AmazonCloudWatch", account], "Metrics": paid}
        for start, name in BILLED.items():
            used = (
                lively(account, region, service)
                for service in CLIENTS
                if service.startswith(start)
                for region in lively_regions(account)
            )
            if any(used):
                yield {"Keys": [name, account], "Metrics": paid}


@dataclass(slots=True)
class _Prepared:
    """Answers to one question: where there is something, and where there is nothing."""

    service: str
    operation: str
    full: bytes
    empty: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A request, as far as faults look at it; `body` names the role of sts:AssumeRole."""

    account: str
    region: str
    service: str
    body: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong: a refusal with a status and an error code, or silence where the status is 0."""

    when: Callable[[Request], bool]
    status: int = 0
    code: str = ""


class _Told(Answers):
    """The fake of the tests, and a bill."""

    def __init__(self, estate: Estate, known: Models, bill: list[dict[str, Any]]) -> None:
        super().__init__(estate, known)
        self._bill = bill

    def _ce_GetCostAndUsage(self, _asked: Asked) -> dict[str, Any]:  # noqa: N802 - the fake finds it by this name
        return {"ResultsByTime": [{"Groups": self._bill}]}


class Organisation:
    """Answers for all accounts. Safe in any number of threads.

    Args:
        number: How many accounts there are.
        fault: What goes wrong, if anything does.

    Attributes:
        asked: Requests, by service and operation.
        busy: Processor seconds that answering took.
    """

    def __init__(self, number: int, fault: Fault | None = None) -> None:
        known = models(tuple(dict.fromkeys((*CLIENTS, *PLUMBING))))
        told = {"caller": CALLER, "accounts": accounts(number), "regions": REGIONS, "page": _PAGE}
        bill = list(_bill(accounts(number)))
        self._full = _Told(Estate(**told, count=_count), known, bill)  # type: ignore[arg-type]  # told holds what Estate takes
        self._empty = _Told(Estate(**told, count=lambda _asked: 0), known, bill)  # type: ignore[arg-type]  # told holds what Estate takes
        self._fault = fault
        self._prepared: dict[tuple[str, ...], _Prepared] = {}
        self._lively: dict[tuple[str, str, str], bool] = {}
        self._lock = threading.RLock()
        self.asked: Counter[tuple[str, str]] = Counter()
        self.busy = 0.0

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> bytes | None:
        """The whole answer."""
        begun = time.thread_time()
        found = _ORIGIN.search(headers["authorization"])
        assert found is not None
        key, region, signing = found.groups()
        account = key[4:] if key.startswith("ASIA") else CALLER
        asks = body.decode()
        if account != CALLER:
            target, asks = target.replace(account, CALLER), asks.replace(account, CALLER)
        if region != LIKE:
            target, asks = target.replace(region, LIKE), asks.replace(region, LIKE)
        question = signing, method, target, headers.get("x-amz-target", ""), asks
        prepared = self._prepared.get(question) or self._prepare(question, headers)
        if (wrong := self._fault) and wrong.when(Request(account, region, prepared.service, body.decode())):
            status, text = wrong.status, _refusal(prepared.service, wrong.code)
        else:
            status, text = 200, self._text(account, region, prepared)
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {len(text)}\r\n\r\n"
        with self._lock:
            self.asked[prepared.service, prepared.operation] += 1
            self.busy += time.thread_time() - begun
        return head.encode() + text if status else None

    def _text(self, account: str, region: str, prepared: _Prepared) -> bytes:
        place = account, region, prepared.service
        there = self._lively.get(place)
        if there is None:
            there = self._lively[place] = lively(*place)
        text = prepared.full if there else prepared.empty
        if account != CALLER:
            text = text.replace(CALLER.encode(), account.encode())
        return text.replace(LIKE.encode(), region.encode()) if region != LIKE else text

    def _prepare(self, question: tuple[str, ...], headers: Mapping[str, str]) -> _Prepared:
        signing, method, target, _, asks = question
        signed = {**headers, "authorization": f"Credential=AKIAEXAMPLE/20261123/{LIKE}/{signing}/aws4_request"}
        with self._lock:
            asked, _, full, _ = self._full.to(method, target, signed, asks.encode())
            _, _, empty, _ = self._empty.to(method, target, signed, asks.encode())
            if asked is None:
                raise LookupError(f"{method} {target} is no operation that is served")
            made = _Prepared(asked.service, asked.operation, full, empty)
            self._prepared[question] = made
        return made
