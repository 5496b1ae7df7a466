"""What every connector that asks over a network offers: how it is made, the least that it needs, what it may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

from connectors.api.signals import Signals
from connectors.api.task import Connector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from connectors.api.archive import Archive
    from connectors.api.policy import Policy
    from connectors.api.redact import Redactor

Check: TypeAlias = tuple[str, bool | None, str]
"""What was checked, whether it is allowed or cannot be told, and the mend."""

Documents: TypeAlias = tuple[tuple[str, str], ...]
"""File names and texts of policies or roles."""

Target_contra = TypeVar("Target_contra", contravariant=True)
Service_contra = TypeVar("Service_contra", contravariant=True)


class Engine(Connector, Protocol):
    """A connector that can also say what it may ask."""

    def doctor(self) -> Iterator[Check]:
        """What the present credentials can ask."""


class Make(Protocol[Target_contra, Service_contra]):
    """Makes an engine."""

    def __call__(
        self,
        target: Target_contra,
        services: Sequence[Service_contra],
        policy: Policy,
        archive: Archive,
        redact: Redactor,
        signals: Signals,
        /,
    ) -> Engine:
        """See `Plugin.connect`."""


@dataclass(frozen=True, slots=True)
class Plugin(Generic[Target_contra, Service_contra]):
    """One connector. Its engine, and the SDK with it, is imported when it is first asked for, not with the package.

    Attributes:
        engine: Gives what makes the engine.
        least: Gives what writes down the least that rows need.
    """

    engine: Callable[[], Make[Target_contra, Service_contra]]
    least: Callable[[], Callable[[Sequence[Service_contra], Target_contra | None], Documents]]

    def connect(
        self,
        target: Target_contra,
        services: Sequence[Service_contra],
        policy: Policy,
        archive: Archive,
        redact: Redactor,
        signals: Signals | None = None,
    ) -> Connector:
        """The connector of an estate.

        Args:
            target: What the user set.
            services: Services of the knowledge base.
            policy: Bounds and manners.
            archive: Where answers are kept, or come from.
            redact: Redacts answers.
            signals: What tells a workload that is wanted from the many that are not; without it, only those count that
                give themselves away by what they ask for.

        Raises:
            ValueError: A row of a service is wrong.
        """
        return self.engine()(target, services, policy, archive, redact, signals or Signals())

    def permissions(self, services: Sequence[Service_contra], target: Target_contra | None = None) -> Documents:
        """The least that the rows need.

        Raises:
            ValueError: A row of a service is wrong.
        """
        return self.least()(services, target)

    def doctor(
        self,
        target: Target_contra,
        services: Sequence[Service_contra],
        policy: Policy,
        archive: Archive,
        redact: Redactor,
    ) -> Iterator[Check]:
        """What the present credentials can ask.

        Raises:
            ValueError: A row of a service is wrong.
        """
        return self.engine()(target, services, policy, archive, redact, Signals()).doctor()
