import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.product_names import MatchKind, ProductNames, is_placeholder, split_mentions
from classifiers.product_rows import ProductRow
from classifiers.products import Products, compile_products, load_products


def made(*rows: dict[str, object]) -> ProductNames:
    base = {"ai": "embedded", "vendor": "Acme"}
    return ProductNames(compile_products(ProductRow.model_validate(base | row) for row in rows))


NAMES = made(
    {"id": "chatgpt", "vendor": "OpenAI", "product": "ChatGPT"},
    {
        "id": "copilot",
        "vendor": "Microsoft",
        "product": "Microsoft Copilot",
        "aliases": ["Copilot"],
        "whole": ["Copilot"],
    },
    {"id": "teams", "vendor": "Microsoft", "product": "Microsoft Teams", "aliases": ["Teams"], "whole": ["Teams"]},
    {"id": "box", "vendor": "Box", "product": "Box", "whole": ["Box"]},
    {"id": "github-copilot", "vendor": "GitHub (Microsoft)", "product": "GitHub Copilot"},
    {"id": "visual-studio", "vendor": "Microsoft", "product": "Visual Studio"},
    {"id": "darktrace", "vendor": "Darktrace", "product": "Darktrace"},
    {"id": "splunk", "vendor": "Cisco", "product": "Splunk", "aliases": ["Splunk Cloud"]},
    {"id": "usai", "vendor": "GSA", "product": "USAi"},
    {"id": "aws", "vendor": "Amazon", "product": "Amazon Web Services", "aliases": ["AWS"]},
)


@pytest.fixture(scope="module")
def products() -> Products:
    return load_products()


@pytest.mark.parametrize(
    ("mention", "found", "kind"),
    [
        ("ChatGPT", ["chatgpt"], MatchKind.EXACT),
        ("chat-gpt", ["chatgpt"], MatchKind.EXACT),
        ("OpenAI ChatGPT", ["chatgpt"], MatchKind.EXACT),
        ("MS Teams", ["teams"], MatchKind.EXACT),
        ("Dark Trace", ["darktrace"], MatchKind.EXACT),
        ("ChatGPT Enterprise", ["chatgpt"], MatchKind.NORMALISED),
        ("Box, Inc.", ["box"], MatchKind.NORMALISED),
        ("Splunk Enterprise 9.1", ["splunk"], MatchKind.NORMALISED),
        ("the ChatGPT app", ["chatgpt"], MatchKind.NORMALISED),
        ("Microsoft Teams (Recording)", ["teams"], MatchKind.EXACT),
        ("Teams / Copilot", ["teams", "copilot"], MatchKind.EXACT),
        ("Microsoft Teams\nintegrated with\nMicrosoft Copilot", ["teams", "copilot"], MatchKind.CONTAINED),
        ("Splunk threat hunting add-on", ["splunk"], MatchKind.CONTAINED),
        ("GitHub Copilot for Visual Studio", ["github-copilot"], MatchKind.CONTAINED),
        ("Box software (FedRAMP)", ["box"], MatchKind.NORMALISED),
        ("Contractor and AWS", ["aws"], MatchKind.CONTAINED),
    ],
)
def test_names_as_people_type_them(mention: str, found: list[str], kind: MatchKind) -> None:
    matches = NAMES.identify(mention)
    assert [match.product.id for match in matches] == found
    assert matches[0].kind is kind


@pytest.mark.parametrize(
    "mention",
    [
        "Box Elder County",
        "project teams",
        "US AI Archangel",
        "a copilot of ours",
        "Chat",
        "Splunc",
        "",
        "  ",
        "(",
        "&",
        "Box system",
        "the teams platform",
        "laws and paws",
    ],
)
def test_ordinary_words_and_near_names_identify_nothing(mention: str) -> None:
    assert NAMES.identify(mention) == ()


def test_a_misspelt_name_is_suggested_and_never_identified() -> None:
    assert NAMES.identify("Splnuk Clowd") == ()
    best, *_ = NAMES.suggest("Splunk Clowd")
    assert best.product.id == "splunk"
    assert 75 <= best.score < 100
    assert NAMES.suggest("zzzz") == ()
    assert NAMES.suggest("") == ()


def test_suggestions_name_each_product_once_best_first() -> None:
    suggestions = NAMES.suggest("Splunk Clou", limit=5)
    assert len({suggestion.product.id for suggestion in suggestions}) == len(suggestions)
    assert [s.score for s in suggestions] == sorted((s.score for s in suggestions), reverse=True)


def test_cells_are_split_and_placeholders_dropped() -> None:
    assert split_mentions("ChatGPT, N/A; Various,, Teams;tbd") == ("ChatGPT", "Teams")
    assert split_mentions("") == ()
    assert is_placeholder(" n/a. ")
    assert not is_placeholder("Notion")


def test_bundled_names_identify_their_own_product(products: Products) -> None:
    names = ProductNames(products)
    for product in products.by_id.values():
        for name in product.names:
            found = [match.product.id for match in names.identify(name)]
            assert found == [product.id], f"{name!r} of {product.id} is taken for {found}"


def test_bundled_rows_do_not_take_their_tempting_mentions(products: Products) -> None:
    names = ProductNames(products)
    for product in products.by_id.values():
        for mention in product.never:
            taken = [match.name for match in names.identify(mention) if match.product is product]
            assert not taken, f"{mention!r} must not be {product.id}"


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    for match in NAMES.identify(text):
        assert match.name
    assert all(0 <= suggestion.score <= 100 for suggestion in NAMES.suggest(text))
    assert all(not is_placeholder(mention) for mention in split_mentions(text))
