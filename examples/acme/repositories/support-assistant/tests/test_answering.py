from types import SimpleNamespace

import numpy as np

from support_assistant.answering import Answering
from support_assistant.articles import Article, Articles


class FakeAnthropic:
    """Says what it was told to say."""

    def __init__(self, text: str) -> None:
        self.messages = SimpleNamespace(create=lambda **asked: SimpleNamespace(content=[SimpleNamespace(text=text)]))


def test_the_draft_names_its_article() -> None:
    returns = Article("Returns", "You have 30 days.", np.array([1.0, 0.0]))
    articles = Articles([returns], lambda text: np.array([1.0, 0.0]))
    draft = Answering(FakeAnthropic("Within 30 days."), articles).draft("Until when can I return it?")
    assert draft.article == "Returns"


def test_without_an_article_there_is_no_answer() -> None:
    assert Answering(FakeAnthropic("Anything."), Articles([], lambda text: None)).draft("Why?").text == ""
