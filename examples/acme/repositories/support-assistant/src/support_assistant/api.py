"""The HTTP interface that the support desk calls."""

import os

import uvicorn
from anthropic import Anthropic
from fastapi import FastAPI
from pydantic import BaseModel

from support_assistant.answering import Answering
from support_assistant.articles import Articles

app = FastAPI(title="Support assistant")


class Question(BaseModel):
    question: str


@app.post("/answers")
def answer(question: Question) -> dict[str, object]:
    articles = Articles.of_folder(os.environ["ARTICLES"])
    draft = Answering(Anthropic(), articles).draft(question.question)
    return {"text": draft.text, "article": draft.article, "for_review": True}


def serve() -> None:
    uvicorn.run(app, host="0.0.0.0", port=8080)
