"""A repository of careless people: canaries in sources, manifests, configuration, notebooks, paths and the history."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.secrets.canaries import CONTENT, EMAIL, ENVIRONMENT, OPAQUE, OWNER, PERSON, PROMPT, SECRETS

KEY = SECRETS["openai"]
URL = SECRETS["url"]
EVERYTHING = "\n".join(f"# {one}" for text in (*SECRETS.values(), EMAIL, PROMPT) for one in text.splitlines())

APP = f'''\
{EVERYTHING}
# {PERSON} <{EMAIL}>
from openai import OpenAI, AzureOpenAI
from anthropic import Anthropic

client = OpenAI(api_key="{KEY}", base_url="https://planted:{OPAQUE}@api.openai.com/v1?key={OPAQUE}", organization="{EMAIL}")
azure = AzureOpenAI(azure_endpoint="https://{EMAIL}:{OPAQUE}@shop-ai.openai.azure.com/")
other = Anthropic(api_key="{SECRETS["anthropic"]}", default_headers={{"{EMAIL}": "{SECRETS["bearer"]}"}})
models = {{"{EMAIL}": "gpt-4o", "{KEY}": "gpt-4.1", "fine": "ft:gpt-4o:{EMAIL}", "slash": "{EMAIL}/gpt-4o-mini", "key": "{KEY}/gpt-4o"}}
answer = client.chat.completions.create(
    model="gpt-4o", user="{EMAIL}",
    messages=[{{"role": "system", "content": "{PROMPT}"}}, {{"role": "user", "content": "{CONTENT}"}}],
)
PASSWORD = "{OPAQUE}"
'''
NOTEBOOK = {
    "nbformat": 4, "nbformat_minor": 5, "metadata": {"authors": [{"name": PERSON, "email": EMAIL}]},
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": [PROMPT, EMAIL]},
        {"cell_type": "code", "metadata": {"note": KEY}, "execution_count": 1,
         "source": ['import openai\n', f'openai.api_key = "{KEY}"\n', f'openai.chat.completions.create(model="gpt-4o", user="{EMAIL}")'],
         "outputs": [{"output_type": "stream", "name": "stdout", "text": [CONTENT, EMAIL, *SECRETS.values()]}]},
    ],
}  # fmt: skip
FILES = {
    "app.py": APP,
    f"users/{EMAIL}/bot.py": APP,
    f"users/{EMAIL}/requirements.txt": "openai\n",
    f"keys/{KEY}/bot.py": APP,
    "app.ts": f'import OpenAI from "openai";\n// {EMAIL} {KEY}\nconst c = new OpenAI({{ apiKey: "{KEY}" }});\n'
              f'c.chat.completions.create({{ model: "gpt-4o", user: "{EMAIL}", messages: [{{ role: "system", content: "{PROMPT}" }}] }});\n',
    "bot.ipynb": json.dumps(NOTEBOOK),
    "requirements.txt": f"--extra-index-url https://planted:{OPAQUE}@pypi.planted.example/simple\nopenai==1.2  # {EMAIL}\n"
                        f"anthropic @ git+https://{SECRETS['github']}@github.com/anthropics/anthropic-sdk-python\n",
    "pyproject.toml": f'[project]\nname = "shop"\ndependencies = ["openai>=1"]\nauthors = [{{name = "{PERSON}", email = "{EMAIL}"}}]\n'
                      f'description = "{PROMPT}"\n[project.urls]\nhome = "{URL}"\n',
    "package.json": json.dumps({"name": "shop", "author": f"{PERSON} <{EMAIL}>", "repository": URL, "description": PROMPT,
                                "dependencies": {"openai": f"git+https://{SECRETS['github']}@github.com/openai/openai-node.git",
                                                 "@anthropic-ai/sdk": "^1"}, "config": {"key": KEY}}, indent=1),
    ".env": f"OPENAI_API_KEY={KEY}\nANTHROPIC_API_KEY={SECRETS['anthropic']}\nOPENAI_MODEL=gpt-4o\nMAIL={EMAIL}\nMODE={ENVIRONMENT}\n",
    "config.yaml": f"llm:\n  model: gpt-4o\n  api_key: {KEY}\n  owner_email: {EMAIL}\n  system_prompt: >-\n    {PROMPT}\n"
                   f"  base_url: https://planted:{OPAQUE}@api.openai.com/v1\n  {EMAIL}: gpt-4.1\n",
    "docker-compose.yml": f"services:\n  llm:\n    image: planted:{OPAQUE}@ollama/ollama:latest\n    labels: ['{EMAIL}', '{KEY}']\n"
                          f"    environment:\n      OPENAI_API_KEY: {KEY}\n      MODE: {ENVIRONMENT}\n  two:\n    image: ollama/ollama\n"
                          f"    command: [ollama, run, llama3.1, '{EMAIL}', '{KEY}']\n",
    "main.tf": f'resource "aws_bedrockagent_agent" "desk" {{\n  agent_name = "desk-{EMAIL}"\n  instruction = "{PROMPT}"\n'
               f'  foundation_model = "anthropic.claude-3-5-sonnet-20240620-v1:0"\n  description = "{KEY}"\n  tags = {{ owner = "{OWNER}", by = "{EMAIL}" }}\n}}\n',
    ".mcp.json": json.dumps({"mcpServers": {
        f"files of {EMAIL}": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", EMAIL, KEY], "env": {"TOKEN": OPAQUE}},
        f"far-{KEY}": {"url": f"https://planted:{OPAQUE}@mcp.planted.example/sse?token={OPAQUE}", "headers": {"Authorization": SECRETS["bearer"]}},
    }}),
    "AGENTS.md": f"{PROMPT}\n{CONTENT}\nAsk {EMAIL}, key {KEY}.\n",
    ".cursorrules": f"{CONTENT}\n{EMAIL}\n",
    ".github/workflows/ai.yml": f"on: push\njobs:\n  ai:\n    runs-on: ubuntu-latest\n    env: {{OPENAI_API_KEY: {KEY}}}\n    steps:\n"
                                f"      - uses: anthropics/claude-code-action@v1\n        with: {{anthropic_api_key: {SECRETS['anthropic']}, prompt: '{CONTENT}'}}\n"
                                f"      - run: curl -H '{SECRETS['bearer']}' https://api.openai.com/v1/chat?key={OPAQUE} # {EMAIL}\n",
    "CODEOWNERS": f"* {OWNER}\n",
    "catalog-info.yaml": f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  description: {KEY} {EMAIL}\n"
                         f"spec:\n  type: service\n  owner: {OWNER}\n",
    f"weights/{EMAIL}.safetensors": "x",
    "agents/crew.yaml": f"researcher:\n  role: {PROMPT}\n  goal: {CONTENT}\n  llm: gpt-4o\n  backstory: {EMAIL}\n",
    "langgraph.json": json.dumps({"graphs": {f"bot of {EMAIL}": "./app.py:graph"}, "env": {"OPENAI_API_KEY": KEY}}),
    "Dockerfile": f"FROM ollama/ollama:latest\nLABEL maintainer={EMAIL}\nENV OPENAI_API_KEY={KEY}\nRUN ollama pull llama3.1 # {KEY}\n",
}  # fmt: skip


def repository(folder: Path) -> Path:
    """Makes it, with a first commit that is good and a second by a person whom nobody names."""
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "remote", "add", "origin", f"https://planted:{OPAQUE}@github.com/planted/shop.git")
    (folder / "README.md").write_text("A shop.\n")
    _commit(folder, "first")
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    _commit(folder, f"Ask {EMAIL} for {KEY}")
    return folder


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "-A", "-f")
    _git(folder, "-c", f"user.name={PERSON}", "-c", f"user.email={EMAIL}", "commit", "-q", "-m", message)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
