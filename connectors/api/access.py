"""How git proves to a code host who asks. Secrets are named, never held."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass
from typing import Final

from connectors.api.secrets import from_command, from_environment

_printed: Final[dict[tuple[str, ...], str]] = {}
"""What commands printed: asked once a process, and again where it was refused."""
_printing: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Access:
    """The token that clones what a code host lists, and whom git trusts.

    Attributes:
        user: User name that the host wants beside a token, as `x-access-token`.
        token_env: Environment variable with the token.
        token_command: Program and arguments that print the token.
        ca_bundle: File of certificates to trust instead of the usual.
    """

    user: str = "git"
    token_env: str = ""
    token_command: tuple[str, ...] = ()
    ca_bundle: str = ""

    def authorization(self) -> str:
        """The value of the header that proves who asks; empty where no token is named.

        Raises:
            ApiError: A token is named and not there.
        """
        if self.token_env:
            token = from_environment(self.token_env)
        elif self.token_command:
            with _printing:
                if self.token_command not in _printed:
                    _printed[self.token_command] = from_command(self.token_command)
                token = _printed[self.token_command]
        else:
            return ""
        return "Basic " + base64.b64encode(f"{self.user}:{token}".encode()).decode()

    def renewed(self, refused: str) -> bool:
        """Forgets a token that was refused; whether there may now be another.

        Args:
            refused: The header with which it was refused.
        """
        if self.token_env or not self.token_command or self.authorization() != refused:
            return bool(self.token_command and not self.token_env)
        with _printing:
            _printed.pop(self.token_command, None)
        return True


NOBODY: Final = Access()
"""Who clones what is public, or what git itself knows credentials for."""
