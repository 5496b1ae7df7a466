"""Ranks an application: one model reads it, another checks the first."""

import json
import os

from mistralai import Mistral
from openai import OpenAI

READER = "gpt-4o"
CHECKER = "mistral-large-latest"
TASK = "Answer as JSON with `score` (0 to 100) and `because`. How well does this application fit the position?"


def rank(application: str, position: str) -> dict[str, object]:
    question = f"{TASK}\nPosition: {position}\n\n{application}"
    first = OpenAI().chat.completions.create(
        model=READER, messages=[{"role": "user", "content": question}], response_format={"type": "json_object"}
    )
    second = Mistral(api_key=os.environ["MISTRAL_API_KEY"]).chat.complete(
        model=CHECKER, messages=[{"role": "user", "content": question}], response_format={"type": "json_object"}
    )
    scores = [json.loads(answer.choices[0].message.content) for answer in (first, second)]
    return {"score": min(score["score"] for score in scores), "because": scores[0]["because"]}
