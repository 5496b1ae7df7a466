"""The declared scope as people write it in `aims-scope.yaml`: the whole grammar."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from inventory.decision import Answer
from inventory.fact_values import FactName, WrittenValue, fact_value, texts
from inventory.facts import FactType, definition
from inventory.model import FactValue
from inventory.scope.context import Context, InterestedParty, Interface
from inventory.scope.op import Op
from inventory.scope.review import Review
from inventory.validation import Day, Strict, Text, Texts, listed


class EntryStatus(StrEnum):
    """What an entry declares of the systems that it binds."""

    IN_SCOPE = "in_scope"
    EXCLUDED = "excluded"
    DECOMMISSIONED = "decommissioned"
    REJECTED = "rejected"
    NOT_AI = "not_ai"

    @property
    def answer(self) -> Answer:
        """The decision that this status records."""
        return _ANSWERS[self]

    @property
    def expects_to_be_seen(self) -> bool:
        """Whether it is news when no source shows the system."""
        return self is EntryStatus.IN_SCOPE


_ANSWERS = {
    EntryStatus.IN_SCOPE: Answer.IN,
    EntryStatus.EXCLUDED: Answer.OUT,
    EntryStatus.DECOMMISSIONED: Answer.DECOMMISSIONED,
    EntryStatus.REJECTED: Answer.REJECTED,
    EntryStatus.NOT_AI: Answer.NOT_AI,
}


class OrganisationRole(StrEnum):
    """The organisation's part in a system."""

    DEVELOPS = "develops"
    PROVIDES = "provides"
    DEPLOYS = "deploys"
    USES = "uses"


def _identifier(value: str) -> str:
    if any(character.isspace() for character in value):
        raise ValueError(f"the id `{value}` has a space in it. Write `{'-'.join(value.split())}`")
    return value


def _binding(value: str) -> str:
    beginning, wildcard, _ = value.partition("*")
    if wildcard and ":" not in beginning and "/" not in beginning:
        raise ValueError(
            f"`{value}` would bind by name, and names never confer status. "
            "Begin with an anchor, as `repo:github.com/acme/*`"
        )
    return value


Id = Annotated[Text, AfterValidator(_identifier)]
"""How other parts of the document, the ledger and the reports name this part."""

Bindings = Annotated[
    tuple[Annotated[Text, AfterValidator(_binding)], ...],
    BeforeValidator(listed, json_schema_input_type=Text | list[Text]),
]


class Head(Strict):
    """Who declares the scope, who approved it and until when it holds.

    Attributes:
        version: Version of the declared scope.
        organisation: Whose scope it is.
        statement: The scope in words, as clause 4.3 wants it available.
        context: Internal and external issues that bear on it.
        interested_parties: Whom its AI systems concern, and what they require.
        activities: What the organisation does with AI systems inside the scope, over their life cycle, one each.
        interfaces: Interfaces with what is outside the scope, and dependencies on it.
        owner: Who keeps it.
        sponsor: Who in top management answers for it.
        approved_by: Who approved this version.
        approved_on: When.
        review_due: Day by which it is reviewed; a year after the approval where none is named.
        requires_approval: Statuses that hold only when a second identity has approved them.
        ledger_head: Heads of the decision ledger when this version was approved, to find a ledger that was cut off.
    """

    version: Text | None = None
    organisation: Text | None = None
    statement: Text | None = None
    context: Context = Context()
    interested_parties: tuple[InterestedParty, ...] = ()
    activities: Texts = ()
    interfaces: tuple[Interface, ...] = ()
    owner: Text | None = None
    sponsor: Text | None = None
    approved_by: Text | None = None
    approved_on: Day | None = None
    review_due: Day | None = None
    requires_approval: tuple[EntryStatus, ...] = ()
    ledger_head: Texts = ()


class Match(Strict):
    """What belongs to a boundary. Each line adds to it; `*` stands for any run of characters.

    Attributes:
        accounts: Cloud accounts, as `aws:123456789012` or the number alone.
        repositories: Repositories or parts of them, as `github.com/acme/*` or `github.com/acme/shop#services/*`.
        tenants: Tenants of a product, as `okta:acme`.
        tags: Tags; a system belongs when it carries all of them, each with one of the values.
    """

    accounts: Texts = ()
    repositories: Texts = ()
    tenants: Texts = ()
    tags: dict[Text, Texts] = Field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing is named."""
        return not (self.accounts or self.repositories or self.tenants or self.tags)


class Boundary(Strict):
    """A part of the organisation that the scope names.

    Without `match` it takes the systems whose entity, unit and geography are known to be those that it names.

    Attributes:
        id: Unique among boundaries.
        entity: Legal entity.
        unit: Organisational unit.
        geography: Countries or areas.
        match: What belongs to it.
    """

    id: Id
    entity: Text | None = None
    unit: Text | None = None
    geography: Texts = ()
    match: Match = Match()


class Condition(Strict):
    """Something that must stay true of a system for its decision to hold.

    Attributes:
        fact: Name of a fact, or `tag:<key>`.
        op: How the fact is held against the value.
        value: A value, or a list for `only`, `any_of` and `none_of`; none for `exists` and `absent`. In texts `*`
            stands for any run of characters, and case does not matter.
    """

    fact: FactName
    op: Op
    value: Annotated[FactValue | None, BeforeValidator(lambda v: v, json_schema_input_type=WrittenValue)] = None

    @model_validator(mode="before")
    @classmethod
    def _read_value(cls, data: Any) -> Any:
        """Reads the value in the type that the fact and the operation ask for."""
        if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in ("fact", "op")):
            return data
        if data["op"] not in set(Op):
            return data
        row, op, written = definition(data["fact"]), Op(data["op"]), data.get("value")
        if row is None:
            return data
        if row.type not in op.types:
            names = ", ".join(other for other in Op if row.type in other.types)
            raise ValueError(f"`{op}` does not fit `{row.name}`, which is a {row.type}. Use one of {names}")
        if not op.takes_value:
            if written is not None:
                raise ValueError(f"`{op}` takes no value. Remove `value`")
            return data
        if written is None:
            raise ValueError(f"`{op}` needs a value. Add `value: …`")
        value = texts(row, written) if op.takes_list else fact_value(row, written)
        return {**data, "value": value}


class Entry(Strict):
    """What the organisation declares about one system, or about all that a pattern names.

    Attributes:
        id: Unique among entries.
        name: What people call it; the id where none is given.
        status: What is declared.
        owner: Who answers for it.
        purpose: What it is used for, in a sentence.
        role: The organisation's part in it.
        bind: Anchors of the systems that it is about, or patterns of them. A name binds nothing.
        justification: Why; an exclusion needs one.
        conditions: What must stay true for the declaration to hold.
        baseline: Facts as they were when it was decided; a difference asks for a re-assessment. It proves nothing.
        review_due: Day by which it is reviewed.
    """

    id: Id
    name: Text | None = None
    status: EntryStatus
    owner: Text | None = None
    purpose: Text | None = None
    role: OrganisationRole | None = None
    bind: Bindings = ()
    justification: Text | None = None
    conditions: tuple[Condition, ...] = ()
    baseline: Annotated[
        dict[FactName, FactValue],
        BeforeValidator(lambda value: value, json_schema_input_type=dict[str, WrittenValue]),
    ] = Field(default_factory=dict)
    review_due: Day | None = None

    @field_validator("baseline", mode="before")
    @classmethod
    def _read_baseline(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        rows = {name: definition(name) for name in value}
        return {name: fact_value(row, value[name]) if row else value[name] for name, row in rows.items()}

    @model_validator(mode="after")
    def _an_exclusion_is_justified(self) -> Self:
        if self.status is EntryStatus.EXCLUDED and not self.justification:
            raise ValueError("an exclusion needs a justification. Add `justification: …`")
        return self

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or self.id


def _conditions_of_when(value: object) -> object:
    """Reads `{environment: production, users: {at_least: 10}}` as a list of conditions."""
    if not isinstance(value, dict):
        return value
    conditions = []
    for fact, test in value.items():
        row = definition(fact)
        plain = Op.EQUALS if row and row.type in {FactType.BOOLEAN, FactType.NUMBER} else Op.ANY_OF
        tests = test if isinstance(test, dict) else {plain.value: test}
        for op, expected in tests.items():
            takes_value = op not in set(Op) or Op(op).takes_value
            conditions.append({"fact": fact, "op": op, "value": expected if takes_value else None})
    return conditions


class Rule(Strict):
    """A standing rule: what to suggest for a system that nobody has decided about. It decides nothing.

    Attributes:
        when: Facts that must hold, all of them: `fact: value`, `fact: [one, of, these]` or `fact: {operation: value}`.
        suggest: The status to suggest.
        because: Why.
    """

    when: Annotated[
        tuple[Condition, ...],
        BeforeValidator(
            _conditions_of_when, json_schema_input_type=dict[str, WrittenValue | dict[Op, WrittenValue | None]]
        ),
        Field(min_length=1),
    ]
    suggest: EntryStatus
    because: Text


class PolicyTarget(Strict):
    """What a policy is about; `*` stands for any run of characters, and case does not matter."""

    provider: Texts = ()
    model: Texts = ()
    feature: Texts = ()
    use: Texts = ()

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.provider or self.model or self.feature or self.use):
            raise ValueError("nothing is named. Add `provider`, `model`, `feature` or `use`")
        return self


class Policy(Strict):
    """What may not be used.

    `forbid` forbids what it names. `allow` makes an exception where something is forbidden; where nothing of that sort
    is forbidden, it means that only what it names may be used.

    Attributes:
        forbid: What is forbidden.
        allow: What is allowed.
        boundary: Id of the boundary where it holds; everywhere where none is named.
        because: Why.
    """

    forbid: PolicyTarget | None = None
    allow: PolicyTarget | None = None
    boundary: Text | None = Field(default=None, alias="in")
    because: Text

    @model_validator(mode="after")
    def _forbids_or_allows(self) -> Self:
        if (self.forbid is None) == (self.allow is None):
            raise ValueError(
                "a policy either forbids or allows. Write one of `forbid` and `allow`, and split the other off"
            )
        return self


class Record(Strict):
    """Evidence that is kept elsewhere.

    Attributes:
        component: What it is about: an entry, a boundary, or a part of the management system.
        kind: What sort of evidence: policy, impact_assessment, risk_assessment, …
        title: Its title.
        reference: Where it is.
        approved_by: Who approved it.
        date: When it was made.
        next_due: Day by which it is renewed.
    """

    component: Text | None = None
    kind: Text | None = None
    title: Text
    reference: Text | None = None
    approved_by: Text | None = None
    date: Day | None = None
    next_due: Day | None = None


class ScopeDocument(Strict):
    """The declared scope of the AI management system (ISO/IEC 42001, clause 4.3)."""

    document: Head = Head()
    review: Review = Review()
    boundaries: tuple[Boundary, ...] = ()
    entries: tuple[Entry, ...] = ()
    rules: tuple[Rule, ...] = ()
    policy: tuple[Policy, ...] = ()
    records: tuple[Record, ...] = ()


def scope_hash(document: ScopeDocument) -> str:
    """The SHA-256 of what is declared: comments, order of keys and layout do not change it."""
    content = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
