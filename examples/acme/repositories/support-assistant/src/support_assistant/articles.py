"""The articles of the help centre, found by their meaning."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from langchain_text_splitters import RecursiveCharacterTextSplitter
from openai import OpenAI

EMBEDDING_MODEL = "text-embedding-3-small"


@dataclass(frozen=True)
class Article:
    title: str
    text: str
    vector: np.ndarray


class Articles:
    def __init__(self, articles: list[Article], embed) -> None:
        self._articles = articles
        self._embed = embed

    @classmethod
    def of_folder(cls, folder: str) -> "Articles":
        client = OpenAI()
        cut = RecursiveCharacterTextSplitter(chunk_size=1200, chunk_overlap=100)

        def embed(text: str) -> np.ndarray:
            answer = client.embeddings.create(model=EMBEDDING_MODEL, input=text)
            return np.array(answer.data[0].embedding)

        pages = [(path.stem, part) for path in sorted(Path(folder).glob("*.md")) for part in cut.split_text(path.read_text())]
        return cls([Article(title, part, embed(part)) for title, part in pages], embed)

    def nearest(self, question: str) -> Article | None:
        if not self._articles:
            return None
        wanted = self._embed(question)
        return max(self._articles, key=lambda article: float(article.vector @ wanted))
