"""Whether a literal, where it stands, is what its matcher asks for; one rule a region.

A rule gets the place in the syntax and answers with the fact in its own words, or with nothing. Prose never counts:
a string with blanks in it names nothing, unless it is a command line or a document of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

from connectors.code import tokens
from connectors.code.matchers import Region

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connectors.code.automaton import Hit
    from connectors.code.languages import Language
    from connectors.code.syntax import Place


class Text(Protocol):
    """A file that knows where in its syntax a byte stands."""

    content: bytes
    language: Language

    def place(self, start: int, end: int) -> Place | None:
        """Where the bytes stand, or none where they mean nothing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a rule found: the fact in its own words, redacted evidence, and what stands around it."""

    name: str
    snippet: str
    attributes: Mapping[str, str | bool] = field(default_factory=dict)


_MAX_BLANKS: Final = 64
_MAX_COMMAND: Final = 4096
_SPAWNERS: Final = frozenset({
    "run", "call", "Popen", "check_output", "check_call", "system", "popen", "getoutput", "getstatusoutput",
    "create_subprocess_exec", "create_subprocess_shell", "exec", "execSync", "execFile", "execFileSync", "spawn",
    "spawnSync", "execa", "execaSync", "execaCommand", "Command", "command", "CommandContext", "fork", "shell_exec",
    "passthru", "proc_open", "ProcessBuilder", "Process", "ProcessStartInfo", "spawn_command", "which", "sh", "cmd",
    "new", "capture2", "capture3", "StdioServerParameters",
})  # fmt: skip
_MODEL_LEAD: Final = re.compile(
    r"(?:(?:model|engine|deployment)[\w-]*[\"']?\s*[=: ]\s*[\"'(]*|\bollama\s+(?:run|pull)\s+)$", re.IGNORECASE
)
_DOCUMENT: Final = re.compile(r"[{\[][ \t\r\n\\]*(?:[nrt \\]*)[\"'{}\[\]\d-]")
_ON: Final = re.compile(r"\s*[=:]\s*(?:True|true)\b")
_BLANKS_OUTSIDE_HOLES: Final = re.compile(r"\s(?![^{}]*\})")
_JSON_KEY: Final = re.compile(r"\\?[\"']([\w.-]+)\\?[\"']\s*:\s*\\*[\"']$")
_COMMAND_LEAD: Final = re.compile(
    r"(?:^|[;&|({`]|\b(?:sudo|exec|time|nohup|then|do|else|env|RUN|CMD|ENTRYPOINT|npx|uvx|run:|script:|-|\[))\s*"
    r"[\"'`]?\s*(?:\$\()?(?:[A-Z_][A-Z0-9_]*=\S*\s+)*(?:\S*/)?$"
)
_DOCUMENTS: Final = frozenset({"yaml", "json", "toml", "hcl", "properties"})
_COMMAND_KEYS: Final = frozenset({
    "run", "script", "scripts", "command", "commands", "cmd", "args", "entrypoint", "before_script", "after_script", "bash",
    "sh", "shell", "inlinescript", "start", "dev", "build", "serve", "prestart", "poststart", "postcreatecommand",
})  # fmt: skip
_ENV_LEAD: Final = re.compile(r"(?:\$\{?|%|secrets\.|env\.|vars\.|ENV\[[\"']|secrets\[[\"']|:-?|\$\(|^|=|-e\s|,)$")
_IMAGE_KEY: Final = re.compile(r"image|repository|container|^from$|registry", re.IGNORECASE)
_IMAGE_CALL: Final = re.compile(r"image|container|registry", re.IGNORECASE)
_RESOURCE_LEAD: Final = re.compile(r"\b(?:resource|data|ephemeral)\s+[\"']?$|\bresource\s+\w+\s+'$")
_PLAUSIBLE_MODEL: Final = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?(?::[\w.-]+)?\Z")
_NOT_A_MODEL: Final = re.compile(r"\.(?:json|txt|py|ya?ml|csv|md|log|toml|cfg|ini)\Z", re.IGNORECASE)
_FIRST_ARGUMENT: Final = re.compile(r"\(\s*(?:\w+\s*[=:]\s*)?[rbuf]?[\"'`]([^\"'`\n]{2,160})[\"'`]\s*[,)]")
_STRING: Final = re.compile(r"[\"'`]([^\"'`]*)[\"'`]")


def fact_at(text: Text, hit: Hit) -> Fact | None:
    """The fact that a hit stands for, or none where it means nothing."""
    place = text.place(hit.start, hit.end)
    if place is None or place.prose:
        return None
    return _RULES[hit.matcher.region](text, hit, place)


def _slice(text: Text, start: int, end: int) -> str:
    return text.content[start:end].decode("utf-8", "replace")


def _before(text: Text, start: int, low: int) -> str:
    """Up to 160 characters before a byte on its own line, not before `low`."""
    begin = max(low, text.content.rfind(b"\n", 0, start) + 1, start - 160)
    return _slice(text, begin, start)


def _shown(place: Place, written: str) -> str:
    """Redacted evidence: the key or call that the literal is given to, and the literal; nothing else."""
    if place.around.key:
        return f"{place.around.key} = {written!r}"
    return f"{place.around.call}({written!r})" if place.around.call else repr(written)


def _attributes(place: Place, **more: str | bool) -> dict[str, str | bool]:
    around = place.around
    found: dict[str, str | bool] = {"key": around.key, "call": around.call, "is_key": around.is_key, **more}
    return {name: value for name, value in found.items() if value}


def _import(text: Text, hit: Hit, place: Place) -> Fact | None:
    if place.kind not in {"import", "qualified"} or _in_tail(text, hit):
        return None
    start, end = tokens.token(text.content, hit.start, hit.end, hit.start, place.around.bounds[1])
    module = _slice(text, start, end).rstrip(".:")
    if not module.startswith(hit.matcher.text):
        module = _imported_name(text, hit, place, module)
    if not module:
        return None
    if place.kind == "qualified":
        return Fact(module, module, {"qualified": True})
    line = text.content.rfind(b"\n", 0, place.around.bounds[0]) + 1
    indented = text.language.name == "python" and place.around.bounds[0] > line
    return Fact(module, f"import {module}", {"conditional": True} if indented else {})


def _imported_name(text: Text, hit: Hit, place: Place, module: str) -> str:
    """The whole root where its last name is imported from its module: `from aws_cdk import aws_bedrock`."""
    head, _, name = hit.matcher.text.rpartition(".")
    statement = _slice(text, hit.end, place.around.bounds[1])
    found = module == head and re.match(rf"\s*import\b[^#]*?\b{re.escape(name)}\b", statement)
    return hit.matcher.text if found else ""


def _in_tail(text: Text, hit: Hit) -> bool:
    after = text.content[hit.end : hit.end + 1].decode("latin-1")
    return bool(after) and after in text.language.import_tail


def _host(text: Text, hit: Hit, place: Place) -> Fact | None:
    if place.kind not in {"string", "word"}:
        return None
    start, end = tokens.url_token(text.content, hit.start, hit.end, place.start, place.end)
    url = _slice(text, start, end).rstrip(".,;:)]}")
    if not tokens.host_in(url, hit.matcher.text) or not _is_value(text, place, start, end):
        return None
    redacted = tokens.redacted_url(url)
    return Fact(redacted or hit.matcher.text, _shown(place, redacted), _attributes(place, host=hit.matcher.text))


def _is_value(text: Text, place: Place, start: int, end: int) -> bool:
    """Whether a token is a value of its own: whole, a word of a command, or a string in an embedded document."""
    if place.kind == "word":
        return True
    if _is_whole(text, place, start, end) or _embedded(text, place, start):
        return True
    if place.end - place.start > _MAX_COMMAND:
        return False
    command = _slice(text, place.start, place.end)
    return "curl " in command if place.block else command.lstrip().startswith(("curl ", "wget ", "http "))


def _is_whole(text: Text, place: Place, start: int, end: int) -> bool:
    """Whether a token is all that its string holds, blanks aside."""
    if start - place.start > _MAX_BLANKS or place.end - end > _MAX_BLANKS:
        return False
    return not (text.content[place.start : start].strip() or text.content[end : place.end].strip())


def _embedded(text: Text, place: Place, start: int) -> bool:
    """Whether a token is a quoted string inside a string that holds a JSON document."""
    document = _slice(text, place.start, min(place.end, place.start + 64)).lstrip(" \t\r\n\\nrt")
    return bool(_DOCUMENT.match(document)) and text.content[start - 1 : start] in {b'"', b"'"}


def _env(text: Text, hit: Hit, place: Place) -> Fact | None:
    name = hit.matcher.text
    whole = _slice(text, place.start, min(place.end, place.start + len(name) + 1))
    config = text.language.configuration or text.language.name == "shell"
    lead = _before(text, hit.start, place.start)
    if place.kind == "name" or whole in {name, name + "="} or (config and _ENV_LEAD.search(lead)):
        return Fact(name, name, _attributes(place))
    return None


def _command(text: Text, hit: Hit, place: Place) -> Fact | None:
    wanted = hit.matcher.text.split()
    if place.kind == "string" and not place.block and not text.language.configuration:
        if place.around.call not in _SPAWNERS or hit.start != place.start:
            return None
        words = " ".join(_STRING.findall(_slice(text, hit.start - 1, place.around.bounds[1]))).split()
    else:
        low = text.content.rfind(b"\n", 0, hit.start) + 1
        if text.language.name in _DOCUMENTS and not (place.block or place.around.key.lower() in _COMMAND_KEYS):
            return None
        if place.kind == "name" or not _COMMAND_LEAD.search(_before(text, hit.start, low)):
            return None
        line_end = text.content.find(b"\n", hit.end)
        words = re.split(r"[\s\"',\]]+", _slice(text, hit.start, len(text.content) if line_end < 0 else line_end))
    return Fact(hit.matcher.text, hit.matcher.text, _attributes(place)) if words[: len(wanted)] == wanted else None


def _model(text: Text, hit: Hit, place: Place) -> Fact | None:
    if place.kind not in {"string", "word"}:
        return None
    start, end = tokens.token(text.content, hit.start, hit.end, place.start, place.end)
    written = _slice(text, start, end).strip(".:/")
    if not tokens.is_model(written, hit.matcher.expression):
        return None
    key = place.around.key
    if not _is_whole(text, place, start, start + len(written)):
        lead = _before(text, start, place.start)
        if _embedded(text, place, start):
            quoted = _JSON_KEY.search(lead)
            key = quoted[1] if quoted else key
        elif not _is_setting(text, place, start):
            return None
    elif place.kind == "word" and not text.language.configuration and not _is_setting(text, place, start):
        return None
    if hit.matcher.keys and not any(part in (key or place.around.call).lower() for part in hit.matcher.keys):
        return None
    shown = f"{key} = {written!r}" if key else _shown(place, written)
    return Fact(written, shown, {**_attributes(place), **({"key": key} if key else {})})


def _is_setting(text: Text, place: Place, start: int) -> bool:
    """Whether what stands before a token on its line sets a model: `--model `, `MODEL=`, `model: `."""
    if not (text.language.configuration or text.language.name == "shell" or place.block):
        return False
    low = text.content.rfind(b"\n", 0, start) + 1
    return bool(_MODEL_LEAD.search(_before(text, start, low)))


def _value(text: Text, hit: Hit, place: Place) -> Fact | None:
    if place.kind not in {"string", "word"}:
        return None
    start, end = tokens.token(text.content, hit.start, hit.end, place.start, place.end)
    written = _slice(text, start, end)
    fits = written.startswith(hit.matcher.text) if hit.matcher.open_ended else written == hit.matcher.text
    if not fits or not (_is_whole(text, place, start, end) or _embedded(text, place, start)) or place.around.is_key:
        return None
    call = place.around.call.lower()
    keys = hit.matcher.keys
    if keys and place.around.key.lower() not in keys and not any(key in call for key in keys):
        return None
    return Fact(written, _shown(place, written), _attributes(place))


def _image(text: Text, hit: Hit, place: Place) -> Fact | None:
    if place.kind not in {"string", "word"}:
        return None
    start, end = tokens.token(text.content, hit.start, hit.end, place.start, place.end)
    written = _slice(text, start, end)
    repository = tokens.image_repository(written)
    fits = repository.startswith(hit.matcher.text) if hit.matcher.open_ended else repository == hit.matcher.text
    if not fits or "://" in written.removeprefix("docker://"):
        return None
    tagged = ":" in written.rpartition("/")[2] or "@sha256:" in written
    named = _IMAGE_KEY.search(place.around.key) or _IMAGE_CALL.search(place.around.call)
    pulled = re.search(r"\b(?:docker|podman|nerdctl)\b.*\b(?:run|pull|create)\b", _before(text, start, 0))
    if not (tagged or named or pulled) or (place.kind == "string" and not _is_value(text, place, start, end)):
        return None
    return Fact(written, _shown(place, written), _attributes(place, repository=repository))


def _resource(text: Text, hit: Hit, place: Place) -> Fact | None:
    if place.kind not in {"string", "word"}:
        return None
    if hit.matcher.expression:
        return _custom_resource(text, hit, place)
    written = _slice(text, place.start, min(place.end, place.start + _MAX_BLANKS * 4))
    kind = written.partition("@")[0]
    if not (kind.startswith(hit.matcher.text) if hit.matcher.open_ended else kind == hit.matcher.text):
        return None
    if text.language.name in {"hcl", "bicep"} and place.around.key.lower() != "type":
        low = text.content.rfind(b"\n", 0, hit.start) + 1
        if not _RESOURCE_LEAD.search(_before(text, hit.start, low)):
            return None
    elif text.language.configuration and place.around.key.lower() not in {"type", "apiversion"}:
        return None
    return Fact(kind, _shown(place, kind), _attributes(place))


def _custom_resource(text: Text, hit: Hit, place: Place) -> Fact | None:
    """A Kubernetes kind counts where its API group is the `apiVersion` of the same document."""
    if place.around.key != "apiVersion" or text.content[hit.end : hit.end + 1] != b"/" or hit.start != place.start:
        return None
    begin = text.content.rfind(b"\n---", 0, hit.start) + 1
    end = text.content.find(b"\n---", hit.end)
    document = text.content[begin : len(text.content) if end < 0 else end]
    ending = rb"" if hit.matcher.open_ended else rb"\b"
    kind = re.compile(rb"[\"']?kind[\"']?\s*:\s*[\"']?" + re.escape(hit.matcher.text.encode()) + ending)
    if not kind.search(document):
        return None
    name = f"{hit.matcher.expression}/{hit.matcher.text}"
    return Fact(name, f"kind = {hit.matcher.text!r}", _attributes(place))


def _action(text: Text, hit: Hit, place: Place) -> Fact | None:
    written = _slice(text, place.start, min(place.end, place.start + _MAX_BLANKS * 4)).strip()
    after = written[len(hit.matcher.text) : len(hit.matcher.text) + 1]
    if not written.lower().startswith(hit.matcher.text.lower()) or after not in {"", "@", "/"}:
        return None
    if place.around.key not in {"uses", "task", "component", "image", "pipe"}:
        return None
    return Fact(written, _shown(place, written), _attributes(place))


def _call(text: Text, hit: Hit, place: Place) -> Fact | None:
    """The model that a function loads: its first argument or a keyword's, where that can be a model identifier."""
    if place.kind != "name":
        return None
    arguments = _slice(text, hit.end, min(hit.end + 400, len(text.content)))
    pattern = _keyword(next(iter(hit.matcher.keys))) if hit.matcher.keys else _FIRST_ARGUMENT
    written = pattern.match(arguments)
    if not written or not _PLAUSIBLE_MODEL.match(written[1]) or _NOT_A_MODEL.search(written[1]):
        return None
    return Fact(written[1], f"{hit.matcher.text}({written[1]!r})", {"call": hit.matcher.text})


def _path(text: Text, hit: Hit, place: Place) -> Fact | None:
    """A path of an API in an address that is put together: `${base}/openai/deployments/${name}/chat`."""
    if place.kind != "string" or place.end - place.start > _MAX_COMMAND:
        return None
    if _BLANKS_OUTSIDE_HOLES.search(_slice(text, place.start, place.end)):
        return None
    return Fact(hit.matcher.text, _shown(place, hit.matcher.text), _attributes(place))


def _switch(text: Text, hit: Hit, place: Place) -> Fact | None:
    """A keyword or key that is set to true."""
    after = _slice(text, hit.end, min(hit.end + _MAX_BLANKS, len(text.content)))
    if place.kind not in {"name", "string"} or not _ON.match(after.lstrip("\"'")):
        return None
    return Fact(hit.matcher.text, f"{hit.matcher.text} = true", _attributes(place))


@cache
def _keyword(name: str) -> re.Pattern[str]:
    return re.compile(rf"\([^)]*?\b{re.escape(name)}\s*[=:]\s*[\"'`]([^\"'`\n]{{2,160}})[\"'`]")


_RULES: Final[Mapping[Region, Callable[[Text, Hit, Place], Fact | None]]] = {
    Region.IMPORT: _import,
    Region.HOST: _host,
    Region.ENV: _env,
    Region.COMMAND: _command,
    Region.IMAGE: _image,
    Region.RESOURCE: _resource,
    Region.ACTION: _action,
    Region.MODEL: _model,
    Region.VALUE: _value,
    Region.CALL: _call,
    Region.PATH: _path,
    Region.SWITCH: _switch,
}
