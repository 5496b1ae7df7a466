"""How a vendor is asked, as its file says it: address, ways to sign in, paging, and what its errors mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from connectors.saas.expressions import compiled

if TYPE_CHECKING:
    from typing import Self

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]


def _jmespath(path: str) -> str:
    if path:
        compiled(path)
    return path


class Strict(BaseModel):
    """A part of a vendor's file: whatever it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenAuth(Strict):
    """A token, API key or admin key in a header.

    Attributes:
        style: `token`.
        name: What `auth` of a target may call it.
        header: The header.
        prefix: What stands before the token, with its space: `SSWS `.
        git_user: User name that git sends beside the same token, where the vendor is a code host.
    """

    style: Literal["token"]
    name: str = "token"
    header: Text = "Authorization"
    prefix: str = "Bearer "
    git_user: str = ""


class BasicAuth(Strict):
    """A user name, and a password or API token.

    Attributes:
        style: `basic`.
        name: What `auth` of a target may call it.
        user: What is sent as the user name.
        git_user: User name that git sends beside the same token, where the vendor is a code host.
    """

    style: Literal["basic"]
    name: str = "basic"
    user: str = "{username}"
    git_user: str = ""


class ClientAuth(Strict):
    """OAuth 2 with the client's own credentials (RFC 6749, 4.4).

    Attributes:
        style: `client_credentials`, or `private_key_jwt` where a signed assertion stands for the secret (RFC 7523, 2.2).
        name: What `auth` of a target may call it.
        token_url: Where tokens are given.
        scope: What is asked for; `{needs}` stands for what the rows of an area need.
        form: Further fields of the request, or other values of the usual ones.
        sent_in: Where the client proves itself.
    """

    style: Literal["client_credentials", "private_key_jwt"]
    name: str = "client_credentials"
    token_url: Url
    scope: str = ""
    form: dict[Text, str] = Field(default_factory=dict)
    sent_in: Literal["body", "header"] = "body"


class ServiceAccountAuth(Strict):
    """A service account that signs for itself, and for a person where domain-wide delegation allows it (RFC 7523, 2.1).

    Attributes:
        style: `service_account`.
        name: What `auth` of a target may call it.
        token_url: Where tokens are given.
        scope_prefix: What stands before what rows need, to make a scope of it.
    """

    style: Literal["service_account"]
    name: str = "service_account"
    token_url: Url
    scope_prefix: str = ""


class NoAuth(Strict):
    """Nothing proves who asks: a server of one's own without keys.

    Attributes:
        style: `none`.
        name: What `auth` of a target calls it; it is never chosen otherwise.
    """

    style: Literal["none"]
    name: str = "none"


Auth = Annotated[TokenAuth | BasicAuth | ClientAuth | ServiceAccountAuth | NoAuth, Field(discriminator="style")]


class Paging(Strict):
    """How a list goes on.

    Attributes:
        style: `none`; `link`, a `Link` header; `next`, an address in the body; `cursor`, a value in the body that a
            parameter takes; `offset`, a number of items; `page`, a number of pages.
        at: Where the address or cursor stands.
        more: What must hold for there to be more, where the cursor alone does not tell.
        param: Parameter that takes the cursor, offset or page number.
        start: Number of the first page.
        size_param: Parameter that takes the size of a page.
        size: Items a page.
    """

    style: Literal["none", "link", "next", "cursor", "offset", "page"] = "none"
    at: str = ""
    more: str = ""
    param: str = ""
    start: int = 1
    size_param: str = ""
    size: int = Field(default=0, ge=0)

    _paths = field_validator("at", "more")(_jmespath)

    @model_validator(mode="after")
    def _says_all_that_its_style_needs(self) -> Self:
        if self.style in {"next", "cursor"} and not self.at:
            raise ValueError(f"paging `{self.style}` needs `at`")
        if self.style in {"cursor", "offset", "page"} and not self.param:
            raise ValueError(f"paging `{self.style}` needs `param`")
        if bool(self.size_param) != bool(self.size):
            raise ValueError("`size_param` and `size` go together")
        return self


class Errors(Strict):
    """What the vendor's errors mean, and which answers are errors that look like success.

    Attributes:
        when: What holds of an answer that looks like success and is none; without it, there are no such answers.
        code: Where its code stands; its message is never read.
        denied: Codes that mean a permission is missing; of an answer without a code, its HTTP status.
        expired: Codes that mean the credentials are not accepted.
        absent: Codes that mean the tenant lacks what was asked for.
    """

    when: str = ""
    code: str = ""
    denied: tuple[Text, ...] = ()
    expired: tuple[Text, ...] = ()
    absent: tuple[Text, ...] = ()

    _paths = field_validator("when", "code")(_jmespath)


class Api(Strict):
    """A vendor's API.

    Attributes:
        base_url: Its address, as `https://{tenant}.okta.com`.
        auth: Ways to sign in, the first that the given credentials fit is taken.
        paging: How lists go on where a row says nothing else.
        headers: Headers of every request, as a version.
        errors: What its errors mean.
        per_host: Requests in flight at once that the vendor bears.
        parameters: What else a user must know, by the name that placeholders use, and what it is.
        defaults: Values of parameters that most users need not set.
        setup: How an administrator makes the credentials, in a sentence or two.
    """

    base_url: Url
    auth: tuple[Auth, ...] = Field(min_length=1)
    paging: Paging = Paging()
    headers: dict[Text, Text] = Field(default_factory=dict)
    errors: Errors = Errors()
    per_host: int = Field(default=8, ge=1)
    parameters: dict[Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")], Text] = Field(default_factory=dict)
    defaults: dict[str, str] = Field(default_factory=dict)
    setup: str = ""

    @model_validator(mode="after")
    def _defaults_are_of_parameters(self) -> Self:
        if odd := sorted(set(self.defaults) - set(self.parameters)):
            raise ValueError(f"`defaults` of what is no parameter: {', '.join(odd)}")
        return self
