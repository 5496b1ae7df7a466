from __future__ import annotations

import json

from tests.scanner.estate import Estate


def test_it_tells_the_whole_chain(scanned: Estate) -> None:
    system = scanned.id_of()
    scanned("decide", system, "in", "--because", "It answers customers.", "--condition", "providers only openai")
    told = scanned("explain", system)
    assert told.code == 0
    headings = [line for line in told.out.splitlines() if line and not line.startswith(" ")]
    assert headings == [
        "Verdict",
        f"chat is {system}",
        "Why it counts as: AI system",
        "What makes it one system",
        "Facts",
        "Declared",
        "Decided",
    ]
    evidence = told.out.partition("Why it counts as")[2].partition("What makes")[0].splitlines()
    assert "SDK openai at github.com/acme/shop services/chat/chat.py:1 [openai/import]" in evidence[1]
    assert evidence[1].strip().startswith("shows the capability: ")
    assert evidence[-3].strip().startswith("only a hint: ")
    assert "the manifest of chat marks it as a sub-project" in told.out
    assert "models: gpt-4.1-mini (observed: github.com/acme/shop services/chat/chat.py:4)" in told.out
    assert "not known: regions, environment" in told.out
    assert "condition holds: providers only openai" in told.out
    assert "approved in by Ann Lee <ann@example.org> (asserted)" in told.out
    assert "[in force]" in told.out


def test_json_tells_the_same_in_the_words_of_the_report(scanned: Estate) -> None:
    system = scanned.id_of()
    scanned("decide", system, "in", "--condition", "providers none_of openai")
    told = json.loads(scanned("explain", system, "--format", "json").out)
    assert [one["id"] for one in told["systems"]] == [system]
    assert told["findings"][0]["strength"] == "capability"
    assert told["verdicts"][0]["status"] == "changed"
    (condition,) = told["entries"][0]["conditions"]
    assert condition["outcome"] == "broken"
    assert set(condition["findings"]) <= {finding["id"] for finding in told["findings"]}
    assert (told["decisions"][0]["answer"], told["decisions"][0]["stands"]) == ("in", "in force")


def test_a_system_is_named_by_id_beginning_anchor_or_entry_and_never_by_name(scanned: Estate) -> None:
    system = scanned.id_of()
    scanned("decide", system, "in", "--entry", "", "--because", "Ours.")
    anchor = json.loads(scanned("explain", system, "--format", "json").out)["systems"][0]["anchors"][0]
    told = {scanned("explain", name).out for name in (system, system[:9], anchor)}
    assert len(told) == 1

    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("id: chat", "id: customer-chat"))
    assert f"chat is {system}" in scanned("explain", "customer-chat").out
    named = scanned("explain", "Chat")
    assert named.code == 2
    assert f"a name decides nothing. Use the id: {system}" in named.err
    for unknown in ("sys-", "services/chat", "sys-ffffffffffff"):
        assert scanned("explain", unknown).code == 2


def test_an_entry_that_no_system_shows(scanned: Estate) -> None:
    entry = "\n  - {id: gone, name: Old bot, status: in_scope, bind: 'repo:github.com/acme/bot', conditions: [{fact: deployed, op: equals, value: true}]}"
    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("entries:", f"entries:{entry}"))
    told = scanned("explain", "gone")
    assert told.code == 0
    assert "repo:github.com/acme/bot was not scanned" in told.out
    assert "condition deployed equals true: no one system to test it on" in told.out

    decided = scanned("decide", "gone", "decommissioned", "--because", "Switched off.")
    assert decided.code == 0
    assert "aims-scope.yaml: entry gone changed" in decided.out


def test_an_entry_that_several_systems_show(scanned: Estate) -> None:
    scanned.write(
        "services/search/pyproject.toml", scanned.read("services/chat/pyproject.toml").replace("chat", "search")
    )
    scanned.write("services/search/app.py", scanned.read("services/chat/chat.py"))
    assert scanned.scan() == 1
    entry = "\n  - {id: shop, status: in_scope, bind: 'repo:github.com/acme/shop#services/*'}"
    scanned.write("aims-scope.yaml", scanned.read("aims-scope.yaml").replace("entries:", f"entries:{entry}"))
    told = scanned("explain", "shop").out
    assert f"{scanned.id_of('chat')} chat" in told
    assert f"{scanned.id_of('search')} search" in told

    assert scanned("decide", scanned.id_of(), "out", "--because", "A prototype.").code == 2
    assert scanned("decide", "shop", "in", "--because", "All ours.").code == 0
    assert scanned("review").code == 0
