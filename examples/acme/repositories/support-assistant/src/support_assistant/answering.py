"""Drafts an answer from one article; a person sends it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support_assistant.articles import Articles

MODEL = "claude-sonnet-4-5"
PROMPT = Path(__file__).parents[2] / "prompts" / "answer.txt"


@dataclass(frozen=True)
class Draft:
    text: str
    article: str


class Answering:
    def __init__(self, client: Any, articles: Articles) -> None:
        self._client = client
        self._articles = articles

    def draft(self, question: str) -> Draft:
        article = self._articles.nearest(question)
        if article is None:
            return Draft("", "")
        message = self._client.messages.create(
            model=MODEL,
            max_tokens=600,
            system=PROMPT.read_text(),
            messages=[{"role": "user", "content": f"{article.text}\n\n{question}"}],
        )
        return Draft(message.content[0].text, article.title)
