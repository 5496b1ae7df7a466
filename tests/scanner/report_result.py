"""Scan results to render: one with every status, one that attacks whoever reads it, one that is large."""

from __future__ import annotations

from dataclasses import replace

from classifiers.model import Context, Finding, Role, Strength, SystemKind, Technique
from connectors.model import Coverage, Location, Observation, ObservationKind, Outcome
from inventory.denominator import CoveredPart, PartKind, Share
from inventory.model import AISystem
from inventory.scan import ScanInfo
from inventory.verdict import Reason, Status, SubjectKind, Suggestion, Verdict
from scanner.changes import ChangedFact, ChangedVerdict, Changes
from scanner.result import ScanResult

GEN, PRED, VISION, AGENT, RAG = (
    Technique.GENERATIVE,
    Technique.PREDICTIVE,
    Technique.VISION,
    Technique.AGENT,
    Technique.RETRIEVAL,
)
NAMES = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "aws-bedrock": "Amazon Bedrock",
    "azure-openai": "Azure OpenAI",
    "huggingface": "Hugging Face",
    "deepseek": "DeepSeek",
    "mistral": "Mistral AI",
    "github-copilot": "GitHub Copilot",
    "cursor": "Cursor",
}

# id suffix, name, repository, folder, kind, providers, models, techniques, owner
_SYSTEMS = (
    ("01", "support-bot", "acme/support", "services/bot", SystemKind.AI_SYSTEM, "openai", "gpt-4.1-mini", (GEN, RAG), "@acme/support"),
    ("02", "pricing-agent", "acme/pricing", "", SystemKind.AI_SYSTEM, "deepseek", "deepseek-chat", (GEN, AGENT), "@acme/pricing"),
    ("03", "cv-screening", "acme/people", "screening", SystemKind.AI_SYSTEM, "mistral", "mistral-large-2411", (GEN,), "@acme/people"),
    ("04", "legacy-ocr", "acme/scans", "", SystemKind.AI_SYSTEM, "", "", (VISION,), "@acme/scans"),
    ("05", "search-ranking", "acme/shop", "services/search", SystemKind.AI_SYSTEM, "huggingface", "BAAI/bge-m3", (RAG,), "@acme/shop"),
    ("06", "apac-chat", "acme-apac/chat", "", SystemKind.AI_SYSTEM, "azure-openai", "gpt-4o", (GEN,), ""),
    ("07", "invoice-reader", "acme/finance", "invoices", SystemKind.AI_SYSTEM, "anthropic openai", "claude-sonnet-4-5 gpt-4o", (GEN, VISION), "@acme/finance"),
    ("08", "churn-model", "acme/data", "churn", SystemKind.AI_SYSTEM, "", "", (PRED,), "@acme/data"),
    ("09", "contract-summaries", "acme/legal", "", SystemKind.AI_SYSTEM, "aws-bedrock", "anthropic.claude-3-5-sonnet-20241022-v2:0", (GEN,), "@acme/legal"),
    ("10", "demand-forecast", "acme/data", "forecast", SystemKind.AI_SYSTEM, "", "", (PRED,), "@acme/data"),
    ("11", "llm-gateway", "acme/platform", "gateway", SystemKind.AI_PLATFORM, "anthropic aws-bedrock openai", "claude-haiku-4-5 gpt-4.1", (GEN,), "@acme/platform"),
    ("12", "product-descriptions", "acme/shop", "services/copy", SystemKind.AI_SYSTEM, "openai", "gpt-4.1", (GEN,), "@acme/shop"),
    ("13", "helpdesk-suite", "acme/helpdesk", "", SystemKind.EMBEDDED_AI, "", "", (GEN,), "@acme/support"),
    ("14", "fonts-tool", "acme/fonts", "", SystemKind.AI_SYSTEM, "", "", (), ""),
    ("15", "notebooks", "acme/sandbox", "", SystemKind.CANDIDATE, "openai", "", (GEN,), ""),
    ("16", "tests of checkout", "acme/shop", "services/checkout", SystemKind.CANDIDATE, "", "", (), "@acme/shop"),
    ("17", "cursor", "", "", SystemKind.DEV_ASSISTANT, "cursor", "", (GEN,), ""),
    ("18", "github-copilot", "", "", SystemKind.DEV_ASSISTANT, "github-copilot", "", (GEN,), "@acme/platform"),
)  # fmt: skip


def rich_result() -> ScanResult:
    """An organisation whose verdicts show every status."""
    systems, findings = [], []
    for row in _SYSTEMS:
        found = _findings(*row)
        systems.append(_system(*row, found=found))
        findings += found
    return ScanResult(
        scan=_INFO,
        coverage=_COVERAGE,
        findings=tuple(sorted(findings, key=lambda finding: finding.id)),
        systems=tuple(systems),
        verdicts=tuple(sorted(_verdicts(systems), key=lambda one: (one.status.rank, one.subject_kind, one.subject))),
        names=NAMES,
        denominator=_DENOMINATOR,
        changes=_changes(systems),
    )


def undeclared_result() -> ScanResult:
    """The same estate scanned without a scope document and for the first time: what a newcomer sees."""
    rich = rich_result()
    return replace(rich, scan=replace(rich.scan, scope="", organisation=""), verdicts=(), denominator=(), changes=None)


def empty_result() -> ScanResult:
    """A scan of one repository without AI."""
    info = replace(_INFO, scope="", organisation="", sources=("repo:github.com/acme/fonts",))
    whole = Coverage("repo:github.com/acme/fonts", "", Outcome.COMPLETE, "", {"files": 12})
    return ScanResult(info, (whole,), (), (), ())


HOSTILE = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    '"><svg onload="document.title=\'owned\'">',
    "'-document.title='owned'-'",
    "</style><script>document.title='owned'</script>",
    "[click](javascript:alert(1))",
    "![pixel](https://evil.example/pixel.png)",
    "https://evil.example/visit www.evil.example",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x9b2J",
    "invoice\u202efdp.exe \u2066isolate\u2069 zero\u200bwidth",
    "=HYPERLINK(\"https://evil.example\",\"open\")",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "[bold red]rich[/bold red] [link=https://evil.example]x[/link]",
    "@acme/everyone fixes #1 | a | b | `tick` ```fence``` **bold** ~~gone~~ $x$",
    "first\n# second\r\n| --- |\n<!-- hidden",
    "undecodable \udcff\udc80 \ufffe \x00 null",
    "x" * 5000,
    "&lt;script&gt; &#60;b&#62;",
)  # fmt: skip
"""What a repository may say about itself to whoever reads the report."""


def hostile_result() -> ScanResult:
    """Every text that can come from a source is an attack."""
    rich = rich_result()
    attack = _Attacks()
    findings = tuple(
        replace(
            finding,
            name=attack(),
            model=attack(),
            snippet=attack(),
            location=Location(f"repo:{attack()}", attack(), 7),
        )
        for finding in rich.findings
    )
    systems = tuple(
        replace(system, name=attack(), owner=attack(), models=(attack(), attack()), anchors=(f"repo:{attack()}",),
                sources=(f"repo:{attack()}",), providers=(attack(),))
        for system in rich.systems
    )  # fmt: skip
    verdicts = tuple(
        replace(
            verdict,
            name=attack(),
            owner=attack(),
            entry=attack() if verdict.entry else "",
            reasons=tuple(replace(reason, text=attack()) for reason in verdict.reasons),
            suggestion=Suggestion("in", attack()) if verdict.suggestion else None,
            questions=(attack(), attack()),
        )
        for verdict in rich.verdicts
    )
    subject = Verdict("sys-$(reboot)'; `x` <b>", SubjectKind.SYSTEM, attack(), Status.UNDECLARED,
                      (Reason(Status.UNDECLARED, attack()),), suggestion=Suggestion("in", attack()))  # fmt: skip
    return replace(
        rich,
        scan=replace(rich.scan, organisation=attack(), sources=tuple(f"repo:{attack()}" for _ in HOSTILE)),
        findings=findings,
        systems=systems,
        verdicts=(subject, *verdicts),
        coverage=tuple(Coverage(f"repo:{attack()}", attack(), Outcome.FAILED, attack()) for _ in HOSTILE),
        denominator=tuple(CoveredPart(PartKind.REPOSITORY, attack(), Share.PARTLY, (attack(),), (attack(),)) for _ in HOSTILE),
        changes=replace(
            _changes(rich.systems),
            new=systems,
            facts=tuple(ChangedFact("x", attack(), "models", (attack(),), (attack(),)) for _ in HOSTILE),
        ),
    )  # fmt: skip


def large_result(systems: int = 1000, findings: int = 20_000) -> ScanResult:
    """An estate of a thousand systems, most of which nobody has decided about."""
    rich = rich_result()
    model = rich.systems[0]
    some = rich.findings[0]
    found = [
        replace(some, id=f"f{number:06}", name=f"package-{number % 40}", snippet="client.responses.create(" + "model=…, " * 12,
                location=Location(model.sources[0], f"services/team-{number % systems}/deeply/nested/module_{number}.py", number % 900 + 1))
        for number in range(findings)
    ]  # fmt: skip
    share = findings // systems
    made = [
        replace(model, id=f"sys-{number:012x}", name=f"system-{number}", findings=tuple(one.id for one in found[number * share:(number + 1) * share]))
        for number in range(systems)
    ]  # fmt: skip
    verdicts = tuple(
        Verdict(system.id, SubjectKind.SYSTEM, system.name, Status.UNDECLARED if number % 4 else Status.IN_SCOPE,
                (Reason(Status.UNDECLARED if number % 4 else Status.IN_SCOPE, "No entry of the scope document binds it."),),
                suggestion=Suggestion("in", "AI is used in production."), questions=("Does it process personal data?",))
        for number, system in enumerate(made)
    )  # fmt: skip
    return replace(rich, findings=tuple(found), systems=tuple(made), verdicts=verdicts, changes=None)


class _Attacks:
    """The hostile texts, round and round."""

    def __init__(self) -> None:
        self._next = 0

    def __call__(self) -> str:
        self._next += 1
        return HOSTILE[self._next % len(HOSTILE)]


_INFO = ScanInfo(
    id="scan-4f2a9c01d7e3b865",
    started="2025-11-03T02:00:00Z",
    finished="2025-11-03T02:01:41Z",
    version="0.1.0",
    catalog="9d1f0c6b7a52e8340bd1",
    scope="c40e77a1f2b95d6630aa",
    organisation="Acme Retail",
    sources=tuple(sorted({f"repo:github.com/{row[2]}" for row in _SYSTEMS if row[2]} | {"repo:github.com/acme/archive"})),
)  # fmt: skip

_COVERAGE = (
    *(
        Coverage(source, "", Outcome.COMPLETE, "", {"files": 120 + 37 * number, "binary": number})
        for number, source in enumerate(_INFO.sources)
        if source not in {"repo:github.com/acme/archive", "repo:github.com/acme/data"}
    ),
    Coverage("repo:github.com/acme/archive", "", Outcome.FAILED, "git could not clone it: authentication failed; check the deploy key"),
    Coverage("repo:github.com/acme/data", "", Outcome.PARTIAL, "2 of 410 files or folders were not fully read", {"files": 410}),
    Coverage("repo:github.com/acme/data", "churn/export.yaml", Outcome.PARTIAL, "nested deeper than 100 levels; only its text was searched"),
    Coverage("repo:github.com/acme/data", "private", Outcome.DENIED, "permission denied; give the scanner permission to read it"),
    Coverage("repo:github.com/acme/shop", "dumps/catalogue.sql", Outcome.SKIPPED, "larger than 5 MiB; only its head was read"),
)  # fmt: skip

_DENOMINATOR = (
    CoveredPart(PartKind.BOUNDARY, "acme-apac", Share.NO_SOURCE, (), ("no source is configured for account:aws:333344445555",)),
    CoveredPart(PartKind.BOUNDARY, "acme-data", Share.PARTLY, ("repo:github.com/acme/data",),
                ("private of repo:github.com/acme/data was denied (permission denied)",)),
    CoveredPart(PartKind.BOUNDARY, "acme-retail-eu", Share.COVERED, ("repo:github.com/acme/shop", "repo:github.com/acme/support")),
    CoveredPart(PartKind.ACCOUNT, "account:aws:333344445555", Share.NO_SOURCE, (), ("no source is configured for account:aws:333344445555",)),
    CoveredPart(PartKind.REPOSITORY, "repo:github.com/acme-apac/chat", Share.COVERED, ("repo:github.com/acme-apac/chat",)),
    CoveredPart(PartKind.REPOSITORY, "repo:github.com/acme/*", Share.PARTLY, _INFO.sources[:-1], ("repo:github.com/acme/archive was not read",)),
)  # fmt: skip


def _system(
    suffix: str,
    name: str,
    repository: str,
    folder: str,
    kind: SystemKind,
    providers: str,
    models: str,
    techniques: tuple[Technique, ...],
    owner: str,
    found: list[Finding],
) -> AISystem:
    source = f"repo:github.com/{repository}"
    shared = ("repo:github.com/acme/pricing", "repo:github.com/acme/shop", "repo:github.com/acme/support", source)
    assistant = kind is SystemKind.DEV_ASSISTANT
    return AISystem(
        id=f"sys-5c0ffee0{suffix}aa",
        anchors=(f"assistant:{name}",) if assistant else (f"{source}#{folder}" if folder else source,),
        name=name,
        kind=kind,
        sources=tuple(sorted(shared[:3])) if assistant else (source,),
        findings=tuple(finding.id for finding in found),
        techniques=tuple(sorted(techniques)),
        providers=tuple(providers.split()),
        models=tuple(models.split()),
        owner=owner,
        first_seen="2025-10-27T02:00:00Z",
        last_seen="2025-11-03T02:00:00Z",
    )


def _findings(
    suffix: str, name: str, repository: str, folder: str, kind: SystemKind, providers: str, models: str, *_: object
) -> list[Finding]:
    base = f"{folder}/" if folder else ""
    found = []
    hint = kind is SystemKind.CANDIDATE
    for provider in providers.split() or ["torch"]:
        found += [
            (Role.SDK, provider, f"{base}pyproject.toml", 14, Strength.HINT, f'"{provider}>=1.40"', Context.PRODUCTION),
            (Role.SDK, provider, f"{base}src/client.py", 3, Strength.HINT if hint else Strength.CAPABILITY,
             f"from {provider.replace('-', '_')} import Client", Context.EXAMPLE if hint else Context.PRODUCTION),
        ]  # fmt: skip
    for model in models.split():
        found.append((Role.MODEL, model, f"{base}src/client.py", 41, Strength.CAPABILITY,
                      f'client.responses.create(model="{model}", instructions="…", input="…")', Context.PRODUCTION))  # fmt: skip
    if suffix == "01":
        found.append((Role.IMAGE, "acme/support-bot", f"{base}deploy/k8s.yaml", 22, Strength.ENABLED,
                      "image: registry.acme.example/support-bot:2.3", Context.PRODUCTION))  # fmt: skip
        found += [(Role.ENDPOINT, "api.openai.com", f"{base}tests/test_{n}.py", n, Strength.CAPABILITY,
                   'requests.post("https://api.openai.com/…")', Context.TEST) for n in range(1, 40)]  # fmt: skip
    return [_finding(f"{suffix}-{number:02}", f"repo:github.com/{repository or 'acme/shop'}", *row)
            for number, row in enumerate(found)]  # fmt: skip


def _finding(
    suffix: str, source: str, role: Role, name: str, path: str, line: int, strength: Strength, snippet: str, context: Context
) -> Finding:  # fmt: skip
    place = Location(source, path, line)
    return Finding(
        id=f"fnd-{suffix}",
        role=role,
        name=name,
        location=place,
        context=context,
        strength=strength,
        confidence=0.9,
        rule=f"{name}/import",
        observation=Observation(ObservationKind.LITERAL, name, place, occurrences=2 if role is Role.MODEL else 1),
        model=name if role is Role.MODEL else "",
        snippet=snippet,
    )


_DAYS = "The review of entry `{}` was due on 2025-10-01."
_OPEN = ("Does it process personal data?", "How far does it act without a person?", "Who meets its output?")


def _verdicts(systems: list[AISystem]) -> list[Verdict]:
    by_name = {system.name: system for system in systems}

    def on(name: str, status: Status, text: str, decision: str = "", because: str = "", *, entry: str = "",
           questions: tuple[str, ...] = (), also: tuple[Reason, ...] = (), findings: tuple[str, ...] = (), counted: bool = True) -> Verdict:  # fmt: skip
        system = by_name[name]
        return Verdict(
            subject=system.id, subject_kind=SubjectKind.SYSTEM, name=name, status=status,
            reasons=(Reason(status, text, "", findings), *also), counted=counted, entry=entry,
            suggestion=Suggestion(decision, because) if decision else None, owner=system.owner, questions=questions,
        )  # fmt: skip

    declared = Reason(
        Status.EXCLUDED, "Entry `support-bot` declares it excluded. A pilot of three people without customers."
    )
    undeclared = "No entry of the scope document binds it, and nobody has decided about it."
    return [
        on("support-bot", Status.EXCLUSION_CONTRADICTED,
           "Entry `support-bot`: deployed is true, and the condition says that it is false.",
           "in", "The exclusion rests on a condition that no longer holds.", entry="support-bot",
           questions=_OPEN, also=(declared,), findings=("fnd-01-03",)),
        on("pricing-agent", Status.POLICY_BROKEN, "The policy forbids provider DeepSeek: data would leave the EEA.",
           "remove", "The policy forbids it; otherwise it needs an exception in the policy.", entry="pricing-agent"),
        on("cv-screening", Status.ATTESTATION_CONTRADICTED,
           "attestations/people.yaml line 4: providers is azure-openai, but mistral is observed.",
           "attest", "What was attested is not what is seen: attest it anew, or decide.", entry="cv-screening"),
        on("legacy-ocr", Status.STILL_RUNNING, "Entry `legacy-ocr` declares it decommissioned, and it is seen in repo:github.com/acme/scans.",
           "remove", "It was declared to be gone; if it is to stay, decide so.", entry="legacy-ocr"),
        on("search-ranking", Status.AMBIGUOUS, "More than one entry binds it: `search`, `shop-services`.",
           "bind", "Only one decision can hold: bind it by one entry, or decide anew."),
        on("apac-chat", Status.OUTSIDE_BOUNDARY, "Its entity is Acme APAC (tag), and no boundary of the scope names that.",
           "declare_boundary", "Name its part of the organisation as a boundary, or decide about it.", questions=_OPEN),
        on("invoice-reader", Status.UNDECLARED, undeclared, "in",
           "AI is used in production; what is left out of the scope needs a justification.", questions=_OPEN),
        on("llm-gateway", Status.UNDECLARED, undeclared, "in", "Platforms are in scope by our own rule. (rules[0])",
           questions=("Is it what entry `gateway` (LLM gateway) declares? Then add `repo:github.com/acme/platform#gateway` to its `bind`.",)),
        on("churn-model", Status.CHANGED, "regions was eu-central-1 in the decision of Ana Silva, 2025-06-02, and is now eu-central-1, us-east-1.",
           "reassess", "The decision was made on other facts.", entry="churn", questions=_OPEN[1:],
           also=(Reason(Status.IN_SCOPE, "Entry `churn` declares it in scope."),)),
        Verdict("route-planner", SubjectKind.ENTRY, "Route planner", Status.NOT_OBSERVED,
                (Reason(Status.NOT_OBSERVED, "Entry `route-planner` is in scope, every source that would show it was fully covered, and it is not there."),),
                entry="route-planner", suggestion=Suggestion("decommissioned", "Nothing shows it any more, and everything was looked at."),
                owner="logistics@acme.example"),
        Verdict("payroll-checks", SubjectKind.ENTRY, "Payroll checks", Status.UNBOUND,
                (Reason(Status.UNBOUND, "Entry `payroll-checks` has no `bind`: nothing can show whether it is there."),),
                entry="payroll-checks", suggestion=Suggestion("bind", "Name the anchors of the system, as `aimscope explain` shows them.")),
        on("contract-summaries", Status.UNRECORDED, "Entry `contracts` says in_scope: no decision in the ledger carries it.",
           "adopt", "Record who decided it: `aimscope decide --adopt`.", entry="contracts"),
        Verdict("document", SubjectKind.DOCUMENT, "Scope of Acme Retail", Status.REVIEW_DUE,
                (Reason(Status.REVIEW_DUE, "The review of the scope document was due on 2025-10-31."),),
                suggestion=Suggestion("review", "Confirm what was decided, or decide anew."), owner="Ana Silva"),
        on("demand-forecast", Status.UNVERIFIED, "Entry `forecast`: personal_data is not known; an attestation or a tag has to say it.",
           "attest", "No scan can see it: somebody has to attest it, or a tag to say it.", entry="forecast"),
        on("helpdesk-suite", Status.DEFERRED, "Deferred until 2025-12-01 (Ana Silva, 2025-11-01): contract talks are under way."),
        on("fonts-tool", Status.DISMISSED, "It was decided `not-ai` (Ana Silva, 2025-09-12): glyph embedding, no model."),
        on("product-descriptions", Status.IN_SCOPE, "Entry `copy` declares it in scope.", entry="copy"),
        Verdict("store-cameras", SubjectKind.ENTRY, "Store cameras", Status.EXCLUDED,
                (Reason(Status.EXCLUDED, "Entry `store-cameras` declares it excluded. Run by the landlord."),), entry="store-cameras"),
        on("notebooks", Status.UNDECLARED, undeclared, "look", "Only hints, tests, examples or documents speak for it.", counted=False),
        on("tests of checkout", Status.UNDECLARED, undeclared, "look", "Only hints, tests, examples or documents speak for it.", counted=False),
        on("cursor", Status.UNDECLARED, undeclared, "in", "An assistant is used here; one decision covers it in the whole organisation.", counted=False),
        on("github-copilot", Status.IN_SCOPE, "Entry `copilot` declares it in scope.", entry="copilot", counted=False),
    ]  # fmt: skip


def _changes(systems: list[AISystem] | tuple[AISystem, ...]) -> Changes:
    by_name = {system.name: system for system in systems}
    gone = replace(by_name["product-descriptions"], id="sys-gone00000001", name="route-planner")
    churn = by_name["churn-model"]
    return Changes(
        scan="scan-0b77aa1290fe31cc",
        since="2025-10-27T02:00:00Z",
        new=(by_name["invoice-reader"], by_name["cursor"]),
        gone=(gone,),
        unseen=(replace(gone, id="sys-gone00000002", name="archive-tagger"),),
        facts=(
            ChangedFact(churn.id, churn.name, "regions", ("eu-central-1",), ("eu-central-1", "us-east-1")),
            ChangedFact(churn.id, churn.name, "personal_data", None, True),
        ),
        raised=(
            ChangedVerdict(by_name["support-bot"].id, "support-bot", Status.EXCLUDED, Status.EXCLUSION_CONTRADICTED),
            ChangedVerdict(by_name["invoice-reader"].id, "invoice-reader", None, Status.UNDECLARED),
        ),
        settled=(
            ChangedVerdict(by_name["product-descriptions"].id, "product-descriptions", Status.CHANGED, Status.IN_SCOPE),
        ),
    )
