"""The setting in which a path stands: production, development, test, example or docs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from classifiers.model import Context

_FOLDERS: Final = {
    **dict.fromkeys(
        (
            "test", "tests", "testing", "__tests__", "spec", "specs", "e2e", "integration_tests", "integration-tests",
            "unit_tests", "unittests", "fixtures", "__fixtures__", "testdata", "test-data", "test_data", "mock", "mocks",
            "__mocks__", "cypress", "playwright", "androidtest", "smoke-tests", "testutil", "testutils", "stubs",
        ),
        Context.TEST,
    ),
    **dict.fromkeys(
        (
            "example", "examples", "sample", "samples", "demo", "demos", "cookbook", "cookbooks", "tutorial",
            "tutorials", "quickstart", "quickstarts", "playground", "playgrounds", "recipes", "starter", "starters",
        ),
        Context.EXAMPLE,
    ),
    **dict.fromkeys(
        ("doc", "docs", "documentation", "docs_src", "doc_src", "website", "storybook", ".storybook", "changelog", "changelogs"),
        Context.DOCS,
    ),
    **dict.fromkeys(
        (
            "scripts", "script", "tools", "tooling", "hack", "dev", "devtools", "benchmark", "benchmarks", "bench",
            "ci", ".github", ".gitlab", ".circleci", ".buildkite", ".devcontainer", ".vscode", "contrib", "evals",
        ),
        Context.DEVELOPMENT,
    ),
}  # fmt: skip

_FILES: Final = (
    (re.compile(r"(^test_.*|.*_test|^conftest|^tests?)\.(py|go|rb|exs?|dart|c|cc|cpp|rs)$"), Context.TEST),
    (re.compile(r".*[._-](test|tests|spec|e2e|stories|mock|mocks)\.[cm]?[jt]sx?$"), Context.TEST),
    (re.compile(r".*(Tests?|TestCase|Spec|IT)\.(java|kt|scala|cs|php|swift)$"), Context.TEST),
    (re.compile(r".*_spec\.rb$"), Context.TEST),
    (re.compile(r"^(requirements|constraints)[-_.](dev|test|tests|testing|lint|docs|ci).*\.(txt|in)$"), Context.DEVELOPMENT),
    (re.compile(r"^(dev|test|tests|lint|docs|ci)[-_.]requirements.*\.(txt|in)$"), Context.DEVELOPMENT),
    (re.compile(r"^(noxfile|tasks|fabfile|setup|dodo)\.py$"), Context.DEVELOPMENT),
    (re.compile(r"^(docker-)?compose[._-](dev|test|ci|local|override)\.ya?ml$"), Context.DEVELOPMENT),
    (re.compile(r"^(examples?|demo|sample)([._-].*)?\.\w+$"), Context.EXAMPLE),
)  # fmt: skip

_TEST_PIPELINE: Final = re.compile(r"(?:.*[-_.])?(?:tests?|e2e)(?:[-_.].*)?\.ya?ml$")
"""A pipeline of a CI folder that only tests, by its name."""

_JVM_PACKAGES: Final = re.compile(r"(\bsrc/\w+/(?:java|kotlin|scala|groovy))/.*")


@lru_cache(maxsize=16384)
def of_path(path: str) -> Context:
    """The context of a file by its path: its folders, else the file's own name."""
    folder, _, name = path.rpartition("/")
    context = of_folder(folder)
    if context is Context.DEVELOPMENT and folder.endswith("workflows") and _TEST_PIPELINE.match(name):
        return Context.TEST
    if context is not Context.PRODUCTION:
        return context
    return next((context for pattern, context in _FILES if pattern.match(name)), Context.PRODUCTION)


@lru_cache(maxsize=16384)
def of_folder(folder: str) -> Context:
    """The context of a folder: tests win over examples, examples over docs, docs over development.

    Below `src/main/java` and its like, folders are parts of package names (`org/example/app`) and tell nothing.
    """
    lowered = _JVM_PACKAGES.sub(r"\1", folder.lower())
    contexts = {_FOLDERS[part] for part in lowered.split("/") if part in _FOLDERS}
    for context in (Context.TEST, Context.EXAMPLE, Context.DOCS, Context.DEVELOPMENT):
        if context in contexts:
            return context
    return Context.PRODUCTION
