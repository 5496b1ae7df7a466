"""What a refusal or a silence of AWS means for coverage, and how to mend it."""

from __future__ import annotations

from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
    SSLError,
    UnknownEndpointError,
    UnknownServiceError,
)
from botocore.model import OperationNotFoundError
from botocore.parsers import ResponseParserError

from connectors.api.errors import ApiError
from connectors.api.shapes import harmless
from connectors.aws.send import NoSuchHostError
from connectors.model import Outcome

_EXPIRED: Final = frozenset({
    "ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnrecognizedClientException", "InvalidClientTokenId",
    "InvalidAccessKeyId", "AuthFailure", "IncompleteSignature", "InvalidSignatureException", "SignatureDoesNotMatch",
    "MissingAuthenticationToken", "MissingAuthenticationTokenException", "InvalidToken",
})  # fmt: skip
"""Answers that say that the credentials, not the rights, are at fault."""

_DENIED: Final = frozenset({
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorizedException", "AuthorizationError",
    "AuthorizationErrorException", "ForbiddenException", "Forbidden", "UnauthorizedException", "AccessDeniedFault",
    "NotAuthorized", "OperationNotPermittedException",
})  # fmt: skip

_ABSENT: Final = frozenset({
    "UnknownOperationException", "UnknownOperation", "InvalidAction", "OptInRequired", "SubscriptionRequiredException",
    "UnsupportedOperationException", "UnsupportedOperation", "FeatureNotAvailableException", "NotImplemented",
    "AWSOrganizationsNotInUseException",
})  # fmt: skip
"""Answers that say that there is no such service for this account in this Region."""

_GONE: Final = frozenset(
    {"ResourceNotFoundException", "ResourceNotFound", "NotFoundException", "NotFound", "NoSuchEntity"}
)
"""Answers that say that what was asked about has gone since it was listed."""

_THROTTLED: Final = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded"})
_TOO_MANY: Final = 429
_FORBIDDEN: Final = 403
_BROKEN: Final = 500


def as_outcome(error: Exception, action: str, *, offered: bool = True) -> ApiError:
    """An error of botocore in the words of coverage.

    Args:
        error: What botocore raised.
        action: IAM action that the call needs.
        offered: Whether the Region is said to have the service, so that an endpoint that is not there is a fault.
    """
    if isinstance(error, ClientError):
        return _refusal(error, action)
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return ApiError(Outcome.FAILED, "there are no AWS credentials; sign in, or name a `profile`", expired=True)
    if isinstance(error, UnknownServiceError | OperationNotFoundError):
        return ApiError(Outcome.NOT_APPLICABLE, f"the installed botocore does not have {action}; update boto3")
    if isinstance(error, UnknownEndpointError):
        return ApiError(Outcome.NOT_APPLICABLE, "the service is not offered in this Region")
    return _silence(error, action, offered=offered)


def _refusal(error: ClientError, action: str) -> ApiError:
    code = harmless(str(error.response.get("Error", {}).get("Code", "")))[:80]
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    name = code.rpartition("#")[2].removesuffix("Fault")
    said = code or str(status)
    for there, outcome, reason in (
        (name in _EXPIRED, Outcome.FAILED, f"the credentials have expired or are not valid ({code}); sign in again"),
        (name in _DENIED, Outcome.DENIED, f"{action} is denied ({said}); allow it to the role of the scan"),
        (name in _ABSENT, Outcome.NOT_APPLICABLE, f"the service is not there for this account and Region ({code})"),
        (
            name in _GONE or name.endswith("NotFoundException"),
            Outcome.NOT_APPLICABLE,
            f"{action}: there is no such thing any more ({code})",
        ),
        (
            name in _THROTTLED,
            Outcome.FAILED,
            f"{action} was throttled for longer than the retries ({said}); scan again later",
        ),
        (
            status == _TOO_MANY,
            Outcome.FAILED,
            f"{action} was throttled for longer than the retries ({said}); scan again later",
        ),
        (status == _FORBIDDEN, Outcome.DENIED, f"{action} is denied ({said}); allow it to the role of the scan"),
        (status >= _BROKEN, Outcome.FAILED, f"{action}: the service failed ({said}); scan again"),
    ):
        if there:
            return ApiError(outcome, reason, expired=name in _EXPIRED)
    return ApiError(Outcome.FAILED, f"{action}: the service refused the question ({said})")


def _silence(error: Exception, action: str, *, offered: bool) -> ApiError:
    if isinstance(error, ResponseParserError):
        return ApiError(Outcome.FAILED, f"{action}: the answer cannot be read; scan again")
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError):
        return ApiError(Outcome.FAILED, f"{action}: no answer in time; scan again")
    if isinstance(error, SSLError):
        return ApiError(Outcome.FAILED, f"{action}: the certificate is not trusted; name a `ca_bundle`")
    if isinstance(error, EndpointConnectionError):
        if isinstance(error, NoSuchHostError) and not offered:
            return ApiError(Outcome.NOT_APPLICABLE, "the service has no endpoint in this Region")
        return ApiError(Outcome.FAILED, f"{action}: the endpoint cannot be reached; check the network")
    kind = type(error).__name__ if isinstance(error, BotoCoreError) else "fault"
    return ApiError(Outcome.FAILED, f"{action}: could not be asked ({kind}); scan again")
