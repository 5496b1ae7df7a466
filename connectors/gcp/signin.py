"""Signing in: Application Default Credentials, or a file that an environment variable names, or a role to act in."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Final

from connectors.api.errors import ApiError
from connectors.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.gcp.target import Target

_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)
_MEND: Final = "run `gcloud auth application-default login`, or set `credentials`"


class SignIn:
    """Credentials, found when they are first needed and shared by all clients.

    Args:
        target: What the user set.
        credentials: Instead of those that would be found.
    """

    def __init__(self, target: Target, credentials: Any = None) -> None:
        self._target = target
        self._lock = threading.Lock()
        self._found: tuple[Any, str] | None = (credentials, "") if credentials is not None else None

    def credentials(self) -> Any:
        """Credentials of google-auth.

        Raises:
            ApiError: There are none.
        """
        return self._find()[0]

    def project(self) -> str:
        """Id of the project that the credentials belong to, or the empty string.

        Raises:
            ApiError: There are no credentials.
        """
        return self._find()[1]

    def headers(self, _host: str) -> Mapping[str, str]:
        """Headers of a REST request.

        Raises:
            ApiError: There are no credentials, or they have run out.
        """
        credentials = self.credentials()
        with self._lock:
            headers = self._refreshed(credentials)
        quota = self._target.quota_project or getattr(credentials, "quota_project_id", None)
        return headers | ({"x-goog-user-project": quota} if quota else {})

    @staticmethod
    def _refreshed(credentials: Any) -> dict[str, str]:
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request

        headers: dict[str, str] = {}
        try:
            credentials.before_request(Request(), "GET", "", headers)
        except GoogleAuthError as error:
            raise expired() from error
        return headers

    def _find(self) -> tuple[Any, str]:
        with self._lock:
            if self._found is None:
                self._found = self._load()
            return self._found

    def _load(self) -> tuple[Any, str]:
        try:
            import google.auth
            from google.auth import impersonated_credentials
            from google.auth.exceptions import GoogleAuthError
        except ImportError as error:
            raise ApiError(
                Outcome.FAILED, "Google Cloud needs a part that is not installed: pip install 'aimscope[gcp]'"
            ) from error
        try:
            if self._target.credentials:
                found, project = _from_file(os.environ.get(self._target.credentials, ""))
            else:
                found, project = google.auth.default(scopes=_SCOPES)
            if self._target.impersonate:
                found = impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]  # the library has no types
                    found, self._target.impersonate, list(_SCOPES)
                )
        except (GoogleAuthError, OSError, ValueError) as error:
            raise ApiError(
                Outcome.DENIED, f"no credentials for Google Cloud were found; {_MEND}", expired=True
            ) from error
        return found, project or ""


def _from_file(file: str) -> tuple[Any, str | None]:
    """Credentials of a file that the user names: a service account's key, or workload identity federation."""
    import warnings

    import google.auth

    with warnings.catch_warnings():
        # It warns of files from strangers; this one the user has named.
        warnings.simplefilter("ignore", DeprecationWarning)
        return google.auth.load_credentials_from_file(file, scopes=_SCOPES)  # type: ignore[no-untyped-call, no-any-return]  # the library has no types


def expired() -> ApiError:
    """What it means that credentials are not accepted."""
    return ApiError(Outcome.DENIED, f"the credentials are not accepted or have expired; {_MEND}", expired=True)
