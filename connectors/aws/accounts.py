"""The accounts of an estate and the credentials for each, which renew themselves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

import botocore.session
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from connectors.api.errors import ApiError
from connectors.aws.outcomes import as_outcome
from connectors.aws.send import Caller
from connectors.model import Outcome

if TYPE_CHECKING:
    from connectors.aws.place import Place
    from connectors.aws.send import Keys, Sender
    from connectors.aws.target import Target

_DEFAULT_HOME: Final = "us-east-1"
_SESSION_NAME: Final = "aimscope"


class Accounts:
    """Credentials by account. The caller's own account is asked with the caller's credentials, every other by role.

    Attributes:
        home: Region in which accounts are asked for.
    """

    def __init__(self, target: Target, sender: Sender) -> None:
        self._target = target
        self._sender = sender
        self._lock = threading.RLock()
        self._own: Keys | None = None
        self._assumed: dict[str, Keys] = {}
        self.home = target.home
        self.caller = ""

    def sign_in(self) -> str:
        """Finds the caller's credentials and the Region in which accounts are asked for, without asking anybody.

        Raises:
            ApiError: There are no credentials.
        """
        with self._lock:
            if self._own is not None:
                return self.home
            try:
                session = botocore.session.Session(profile=self._target.profile or None)
                self.home = self.home or session.get_config_variable("region") or _DEFAULT_HOME
                self._own = session.get_credentials()
                if self._own is None:
                    raise NoCredentialsError
            except BotoCoreError as error:
                raise as_outcome(error, "sts:GetCallerIdentity") from error
            return self.home

    def keys(self, place: Place) -> Keys:
        """The credentials for a place.

        Raises:
            ApiError: There are none, or the role cannot be assumed.
        """
        self.sign_in()
        assert self._own is not None  # noqa: S101 - signing in raises else
        if place.account in {"", self.caller} or not self._target.role:
            return self._own
        with self._lock:
            kept = self._assumed.get(place.account)
            if kept is None:
                kept = self._assumed[place.account] = self._role_keys(place)
        return kept

    def _role_keys(self, place: Place) -> Keys:
        role = f"arn:{place.partition}:iam::{place.account}:role/{self._target.role}"

        def refresh() -> dict[str, Any]:
            return self._assume(role)

        return DeferredRefreshableCredentials(refresh_using=refresh, method="assume-role")

    def _assume(self, role: str) -> dict[str, Any]:
        assert self._own is not None  # noqa: S101 - signing in raises else
        params = {"RoleArn": role, "RoleSessionName": _SESSION_NAME}
        if self._target.external_id:
            params["ExternalId"] = self._target.external_id
        caller = Caller(self.caller, self.home, self._own)
        try:
            given = self._sender.send(caller, "sts", "AssumeRole", params)["Credentials"]
        except (ClientError, BotoCoreError) as error:
            raise _cannot_assume(role, as_outcome(error, "sts:AssumeRole")) from error
        return {
            "access_key": given["AccessKeyId"],
            "secret_key": given["SecretAccessKey"],
            "token": given["SessionToken"],
            "expiry_time": given["Expiration"],
        }


def _cannot_assume(role: str, error: ApiError) -> ApiError:
    reason = f"the role {role} cannot be assumed: {error.reason}; check its trust policy, name and external id"
    return ApiError(Outcome.DENIED if error.outcome is Outcome.DENIED else error.outcome, reason, expired=True)
