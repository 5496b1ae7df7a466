"""Exports of applications, extensions, programs and payments."""

from pathlib import Path

import pytest

from connectors.imports.problem import ImportProblem
from connectors.model import ObservationKind, Outcome
from tests.connectors.imports.importing import SERVICES, coverage, imported, only, previewed

ENTRA = """\
displayName,appId,homepage,createdDateTime,accountEnabled,publisherName
ChatGPT,e0476654-c1d5-430b-ab80-70cbd947616a,https://claude.ai/,2026-01-03T10:00:00Z,True,OpenAI
"""


def test_an_application_is_taken_with_what_identifies_it(tmp_path: Path) -> None:
    result = imported(tmp_path, ENTRA)
    app = only(result)
    assert app.kind is ObservationKind.ASSET
    assert app.matchers == ("imports/apps/app", "anthropic/host/claude.ai")
    assert app.attributes["title"] == "ChatGPT"
    assert app.attributes["app_ids"] == ("e0476654-c1d5-430b-ab80-70cbd947616a",)
    assert app.attributes["hosts"] == ("claude.ai",)
    assert app.attributes["first_seen"] == "2026-01-03"
    assert "last_seen" not in app.attributes  # when it was made says nothing of when it was used
    assert app.attributes["suggested"] == ("openai-chatgpt 100",)
    assert coverage(result).outcome is Outcome.COMPLETE
    assert coverage(result).counts == {"lines": 1, "taken": 1}


@pytest.mark.parametrize(
    ("header", "reads"),
    [
        ("App name,ID,Type,Users,Access", "imports/apps/app"),
        ("Application Name,Vendor,Category,Owner,Users,Annual Spend", "imports/apps/app"),
        ("Application,Score,Category,Traffic,Upload,Users,Last seen (UTC)", "imports/apps/discovered"),
        ("App name,App ID,Type,Install type,Number of browsers installed,Permissions", "imports/software/extension"),
        ("ApplicationName,ApplicationPublisher,ApplicationVersion,DeviceCount,Platform", "imports/software/program"),
        ("Merchant,Amount,Currency,Employee,Cost Center,Date", "imports/spending/payment"),
        ("Supplier Name,Total Amount,Legal Entity", "imports/spending/payment"),
    ],
)
def test_the_columns_say_what_an_export_is(tmp_path: Path, header: str, reads: str) -> None:
    line = ",".join("Slack" if place == 0 else "1" for place in range(header.count(",") + 1))
    assert previewed(tmp_path, f"{header}\n{line}\n").reads == reads


@pytest.mark.parametrize(
    ("content", "reads"),
    [
        ("Merchant,Website,Date,Amount\nSlack,slack.com,2026-11-01,9.00\n", "imports/spending/payment"),
        ("App name,Domain,User,Status\nSlack,slack.com,ann,active\n", "imports/apps/app"),
        ('{"name": "Slack", "url": "https://slack.com", "user": "ann"}\n', "imports/apps/app"),
    ],
)
def test_an_export_that_names_hosts_is_no_log(tmp_path: Path, content: str, reads: str) -> None:
    assert previewed(tmp_path, content).reads == reads


def test_a_preview_says_what_is_understood_as_what_and_what_is_not_read(tmp_path: Path) -> None:
    preview = previewed(tmp_path, "Application,Shoe size,Users\nSlak,43,5\n")
    assert list(preview.columns) == [("Application", "title"), ("Users", "users")]
    assert list(preview.ignored) == ["Shoe size"]
    assert [one.attributes["title"] for one in preview.first] == ["Slak"]
    assert preview.suggested[0][:2] == ("Slak", "Slack")
    assert 80 <= preview.suggested[0][2] < 100


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_encoding_and_notes_above_the_header_do_not_matter(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    lines = (["Enterprise applications"], [], ["App name", "Publisher", "Users"], ["Café AI", "Späti", "12"])
    text = "\r\n".join(separator.join(line) for line in lines)
    app = only(imported(tmp_path, text.encode(encoding)))
    assert (app.attributes["title"], app.attributes["publisher"], app.attributes["users"]) == ("Café AI", "Späti", 12)


@pytest.mark.parametrize(
    "content",
    [
        '[{"name": "Slack", "clientId": "c1", "owner": {"name": "IT"}}]',
        '{"value": [{"name": "Slack", "clientId": "c1", "owner": "IT"}], "count": 1}',
        '{"name": "Slack", "clientId": "c1", "owner": "IT"}\n{"broken\n{"name": "Slack", "clientId": "c1"}\n',
    ],
)
def test_json_lists_and_lines_are_tables_too(tmp_path: Path, content: str) -> None:
    app = only(imported(tmp_path, content))
    assert (app.attributes["title"], app.attributes["client_ids"]) == ("Slack", ("c1",))


def test_people_are_counted_and_never_kept_but_for_the_owner(tmp_path: Path) -> None:
    content = (
        "App name,Client ID,User,Owner\n"
        "Notes of ann@acme.example,c1,ann@acme.example,olga@acme.example\n"
        "Notes,c1,Bob Builder,olga@acme.example\n"
        "Notes,c1,bob builder,\n"
    )
    app = only(imported(tmp_path, content))
    assert app.attributes["users"] == 2
    assert app.attributes["owner"] == "olga@acme.example"
    assert "ann@" not in repr(app)
    assert "bob builder" not in repr(app).lower()


@pytest.mark.parametrize("service", ["apps", "software", "spending"])
def test_what_is_planted_in_every_cell_is_in_nothing_that_is_kept(tmp_path: Path, service: str) -> None:
    planted = "https://jane.roe:s3cr3t@acme.example/?token=s3cr3t jane.roe@acme.example"
    for row in next(one for one in SERVICES if one.id == f"imports/{service}").collect:
        columns = {column: names[0] for column, names in row["columns"].items() if column != "owner"}
        cells = ("Slack" if column == "title" else planted for column in columns)
        result = imported(tmp_path, f"{','.join(columns.values())}\n{','.join(cells)}\n", f"{service}/{row['id']}")
        assert only(result).attributes["title"] == "Slack"
        assert "jane.roe@" not in repr(result)
        assert "s3cr3t" not in repr(result)


def test_what_is_paid_counts_only_where_a_product_is_recognised(tmp_path: Path) -> None:
    content = (
        "Merchant;Amount;Currency;Employee;Cost Center;Date\n"
        "OPENAI *CHATGPT SUBSCR 4158799686 CA;20,00;USD;Jane Doe;R&D;13/11/2026\n"
        "PAYPAL *OPENAI CHATGPT;1.000,50;USD;John Doe;R&D;14/12/2025\n"
        "John Smith;12,00;EUR;Jane Doe;R&D;23/11/2026\n"
    )
    result = imported(tmp_path, content)
    payment = only(result)
    assert payment.attributes["title"] == "OpenAI ChatGPT"
    assert payment.attributes["billing_descriptors"] == ("OPENAI *CHATGPT SUBSCR",)
    assert payment.attributes["amount"] == 1020.5
    assert payment.attributes["users"] == 2
    assert (payment.attributes["first_seen"], payment.attributes["last_seen"]) == ("2025-12-14", "2026-11-13")
    assert coverage(result).counts["dropped: no known product"] == 1
    assert not any(name in repr(result) for name in ("Jane", "John", "Smith", "4158799686"))


def test_formulas_stay_text_and_spreadsheet_quotes_go(tmp_path: Path) -> None:
    content = 'App name,Publisher,Users\n"=HYPERLINK(""https://evil.example"",""x"")","=""0012""",3\n'
    app = only(imported(tmp_path, content))
    assert app.attributes["title"] == '=HYPERLINK("https://evil.example","x")'
    assert app.attributes["publisher"] == "0012"


def test_what_is_no_export_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match=r"docs/import\.md"):
        imported(tmp_path, "lorem ipsum\ndolor sit amet\n")
    with pytest.raises(ImportProblem, match="under `attestations` in the settings"):
        imported(tmp_path, "attestations:\n  - system: tenant:zoom:acme\n")
    with pytest.raises(ImportProblem, match="empty"):
        imported(tmp_path, "  \n")
    with pytest.raises(ImportProblem, match=r"no `nonsense` to read it as; name one of .*apps/app.*squid"):
        imported(tmp_path, ENTRA, reads="nonsense")


def test_the_same_export_gives_the_same_observations_in_whatever_order_its_lines_stand(tmp_path: Path) -> None:
    header, *lines = "App name,Publisher,Users\nB,x,1\nA,y,2\nC,z,3".splitlines()
    one = imported(tmp_path, "\n".join([header, *lines]))
    other = imported(tmp_path, "\n".join([header, *reversed(lines)]))
    assert one.observations == other.observations
