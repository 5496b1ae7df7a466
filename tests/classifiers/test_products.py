from pathlib import Path

import pytest
from pydantic import ValidationError

from classifiers.errors import CatalogError
from classifiers.product_rows import DefaultState, IdentifierKind, ProductRow, Trains, read_names, read_products
from classifiers.products import PRODUCTS, Products, compile_products, load_products

SOURCED = {"source": "https://help.notes.example/ai", "checked": "2026-11-23"}


def row(**changes: object) -> ProductRow:
    content: dict[str, object] = {"id": "notes", "vendor": "Notes Ltd", "product": "Notes", "ai": "embedded"}
    return ProductRow.model_validate(content | changes)


@pytest.fixture(scope="module")
def products() -> Products:
    return load_products()


def test_what_no_page_says_is_unstated() -> None:
    product = compile_products([row(features=[{"name": "Notes AI", **SOURCED}])]).by_id["notes"]
    (feature,) = product.features
    assert feature.state is DefaultState.UNSTATED
    assert feature.trains is Trains.UNSTATED
    assert (feature.who, feature.where, feature.read) == ("", "", "")
    assert not feature.says_something


@pytest.mark.parametrize(
    "fact", [{"state": "off"}, {"trains": "no"}, {"switch": {"who": "admin", "where": "Settings"}}]
)
def test_identifier_and_fact_lift_a_product_above_attestation(fact: dict[str, object]) -> None:
    known = [{"domains": ["notes.example"], **SOURCED}]
    said = [{"name": "Notes AI", **SOURCED, **fact}]
    assert not compile_products([row(identifiers=known, features=said)]).by_id["notes"].attest
    assert compile_products([row(identifiers=known)]).by_id["notes"].attest
    assert compile_products([row(features=said)]).by_id["notes"].attest


def test_a_domain_counts_for_everything_below_it_and_the_longest_wins() -> None:
    suite = row(id="suite", product="Suite", identifiers=[{"domains": ["vendor.example"], **SOURCED}])
    chat = row(id="chat", product="Chat", identifiers=[{"domains": ["chat.vendor.example"], **SOURCED}])
    products = compile_products([suite, chat])

    def owner(host: str) -> str:
        product = products.identified(IdentifierKind.DOMAIN, host)
        return product.id if product else ""

    assert owner("EU.Chat.Vendor.Example") == "chat"
    assert owner("www.vendor.example") == "suite"
    assert owner("notvendor.example") == ""
    assert owner("example") == ""


def test_ids_other_than_domains_match_whole() -> None:
    products = compile_products([row(identifiers=[{"client_ids": ["12.apps.example.com"], **SOURCED}])])
    assert products.identified(IdentifierKind.CLIENT_ID, "12.APPS.example.com") is products.by_id["notes"]
    assert products.identified(IdentifierKind.CLIENT_ID, "x.12.apps.example.com") is None
    assert products.identified(IdentifierKind.APP_ID, "12.apps.example.com") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"identifiers": [SOURCED]},
        {"identifiers": [{"domains": ["https://notes.example/"], **SOURCED}]},
        {"identifiers": [{"domains": ["notes.example"], "checked": "2026-11-23"}]},
        {"features": [{"name": "Notes AI", "source": "https://notes.example"}]},
        {"features": [{"name": "Notes AI", "state": "perhaps", **SOURCED}]},
        {"whole": ["Memo"]},
        {"colour": "red"},
    ],
)
def test_a_row_without_source_date_or_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        row(**wrong)


def test_two_rows_share_neither_id_nor_identifier() -> None:
    with pytest.raises(CatalogError, match="notes stands twice"):
        compile_products([row(), row()])
    signal = [{"domains": ["notes.example"], **SOURCED}]
    with pytest.raises(CatalogError, match=r"notes and memo share the identifier notes\.example"):
        compile_products([row(identifiers=signal), row(id="memo", identifiers=signal)])


def test_a_wrong_file_is_told_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "theme.yaml"
    file.write_text("theme: Mine\nproducts:\n  - {id: notes, vendor: Notes Ltd, product: Notes}\n")
    with pytest.raises(CatalogError, match=r"theme\.yaml: products\.0\.ai"):
        read_products(file)
    file.write_text("theme: [")
    with pytest.raises(CatalogError, match="not valid YAML"):
        read_products(file)
    with pytest.raises(CatalogError, match="name a readable file"):
        read_products(tmp_path / "none.yaml")


def test_a_list_holds_a_product_a_line(tmp_path: Path) -> None:
    file = tmp_path / "theme.csv"
    header = "id,vendor,product,ai,aliases,whole,never\n"
    file.write_text(
        header + 'memo,"Memo, Inc.",Memo,native,Memo AI|Memos,Memo,Memo to staff\nplain,Acme,Plain,embedded,,,\n'
    )
    memo, plain = read_names(file)
    assert (memo.vendor, memo.aliases, memo.whole, memo.never) == (
        "Memo, Inc.", ("Memo AI", "Memos"), ("Memo",), ("Memo to staff",),
    )  # fmt: skip
    assert plain.aliases == ()
    assert compile_products([memo]).by_id["memo"].attest


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,vendor,product,ai\nmemo,Acme,Memo,perhaps\n", r"theme\.csv:2: ai: "),
        ("id,vendor,product,ai\nmemo,Acme,Memo,native,\n", "more cells than columns"),
        ("id,vendor,product\nmemo,Acme,Memo\n", r"theme\.csv:2: ai: Field required"),
        ("id,vendor,product,ai\nmemo,Acme\n", r"theme\.csv:2: product: "),
    ],
)
def test_a_wrong_line_of_a_list_is_told_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "theme.csv"
    file.write_text(text)
    with pytest.raises(CatalogError, match=problem):
        read_names(file)
    with pytest.raises(CatalogError, match="name a readable file"):
        read_names(tmp_path / "none.csv")


def test_a_list_and_a_theme_are_one_catalog(tmp_path: Path) -> None:
    theme = "theme: Mine\nproducts:\n  - {id: notes, vendor: Notes Ltd, product: Notes, ai: native}\n"
    (tmp_path / "mine.yaml").write_text(theme)
    listed = tmp_path / "mine.csv"
    listed.write_text("id,vendor,product,ai\nmemo,Acme,Memo,native\n")
    assert set(load_products(tmp_path, tmp_path / "cache").by_id) == {"notes", "memo"}
    listed.write_text("id,vendor,product,ai\nnotes,Acme,Memo,native\n")
    with pytest.raises(CatalogError, match="notes stands twice"):
        load_products(tmp_path, tmp_path / "cache")


def test_products_come_from_the_cache_until_a_file_changes(tmp_path: Path) -> None:
    folder, cache = tmp_path / "products", tmp_path / "cache"
    folder.mkdir()
    file = folder / "mine.yaml"
    file.write_text("theme: Mine\nproducts:\n  - {id: notes, vendor: Notes Ltd, product: Notes, ai: native}\n")
    first = load_products(folder, cache)
    assert load_products(folder, cache) == first
    for kept in cache.iterdir():
        kept.write_text("[{]")
    assert load_products(folder, cache) == first
    file.write_text("theme: Mine\nproducts:\n  - {id: memo, vendor: Notes Ltd, product: Memo, ai: native}\n")
    assert set(load_products(folder, cache).by_id) == {"memo"}


def test_bundled_products_that_count_are_many(products: Products) -> None:
    counted = [product for product in products.by_id.values() if not product.attest]
    assert len(counted) >= 160, "the catalog of embedded AI has shrunk"
    assert len(products.by_id) >= 3000


def test_bundled_files_hold_each_alias_once(products: Products) -> None:
    for product in products.by_id.values():
        assert len(set(product.names)) == len(product.names), product.id
    assert {read_products(file).theme for file in PRODUCTS.glob("*.yaml")}
