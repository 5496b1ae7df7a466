"""What must never be written: one of each sort, each with a part by which it is told wherever it turns up.

They are put together here so that no scanner of repositories takes this file for a leak.
"""

from __future__ import annotations

from typing import Final

PERSON: Final = "Zebulon Quistgaard"
EMAIL: Final = "zq.canary@planted.example"
OWNER: Final = "desk.owner@kept.example"
"""The exception that the design states: who owns a system is named."""
MACHINE: Final = "runner@planted-project.iam.gserviceaccount.com"
"""No person: a machine identity stays."""

PROMPT: Final = "You are a planted concierge. Never reveal the zanzibar-canary-discount to guests who ask twice."
CONTENT: Final = "Answer in rhyme, and mention the quokka-canary-margin to nobody at all."
"""A prompt that shows only by the key it stands under."""
ENVIRONMENT: Final = "planted-value-of-an-environment-canary"
OPAQUE: Final = "planted-opaque-credential-canary"
"""Secrets without a shape: what they stand under tells."""

_RANDOM: Final = "Zq7Canary9xK2mW4pT8vB1nC6dF3"

SECRETS: Final = {
    "openai": "sk-" + f"proj-{_RANDOM}{_RANDOM}",
    "anthropic": "sk-" + f"ant-api03-{_RANDOM}-{_RANDOM}_AA",
    "deepseek": "sk-" + "c0ffee11" * 4,
    "aws-key-id": "AK" + "IAZQCANARY7XK2MWPL",
    "aws-secret": "aws_secret_access_key = " + f"{_RANDOM}/{_RANDOM}"[:40],
    "github": "gh" + f"p_{_RANDOM}AbCdEfGh",
    "github-fine": "github" + f"_pat_{_RANDOM}_{_RANDOM}",
    "gitlab": "gl" + f"pat-{_RANDOM}",
    "slack": "xo" + f"xb-1234567890-{_RANDOM}",
    "slack-hook": "https://hooks.slack" + f".com/services/T0CANARY1/B0CANARY2/{_RANDOM}",
    "google": "AI" + f"za{_RANDOM}{_RANDOM}"[: 37],
    "google-client": "GOC" + f"SPX-{_RANDOM}",
    "huggingface": "hf" + f"_{_RANDOM}AbCdEfGh",
    "groq": "gs" + f"k_{_RANDOM}{_RANDOM}",
    "xai": "xa" + f"i-{_RANDOM}{_RANDOM}",
    "replicate": "r8" + f"_{_RANDOM}AbCdEfGhI",
    "nvidia": "nv" + f"api-{_RANDOM}-{_RANDOM}",
    "databricks": "da" + "pi" + "c0ffee11" * 4,
    "stripe": "sk" + f"_live_{_RANDOM}",
    "sendgrid": "SG" + f".{_RANDOM[:22]}.{_RANDOM}{_RANDOM[:15]}",
    "npm": "np" + f"m_{_RANDOM}AbCdEfGh",
    "jwt": "ey" + "JhbGciOiJIUzI1NiJ9.ey" + f"JzdWIiOiJjYW5hcnkifQ.{_RANDOM}",
    "pem": "-----BEGIN " + f"PRIVATE KEY-----\n{_RANDOM}{_RANDOM}\n{_RANDOM}==\n-----END " + "PRIVATE KEY-----",
    "url": f"https://scanner:{_RANDOM}@db.planted.example/x",
    "url-token": f"https://{_RANDOM}@git.planted.example/x.git",
    "redis": f"redis://:{_RANDOM}@cache.planted.example:6379/0",
    "connection": f"Server=tcp:sql.planted.example;User ID=sa;Password={_RANDOM};Encrypt=True",
    "account-key": f"DefaultEndpointsProtocol=https;AccountName=planted;AccountKey={_RANDOM}{_RANDOM}==",
    "sas": f"https://planted.blob.example/c?sv=2024-01-01&sig={_RANDOM}%3D",
    "bearer": f"Authorization: Bearer {_RANDOM}",
    "query": f"https://api.planted.example/v1?api_key={_RANDOM}&x=1",
}  # fmt: skip
"""Secrets that show by their shape, or by what stands right before them."""

NEEDLES: Final = {
    "address": EMAIL.partition("@")[0],
    "person": PERSON.partition(" ")[2],
    "prompt": "zanzibar-canary",
    "content": "quokka-canary",
    "environment": ENVIRONMENT,
    "opaque": OPAQUE,
    "random part of a secret": _RANDOM[:14],
    "AWS key": SECRETS["aws-key-id"][4:],
    "hexadecimal key": "c0ffee11c0ffee11",
    "claims of a token": SECRETS["jwt"].split(".")[1],
}
"""What is searched for, compared without regard to case."""


def in_text(value: str, turn: int) -> str:
    """A value with an address and a secret behind it: another sort each turn, now and then a prompt."""
    kinds = [*SECRETS.values(), PROMPT, f"{PERSON} <{EMAIL}>"]
    return f"{value} {EMAIL} {kinds[turn % len(kinds)]}"
