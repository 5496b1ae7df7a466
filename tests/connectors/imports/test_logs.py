"""Logs of proxies, firewalls and name servers."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.imports.formats import recognise
from connectors.imports.problem import ImportProblem
from connectors.imports.rows import Rows
from connectors.imports.sweep import PART, Sweep, fragment
from connectors.imports.tally import Tally
from connectors.model import ObservationKind, Outcome
from tests.connectors.imports.importing import HOSTS, SERVICES, TODAY, coverage, imported, only, previewed, written

REACHED = {
    "squid": "1767225600.123    100 10.0.0.1 TCP_TUNNEL/200 39 CONNECT API.openai.com:443 ann HIER_DIRECT/192.0.2.1 -",
    "common-log": '10.0.0.1 - ann [01/Jan/2026:10:00:00 +0000] "CONNECT api.openai.com:443 HTTP/1.1" 200 1 "-" "-" TCP_TUNNEL:HIER_DIRECT',
    "w3c": "#Version: 1.0\n#Fields: date time c-ip cs-username cs-host sc-filter-result cs(User-Agent)\n"
    '2026-01-01 10:00:00 10.0.0.1 ann api.openai.com OBSERVED "Mozilla 5"',
    "zeek-connections": "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tserver_name\n1767225600.123\tC1\t10.0.0.1\tapi.openai.com",
    "zeek-connections-json": '{"ts":1767225600.123,"id.orig_h":"10.0.0.1","server_name":"api.openai.com"}',
    "umbrella-proxy": '"2026-01-01 10:00:00","ann","10.0.0.1","192.0.2.9","192.0.2.1","text/html","ALLOWED","https://api.openai.com/v1","",""',
    "palo-alto": "1,2026/01/01 10:00:00,0123,THREAT,url,2560,2026/01/01 10:00:00,10.0.0.1,192.0.2.1,0.0.0.0,0.0.0.0,"
    '"rule, one",acme\\ann,,ssl,vsys1,trust,untrust,e1,e2,Log,,1,1,1,443,0,0,0x0,tcp,alert,"api.openai.com/v1/chat",(9999),x',
    "key-values": 'date=2026-01-01 time=10:00:00 devname="fw" type="utm" srcip=10.0.0.1 user="ann" hostname="api.openai.com" action="passthrough"',
    "cloudflare-gateway-http": '{"Datetime":"2026-01-01T10:00:00Z","HTTPHost":"api.openai.com","Email":"ann@acme.example","Action":"allow"}',
    "csv-connections": "Generate Time,Source User,URL/Filename,Action\n2026/01/01 10:00:00,ann,api.openai.com/v1,alert",
    "tabs-connections": "datetime\tlogin\turl\taction\n2026-01-01 10:00:00\tann\tapi.openai.com/v1\tAllowed",
    "json-connections": '{"timestamp":"2026-01-01T10:00:00Z","user":{"name":"ann"},"url":{"domain":"api.openai.com"}}',
}
LOOKED_UP = {
    "dnsmasq": "Jan  1 10:00:01 dnsmasq[1]: query[A] api.openai.com from 10.0.0.1\n"
    "Jan  1 10:00:01 dnsmasq[1]: forwarded api.openai.com to 192.0.2.53\n"
    "Jan  1 10:00:01 dnsmasq[1]: reply api.openai.com is 192.0.2.1",
    "bind": "01-Jan-2026 10:00:00.123 queries: info: client @0x7f 10.0.0.1#5353 (aPi.OpenAI.com): query: aPi.OpenAI.com IN A +E(0)K (10.0.0.53)",
    "unbound": "[1767225600] unbound[1:0] info: 10.0.0.1 api.openai.com. A IN",
    "coredns": '[INFO] 10.0.0.1:5353 - 1 "A IN api.openai.com. udp 30 false 512" NOERROR qr,rd,ra 200 0.1s',
    "dnscrypt-proxy": "[2026-01-01 10:00:00]\t127.0.0.1\tapi.openai.com\tA\tPASS\t1ms\tserver",
    "umbrella-dns": '"2026-01-01 10:00:00","ann","ann,net","10.0.0.1","192.0.2.9","Allowed","1 (A)","NOERROR","api.openai.com.","AI"',
    "zeek-dns": "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tquery\n1767225600.123\tC1\t10.0.0.1\tapi.openai.com",
    "fortigate-dns": 'date=2026-01-01 time=10:00:00 type="utm" subtype="dns" srcip=10.0.0.1 qname="api.openai.com" action="pass"',
    "aws-resolver": '{"version":"1.1","query_timestamp":"2026-01-01T10:00:00Z","query_name":"api.openai.com.","srcaddr":"10.0.0.1"}',
    "cloudflare-gateway-dns": '{"Datetime":"2026-01-01T10:00:00Z","QueryName":"api.openai.com","SrcIP":"10.0.0.1","ResolverDecision":"allowedOnNoPolicyMatch"}',
    "adguard-home": '{"T":"2026-01-01T10:00:00Z","QH":"api.openai.com","QT":"A","IP":"10.0.0.1","Result":{}}',
    "csv-lookups": "timestamp,domain,query_type,client_ip\n2026-01-01T10:00:00Z,api.openai.com,A,10.0.0.1",
    "json-lookups": '{"ts":"2026-01-01T10:00:00Z","query":"api.openai.com","client_ip":"10.0.0.1"}',
    "domains": "api.openai.com\nwww.shop.example",
}
REFUSED = {
    "squid": ("TCP_TUNNEL/200", "TCP_DENIED/403"),
    "w3c": ("OBSERVED", "DENIED"),
    "palo-alto": ("tcp,alert", "tcp,block-url"),
    "key-values": ("passthrough", "blocked"),
    "umbrella-dns": ("Allowed", "Blocked"),
    "cloudflare-gateway-dns": ("allowedOnNoPolicyMatch", "blockedByCategory"),
    "adguard-home": ('"Result":{}', '"Result":{"IsFiltered":true}'),
    "dnscrypt-proxy": ("PASS", "REJECT"),
}


def test_every_format_has_an_example_here() -> None:
    shipped = {
        form["id"]
        for service in SERVICES
        for row in service.collect
        if row["reads"] == "traffic"
        for form in row["formats"]
    }
    assert shipped == REACHED.keys() | LOOKED_UP.keys()


@pytest.mark.parametrize(("form", "log"), [*REACHED.items(), *LOOKED_UP.items()])
def test_a_format_is_recognised_and_read(tmp_path: Path, form: str, log: str) -> None:
    row = "imports/traffic/reached" if form in REACHED else "imports/traffic/looked-up"
    assert previewed(tmp_path, log).reads == f"{row} ({form})"
    result = imported(tmp_path, log)
    seen = only(result)
    assert seen.kind is ObservationKind.USAGE
    assert seen.matchers == (row, "openai/host/api.openai.com")
    assert (seen.attributes["count"], seen.attributes["hosts"]) == (1, ("api.openai.com",))
    if form not in {"coredns", "domains"}:
        assert seen.attributes["first_seen"] == seen.attributes["last_seen"] == "2026-01-01"
    if form != "domains":
        assert seen.attributes["clients"] == 1
    assert coverage(result).outcome is Outcome.COMPLETE
    assert "ann" not in repr(result)
    assert "10.0.0.1" not in repr(result)


@pytest.mark.parametrize("form", REFUSED)
def test_what_was_not_let_through_proves_no_use(tmp_path: Path, form: str) -> None:
    log = {**REACHED, **LOOKED_UP}[form].replace(*REFUSED[form])
    refused = only(imported(tmp_path, log, reads=form))
    assert refused.kind is ObservationKind.CONTROL
    assert refused.matchers[0] == "imports/traffic/refused"


def squid(host: str, day: int = 0, client: str = "10.0.0.1", action: str = "TCP_TUNNEL/200") -> str:
    return f"{1767225600 + 86400 * day}.000 1 {client} {action} 9 CONNECT {host}:443 - HIER_NONE/- -"


def test_lines_of_one_host_are_one_observation(tmp_path: Path) -> None:
    lines = [squid("api.openai.com", day, f"10.0.0.{day % 3}") for day in range(9)]
    lines.insert(4, squid("api.openai.com", 30, action="TCP_DENIED/403"))
    result = imported(tmp_path, "\n".join(lines))
    used, refused = sorted(result.observations, key=lambda one: one.kind, reverse=True)
    assert (used.attributes["count"], used.attributes["clients"], refused.attributes["count"]) == (9, 3, 1)
    assert (used.attributes["first_seen"], used.attributes["last_seen"]) == ("2026-01-01", "2026-01-31")


def test_names_below_a_domain_are_told_apart_and_others_left_alone(tmp_path: Path) -> None:
    hosts = [
        "acme.openai.azure.com",
        "beta.openai.azure.com",
        "openai.azure.com.evil.example",
        "notapi.openai.com",
        "x.claude.ai",
    ]
    result = imported(tmp_path, "\n".join(map(squid, hosts)))
    assert [one.attributes["title"] for one in result.observations] == [
        "acme.openai.azure.com",
        "beta.openai.azure.com",
    ]


def test_a_host_that_is_only_mentioned_is_not_reached(tmp_path: Path) -> None:
    line = "1767225600.000 1 10.0.0.1 TCP_MISS/200 9 GET http://search.example/?q=api.openai.com - HIER_NONE/- -"
    result = imported(tmp_path, f"{line}\n{squid('www.example.org')}\n")
    assert result.observations == []
    assert coverage(result).counts == {"lines": 2, "named elsewhere": 1}


def test_lines_that_are_not_understood_are_counted_and_told_where_they_are_many(tmp_path: Path) -> None:
    good = [squid("api.openai.com")] * 300
    few = imported(tmp_path, "\n".join([*good, "api.openai.com broken"]))
    assert coverage(few).outcome is Outcome.COMPLETE
    assert coverage(few).counts["dropped: not understood"] == 1
    many = imported(tmp_path, "\n".join([*good, *["api.openai.com broken"] * 50]))
    assert coverage(many).outcome is Outcome.PARTIAL
    assert "50 of 350 lines" in coverage(many).reason


def test_a_log_that_names_its_columns_anew_is_read_on(tmp_path: Path) -> None:
    log = "#Fields: date cs-host c-ip\n2026-01-01 api.openai.com 10.0.0.1\n#Fields: c-ip date cs-host\n10.0.0.2 2026-01-02 api.openai.com\n"
    seen = only(imported(tmp_path, log))
    assert (seen.attributes["count"], seen.attributes["clients"], seen.attributes["last_seen"]) == (2, 2, "2026-01-02")


def sweep(path: Path, size: int = PART, workers: int = 1) -> Tally:
    log = recognise(path.read_bytes(), Rows(SERVICES).formats())
    assert log is not None
    return Sweep(log, HOSTS, (), TODAY, size).file(path, workers)


def told(tally: Tally) -> object:
    hosts = {host: (one.count, one.refused, one.first, one.last, len(one.clients)) for host, one in tally.hosts.items()}
    return hosts, +tally.counts, tally.cut


@pytest.mark.parametrize("size", [1, 7, *range(40, 120), 333])
def test_parts_of_a_file_say_what_the_whole_does(tmp_path: Path, size: int) -> None:
    lines = ["#Fields: date c-ip cs-host", *(f"2026-01-0{n % 9 + 1} 10.0.0.{n} api.openai.com" for n in range(20))]
    lines[11:11] = ["#Fields: cs-host c-ip date", *(f"claude.ai 10.0.0.{n} 2026-02-0{n + 1}" for n in range(5))]
    lines[17:17] = ["#Fields: date c-ip cs-host"]
    path = written(tmp_path, "\n".join(lines) + "\n")
    whole = sweep(path)
    assert whole.counts["lines"] == len(lines)
    assert {host: one.count for host, one in whole.hosts.items()} == {b"api.openai.com": 20, b"claude.ai": 5}
    assert told(sweep(path, size)) == told(whole)


def test_processes_say_what_one_does(tmp_path: Path) -> None:
    lines = [squid("api.openai.com", n % 5, f"10.0.0.{n % 7}") for n in range(200)]
    path = written(tmp_path, "\n".join(lines))
    whole = sweep(path)
    assert told(sweep(path, size=path.stat().st_size // 6, workers=2)) == told(whole)


def test_a_compressed_log_is_read_like_a_plain_one(tmp_path: Path) -> None:
    log = "\n".join(squid("api.openai.com", day) for day in range(5)).encode()
    plain = imported(tmp_path, log)
    assert imported(tmp_path, gzip.compress(log)) == plain
    zstd = pytest.importorskip("backports.zstd")
    assert imported(tmp_path, zstd.compress(log)) == plain


def test_what_was_read_before_a_log_breaks_off_stands(tmp_path: Path) -> None:
    log = gzip.compress(
        "\n".join(squid("api.openai.com", day % 300, f"10.0.{day % 99}.1") for day in range(60_000)).encode()
    )
    result = imported(tmp_path, log[: len(log) // 2])
    assert only(result).attributes["count"]
    assert coverage(result).outcome is Outcome.PARTIAL
    assert "cut off" in coverage(result).reason


def test_a_format_that_the_user_names_wrongly_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="BIND"):
        imported(tmp_path, squid("api.openai.com"), reads="bind")


@given(st.from_regex(r"\.?([a-z0-9-]{1,12}\.){1,4}[a-z]{2,6}", fullmatch=True))
def test_the_fragment_of_a_host_stands_in_it(host: str) -> None:
    assert fragment(host.encode())
    assert fragment(host.encode()) in host.encode()
