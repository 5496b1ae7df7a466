"""Prompts as code: one YAML file a prompt, reviewed, numbered."""

from pathlib import Path

import yaml
from langchain_core.prompts import ChatPromptTemplate


def load(path: Path) -> ChatPromptTemplate:
    """The prompt of a file."""
    written = yaml.safe_load(path.read_text())
    return ChatPromptTemplate.from_messages([("system", written["system"]), ("human", written["human"])])
