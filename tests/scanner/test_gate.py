"""A gate tells what a change adds or alters, judged by what governs the base, and nothing that stood there before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from classifiers.model import SystemKind
from scanner.demo import ROOT
from scanner.gating import surroundings
from scanner.run import run
from scanner.workspace import SourceSpec, Workspace
from tests.scanner.change import CHAT, SCOPE, Repository, project, shop


@pytest.fixture
def change(tmp_path: Path) -> Repository:
    return shop(tmp_path / "shop")


# ---- What is told, and what is not ----------------------------------------------------------------------------------


def test_a_change_without_ai_says_so_and_passes(change: Repository) -> None:
    change.write("services/billing/main.py", "total = 2\n")
    change.commit()
    ended = change.gate(form="terminal")
    assert ended.code == 0
    assert "1 file differs from main" in ended.said
    assert "nothing of AI is added or altered" in ended.said


def test_a_system_that_nobody_declared_asks_for_a_decision(change: Repository) -> None:
    change.write("services/billing/main.py", "import cohere\n\ncohere.Client()\n")
    change.commit()
    ended = change.gate()
    assert ended.code == 1
    assert ended.verdicts == {"billing": "undeclared"}
    assert ended.systems == {"billing"}
    assert ended.findings == {("services/billing/main.py", "cohere")}
    assert change.gate("--fail-on", "contradictions").code == 0
    assert change.gate("--fail-on", "none").code == 0


def test_uncommitted_and_untracked_changes_count(change: Repository) -> None:
    change.write("services/billing/main.py", "import cohere\n")
    change.write("services/billing/more.py", "import anthropic\n")
    assert change.gate().findings == {("services/billing/main.py", "cohere"), ("services/billing/more.py", "anthropic")}


def test_without_a_scope_document_findings_are_told_and_nothing_is_asked(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "shop")
    repository.write("main.py", "x = 1\n")
    repository.commit()
    repository.branch()
    repository.write("main.py", "import openai\n")
    ended = repository.gate()
    assert (ended.code, ended.verdicts, ended.findings) == (0, {}, {("main.py", "openai")})


def test_more_of_what_the_system_uses_is_a_place_and_no_news(change: Repository) -> None:
    change.write("services/chat/second.py", "from openai import OpenAI\n")
    change.commit()
    ended = change.gate()
    assert (ended.code, ended.systems) == (0, set())
    assert [one["known"] for one in ended.report["gate"]["findings"]] == [True]
    said = change.gate(form="terminal").said
    assert "1 further place of what its system used before" in said
    assert "second.py" not in said


def test_another_model_is_told_with_the_one_before_it_and_asks_for_reassessment(change: Repository) -> None:
    change.write("services/chat/chat.py", CHAT.replace("gpt-4.1-mini", "gpt-4.1"))
    change.commit()
    ended = change.gate()
    assert (ended.code, ended.verdicts) == (1, {"chat": "changed"})
    (found,) = ended.report["gate"]["findings"]
    assert found["was"] == {"name": "gpt-4.1-mini"}
    assert "models was gpt-4.1-mini in the baseline, and is now gpt-4.1" in ended.said


def test_of_what_only_hints_the_findings_are_told(change: Repository) -> None:
    change.write("services/billing/tests/test_main.py", "import cohere\n")
    change.commit()
    ended = change.gate("--count-candidates")
    assert (ended.code, ended.verdicts, ended.systems) == (0, {}, set())
    assert ended.findings == {("services/billing/tests/test_main.py", "cohere")}


def test_a_removed_system_in_scope_is_told_as_gone(change: Repository) -> None:
    change.git("rm", "-rq", "services/chat")
    change.commit()
    assert change.gate().verdicts == {"chat": "not_observed"}


def test_what_only_moves_within_its_system_is_no_news(change: Repository) -> None:
    change.git("mv", "services/chat/chat.py", "services/chat/talk.py")
    change.commit()
    ended = change.gate()
    assert (ended.code, ended.findings) == (0, set())


def test_code_that_moves_from_tests_to_what_runs_is_told(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.write("services/billing/tests/fake.py", CHAT)
    change.commit()
    change.git("checkout", "-q", "-B", "change", "main")
    change.git("mv", "services/billing/tests/fake.py", "services/billing/real.py")
    change.commit()
    ended = change.gate()
    assert (ended.code, ended.verdicts) == (1, {"billing": "undeclared"})
    assert {one["was"]["context"] for one in ended.report["gate"]["findings"]} == {"test"}
    assert ended.report["gate"]["systems"][0]["was"] == "candidate"
    assert "Its setting was test" in change.gate(form="terminal").said


def test_a_folder_of_a_checkout_is_gated_alone(change: Repository) -> None:
    change.write("services/billing/main.py", "import cohere\n")
    change.write("services/chat/more.py", "import mistralai\n")
    change.commit()
    assert change.gate(path=change.root / "services/billing").findings == {("services/billing/main.py", "cohere")}
    assert change.gate(path=change.root / "lab").findings == set()


# ---- Verdicts -------------------------------------------------------------------------------------------------------


def test_a_forbidden_provider_is_a_contradiction(change: Repository) -> None:
    change.write("services/chat/more.py", 'URL = "https://api.deepseek.com/v1/chat"\n')
    change.commit()
    ended = change.gate("--fail-on", "contradictions")
    assert (ended.code, ended.verdicts) == (1, {"chat": "policy_broken"})


def test_what_was_forbidden_before_the_change_is_not_the_changes_doing(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.write("services/chat/more.py", 'URL = "https://api.deepseek.com/v1/chat"\n')
    change.commit()
    change.git("checkout", "-q", "-B", "change", "main")
    change.write("services/chat/more.py", 'URL = "https://api.deepseek.com/v1/chat"\nTRIES = 3\n')
    change.commit()
    ended = change.gate()
    assert (ended.code, ended.verdicts, ended.findings) == (0, {}, set())


def test_deploying_what_was_excluded_contradicts_the_exclusion(change: Repository) -> None:
    change.write("lab/Dockerfile", "FROM python\n")
    change.commit()
    ended = change.gate("--fail-on", "contradictions")
    assert (ended.code, ended.verdicts, ended.findings) == (1, {"lab": "exclusion_contradicted"}, set())


def test_an_overdue_review_is_no_changes_doing(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.write(
        "aims-scope.yaml", SCOPE.replace("status: in_scope\n", "status: in_scope\n    review_due: 2020-01-01\n")
    )
    change.commit()
    change.git("checkout", "-q", "-B", "change", "main")
    change.write("services/chat/chat.py", CHAT + "x = 1\n")
    change.commit()
    assert change.gate().code == 0


# ---- What governs ---------------------------------------------------------------------------------------------------


def test_a_change_cannot_exclude_itself(change: Repository) -> None:
    change.write("services/billing/main.py", "import cohere\n")
    entry = "  - id: billing\n    status: excluded\n    bind: repo:github.com/acme/shop#services/billing\n    justification: x\n"
    change.write("aims-scope.yaml", SCOPE.replace("policy:", f"{entry}policy:"))
    change.commit()
    ended = change.gate()
    assert (ended.code, ended.verdicts) == (1, {"billing": "undeclared"})
    assert ended.report["gate"]["documents"] == ["aims-scope.yaml"]
    assert "needs a review of its own" in change.gate(form="markdown").said


def test_a_change_of_the_scope_document_alone_is_told_and_fails_nothing(change: Repository) -> None:
    change.write("aims-scope.yaml", SCOPE + "# a word\n")
    ended = change.gate()
    assert (ended.code, ended.report["gate"]["documents"]) == (0, ["aims-scope.yaml"])


def test_a_change_cannot_bring_settings_or_rows_of_its_own(change: Repository) -> None:
    change.write("aimscope.yaml", "catalog: [rows.yaml]\nscope: nowhere.yaml\n")
    change.write("rows.yaml", "not rows")
    change.write("services/billing/main.py", "import cohere\n")
    change.commit()
    ended = change.gate()
    assert (ended.code, ended.verdicts) == (1, {"billing": "undeclared"})
    assert ended.report["gate"]["documents"] == ["aimscope.yaml"]


def test_a_decision_that_the_base_took_since_the_change_began_counts(change: Repository) -> None:
    change.write("services/billing/main.py", "import cohere\n")
    change.commit()
    change.git("checkout", "-q", "main")
    entry = "  - id: billing\n    status: in_scope\n    bind: repo:github.com/acme/shop#services/billing\n"
    change.write("aims-scope.yaml", SCOPE.replace("policy:", f"{entry}policy:"))
    change.commit()
    change.git("checkout", "-q", "change")
    assert change.gate().code == 0


def test_a_scope_document_outside_the_checkout_is_read_as_it_is(change: Repository, tmp_path: Path) -> None:
    scope = tmp_path / "governance" / "aims-scope.yaml"
    scope.parent.mkdir()
    scope.write_text(SCOPE.replace("deepseek", "openai"))
    change.write("services/billing/main.py", "import openai\n")
    assert change.gate("--scope", str(scope)).verdicts == {"billing": "policy_broken"}


def test_a_scope_document_that_the_base_lacks_does_not_count(change: Repository) -> None:
    change.write("other.yaml", SCOPE)
    change.commit()
    ended = change.gate("--scope", str(change.root / "other.yaml"))
    assert ended.code == 2
    assert "main has no other.yaml" in ended.said


def test_a_link_in_the_checkout_leads_to_no_other_document(change: Repository, tmp_path: Path) -> None:
    (tmp_path / "evil").mkdir()
    (tmp_path / "evil/aims-scope.yaml").write_text("entries: []\n")
    (change.root / "governance").symlink_to(tmp_path / "evil")
    change.commit()
    ended = change.gate("--scope", str(change.root / "governance/aims-scope.yaml"))
    assert ended.code == 2
    assert "main has no governance/aims-scope.yaml" in ended.said


def test_settings_of_the_base_name_what_governs(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.git("mv", "aims-scope.yaml", "policy.yaml")
    change.write("aimscope.yaml", "scope: policy.yaml\nsources:\n  - {path: ., id: github.com/acme/shop}\n")
    change.git("remote", "set-url", "origin", "https://elsewhere.example/fork.git")
    change.commit()
    change.git("checkout", "-q", "-B", "change", "main")
    change.write("lab/Dockerfile", "FROM python\n")
    assert change.gate().verdicts == {"lab": "exclusion_contradicted"}


def test_a_fault_in_the_bases_document_is_named_by_the_base(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.write("aims-scope.yaml", "entries:\n  - id: chat\n    status: sometimes\n")
    change.commit()
    ended = change.gate()
    assert ended.code == 2
    assert ended.said.startswith("main:aims-scope.yaml:3:")


# ---- What of the whole repository is needed -------------------------------------------------------------------------


def test_a_module_of_the_repository_is_not_the_package_of_its_name(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.write("services/billing/cohere.py", "x = 1\n")
    change.commit()
    change.git("checkout", "-q", "-B", "change", "main")
    change.write("services/billing/main.py", "import cohere\n")
    change.commit()
    assert change.gate().findings == set()


def test_taking_such_a_module_away_makes_the_import_one_of_the_package(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.write("services/billing/cohere.py", "x = 1\n")
    change.write("services/billing/main.py", "import cohere\n")
    change.commit()
    change.git("checkout", "-q", "-B", "change", "main")
    change.git("rm", "-q", "services/billing/cohere.py")
    change.commit()
    assert change.gate().findings == {("services/billing/main.py", "cohere")}


def test_a_weak_name_has_the_company_of_manifests_anywhere(change: Repository) -> None:
    change.write("services/billing/main.py", "import rasa\n")
    change.commit()
    assert change.gate().findings == set()
    change.git("checkout", "-q", "main")
    change.write("other/pyproject.toml", project("other", "rasa"))
    change.commit()
    change.git("rebase", "-q", "main", "change")
    assert ("services/billing/main.py", "rasa") in change.gate().findings


def test_an_assistant_that_the_repository_had_is_not_new(change: Repository) -> None:
    change.write("CLAUDE.md", "Be brief.\n")
    change.commit()
    assert change.gate().systems == {"Claude Code configuration"}
    change.git("branch", "-f", "main", "change")
    change.write("services/billing/CLAUDE.md", "Be brief.\n")
    ended = change.gate()
    assert (ended.systems, ended.verdicts) == (set(), {})


def test_what_a_part_of_a_system_names_counts_for_the_system(change: Repository) -> None:
    change.write("services/chat/prompts/package.json", '{"name": "prompts"}')
    change.write("services/chat/prompts/settings.yaml", "model: deepseek-chat\n")
    change.commit()
    assert change.gate().verdicts == {"chat": "policy_broken"}


def test_a_system_too_large_to_be_read_is_said_to_be(change: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    real = surroundings.surroundings
    monkeypatch.setattr("scanner.gate.surroundings", lambda *given: real(*given, most=0))
    change.write("services/chat/second.py", "from openai import OpenAI\n")
    change.commit()
    ended = change.gate()
    (left_out,) = ended.report["coverage"]
    assert (left_out["outcome"], left_out["counts"]) == ("skipped", {"files": 1})


@pytest.mark.parametrize("name", ["platform", "support-assistant", "shop-web", "warehouse"])
def test_a_change_that_brings_everything_is_told_as_a_scan_tells_it(tmp_path: Path, name: str) -> None:
    repository = Repository(tmp_path / name)
    repository.write("LICENSE", "none")
    repository.commit()
    repository.branch()
    shutil.copytree(ROOT / "examples/acme/repositories" / name, repository.root, dirs_exist_ok=True)
    told = repository.gate()
    scanned = run(Workspace(sources=(SourceSpec(str(repository.root)),)))
    assert {one["id"] for one in told.report["gate"]["findings"]} == {one.id for one in scanned.findings}
    systems = {one.id for one in scanned.systems if one.kind is not SystemKind.CANDIDATE}
    assert {one["id"] for one in told.report["gate"]["systems"]} == systems
    assert {one["id"]: one["facts"].keys() for one in told.report["systems"]} == {
        one.id: one.facts.keys() for one in scanned.systems
    }


# ---- Coverage -------------------------------------------------------------------------------------------------------


def test_a_file_of_the_change_that_cannot_be_read_makes_it_incomplete(change: Repository) -> None:
    change.write("services/billing/pyproject.toml", "[project\n")
    change.commit()
    assert change.gate().code == 3
    change.write("services/billing/main.py", "import cohere\n")
    assert change.gate().code == 4


def test_a_fault_that_stood_there_before_does_not(change: Repository) -> None:
    change.git("checkout", "-q", "main")
    change.write("services/billing/pyproject.toml", "[project\n")
    change.commit()
    change.git("checkout", "-q", "-B", "change", "main")
    change.write("services/billing/main.py", "total = 2\n")
    change.commit()
    assert change.gate().code == 0
