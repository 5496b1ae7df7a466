"""Summarises the notes of an incident for the weekly review; whoever was on call corrects it."""

import sys

from anthropic import Anthropic


def summarise(client: Anthropic, notes: str) -> str:
    message = client.messages.create(
        model="claude-haiku-4-5",
        max_tokens=400,
        messages=[{"role": "user", "content": f"Summarise in five sentences:\n{notes}"}],
    )
    return message.content[0].text


def main() -> None:
    print(summarise(Anthropic(), sys.stdin.read()))
