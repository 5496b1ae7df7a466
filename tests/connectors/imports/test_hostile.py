"""What a hostile or broken file does: it is bounded, counted, and never ends an import."""

import csv
import gzip
import io
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.imports.problem import ImportProblem
from connectors.model import Outcome
from tests.connectors.imports.importing import coverage, imported, only, reader, written
from tests.connectors.imports.test_logs import squid

MEGABYTE = 1024 * 1024


def test_a_line_without_end_is_dropped_and_the_next_one_read(tmp_path: Path) -> None:
    for size in (300_000, 3 * MEGABYTE):
        log = f"{squid('api.openai.com')}\n{'x' * size} api.openai.com\n{squid('api.openai.com')}\n"
        result = imported(tmp_path, log, reads="squid")
        assert only(result).attributes["count"] == 2
    table = f"App name,Users\nA,1\n{'x' * 3 * MEGABYTE}\nB,2\n"
    result = imported(tmp_path, table)
    assert [one.attributes["title"] for one in result.observations] == ["A", "B"]
    assert coverage(result).counts["dropped: too long"] == 1


def test_a_log_is_swept_in_bounded_memory(tmp_path: Path) -> None:
    path = written(tmp_path, (squid("www.shop.example") + "\n") * 400_000)
    path.write_bytes(path.read_bytes() + squid("api.openai.com").encode())
    assert path.stat().st_size > 24 * MEGABYTE
    tracemalloc.start()
    result = reader(path).read()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert only(result).attributes["count"] == 1
    assert peak < 12 * MEGABYTE


def test_a_bomb_is_stopped_and_what_came_before_stands(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=9) as packed:
        packed.write((squid("api.openai.com") + "\n").encode() * 10)
        for _ in range(100):
            packed.write(b"\n" * MEGABYTE)
    result = imported(tmp_path, stream.getvalue())
    assert only(result).attributes["count"] == 10
    assert coverage(result).outcome is Outcome.PARTIAL
    assert "200 times" in coverage(result).reason


def test_a_header_of_ten_thousand_columns_is_no_table_and_such_a_line_is_dropped(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem):
        imported(tmp_path, ",".join(f"App name {n}" for n in range(10_000)) + "\n")
    result = imported(tmp_path, "App name,Users\nA,1\n" + "," * 10_000 + "x\nB,2\n")
    assert len(result.observations) == 2
    assert coverage(result).counts["dropped: too many columns"] == 1


def test_a_quote_that_never_ends_costs_its_lines_and_no_more(tmp_path: Path) -> None:
    rows = "\n".join(f"App {n},1" for n in range(40_000))
    result = imported(tmp_path, f'App name,Users\nA,1\n"broken\n{rows}\n')
    assert len(result.observations) > 1
    assert coverage(result).counts["dropped: not readable"] >= 1


def test_cells_of_any_length_are_bounded(tmp_path: Path) -> None:
    result = imported(
        tmp_path, f"App name,Publisher,Scopes,Users\nA,{'p' * 60_000},{'s ' * 20_000},1\n{'n' * 5000},x,y,1\n"
    )
    assert len(repr(only(result))) < 4000
    assert coverage(result).counts["dropped: name too long"] == 1


def test_the_bounds_of_csv_are_nobody_elses(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    imported(tmp_path, "App name,Users\nA,1\n")
    assert csv.field_size_limit() == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.binary(max_size=600),
    st.sampled_from([b"", b"App name,Users\n", b"#Fields: date cs-host\n", b'{"bomFormat":"CycloneDX"', b"\x1f\x8b"]),
)
def test_no_bytes_end_in_anything_but_a_result_or_a_problem(tmp_path: Path, content: bytes, start: bytes) -> None:
    with suppress(ImportProblem):
        imported(tmp_path, start + content)
