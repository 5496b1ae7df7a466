"""Languages and formats as a table: how a file is recognised, which grammar reads it, and how it writes an import."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Language as Grammar


@dataclass(frozen=True, slots=True)
class Language:
    """One language or format.

    Attributes:
        name: Name by which matchers ask for it; dialects share one (`javascript` for TypeScript).
        module: Python module of the tree-sitter grammar; empty for formats that are read line by line.
        function: Function of that module that returns the grammar.
        extensions: Lower-case extensions with their dot.
        filenames: Whole file names, lower case.
        shebangs: Programs of a `#!` line.
        imports: Node kinds of import statements, each with the expression that the text between the start of the
            node and the imported module must match whole.
        import_tail: Characters that may not follow the imported root, beside word characters.
        import_words: Words of which one stands before the root on its line, where it is imported at all; names of
            packages are names of variables too, and a file is not parsed for those.
        quoted: Whether a quotation mark or bracket stands directly before an imported root.
        qualified: Node kinds in which a root may be used by its qualified name, without an import.
        configuration: Whether it is configuration (keys and values) rather than a program.
        container: Whether it holds a program or configuration in another language.
        comment: Prefixes of comments, for formats that are read line by line.
    """

    name: str
    module: str = ""
    function: str = "language"
    extensions: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    shebangs: tuple[str, ...] = ()
    imports: dict[str, re.Pattern[str]] = field(default_factory=dict)
    import_tail: str = ""
    import_words: tuple[bytes, ...] = ()
    quoted: bool = False
    qualified: frozenset[str] = frozenset()
    configuration: bool = False
    container: bool = False
    comment: tuple[str, ...] = ()


def _imports(**kinds: str) -> dict[str, re.Pattern[str]]:
    return {kind: re.compile(expression + r"\Z", re.DOTALL) for kind, expression in kinds.items()}


_JS_IMPORTS = _imports(
    import_statement=r"import\b.*[\"']",
    export_statement=r"export\b.*\bfrom\s*[\"']",
    call_expression=r"(require|import|require\.resolve)\s*\(\s*[\"'`]",
)

LANGUAGES: Final = (
    Language(
        "python", "tree_sitter_python",
        extensions=(".py", ".pyi", ".pyw"), shebangs=("python", "python3", "python2"),
        imports=_imports(
            import_statement=r"import\s+([\w.]+(\s+as\s+\w+)?\s*,\s*)*",
            import_from_statement=r"from\s+",
            call=r"(\w+\.)*(import_module|__import__|find_spec|importorskip)\s*\(\s*[\"']",
        ),
        import_words=(b"import", b"from", b"find_spec"),
        qualified=frozenset({"attribute"}),
    ),
    Language("javascript", "tree_sitter_javascript", extensions=(".js", ".jsx", ".mjs", ".cjs"),
             shebangs=("node", "bun"), imports=_JS_IMPORTS, import_tail="-.", quoted=True),
    Language("javascript", "tree_sitter_typescript", "language_typescript",
             extensions=(".ts", ".mts", ".cts", ".vue", ".svelte"), shebangs=("deno", "tsx", "ts-node"),
             imports=_JS_IMPORTS, import_tail="-.", quoted=True),
    Language("javascript", "tree_sitter_typescript", "language_tsx", extensions=(".tsx",), imports=_JS_IMPORTS,
             import_tail="-.", quoted=True),
    Language("java", "tree_sitter_java", extensions=(".java",), import_words=(b"import",),
             imports=_imports(import_declaration=r"import\s+(static\s+)?")),
    Language("kotlin", "tree_sitter_kotlin", extensions=(".kt", ".kts"), import_words=(b"import",), imports=_imports(**{"import": r"import\s+"})),
    Language("scala", "tree_sitter_scala", extensions=(".scala", ".sc"), import_words=(b"import",),
             imports=_imports(import_declaration=r"import\s+(_root_\.)?")),
    Language("go", "tree_sitter_go", extensions=(".go",), imports=_imports(import_spec=r"([\w.]+\s+)?[\"`]"),
             import_tail="-.", quoted=True),
    Language("rust", "tree_sitter_rust", extensions=(".rs",),
             imports=_imports(use_declaration=r"(pub(\([^)]*\))?\s+)?use\s+(::)?",
                              extern_crate_declaration=r"(pub\s+)?extern\s+crate\s+"),
             qualified=frozenset({"scoped_identifier", "scoped_type_identifier"})),
    Language("csharp", "tree_sitter_c_sharp", extensions=(".cs",), import_words=(b"using",),
             imports=_imports(using_directive=r"(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?")),
    Language("ruby", "tree_sitter_ruby", extensions=(".rb", ".rake", ".gemspec"), filenames=("rakefile",),
             shebangs=("ruby",), imports=_imports(call=r"require\s*\(?\s*[\"']"), import_tail="-",
             qualified=frozenset({"scope_resolution", "call"})),
    Language("php", "tree_sitter_php", "language_php", extensions=(".php",), shebangs=("php",),
             imports=_imports(namespace_use_declaration=r"use\s+(function\s+|const\s+)?\\?"),
             qualified=frozenset({"qualified_name", "scoped_call_expression"})),
    Language("swift", "tree_sitter_swift", extensions=(".swift",), import_words=(b"import",),
             imports=_imports(import_declaration=r"(@\w+\s+)*import\s+(\w+\s+)?")),
    Language("dart", "tree_sitter_dart_orchard", extensions=(".dart",), import_words=(b"package:",),
             imports=_imports(library_import=r"import\s+[\"']package:",
                              import_or_export=r"(import|export)\s+[\"']package:")),
    Language("elixir", "tree_sitter_elixir", extensions=(".ex", ".exs"), shebangs=("elixir",),
             imports=_imports(call=r"(alias|import|use|require)\s+"), qualified=frozenset({"dot"})),
    Language("cpp", "tree_sitter_cpp",
             extensions=(".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".cu", ".ino"),
             imports=_imports(preproc_include=r"#\s*include\s*[<\"]"), import_tail="-", import_words=(b"include",)),
    Language("shell", "tree_sitter_bash", extensions=(".sh", ".bash", ".zsh", ".ksh"),
             shebangs=("sh", "bash", "zsh", "dash", "ksh")),
    Language("yaml", "tree_sitter_yaml", extensions=(".yaml", ".yml", ".prompty"), configuration=True),
    Language("json", "tree_sitter_json",
             extensions=(".json", ".jsonc", ".json5", ".template", ".webmanifest", ".flow"),
             configuration=True),
    Language("toml", "tree_sitter_toml", extensions=(".toml",), filenames=("pipfile",), configuration=True),
    Language("hcl", "tree_sitter_hcl", extensions=(".tf", ".hcl", ".tfvars", ".tofu"), configuration=True),
    Language("notebook", extensions=(".ipynb",), container=True),
    Language("markdown", filenames=("readme.md",), container=True),
    Language("dockerfile", extensions=(".dockerfile", ".containerfile"), filenames=("dockerfile", "containerfile"),
             configuration=True, comment=("#",)),
    Language("bicep", extensions=(".bicep",), configuration=True, comment=("//",)),
    Language("properties", extensions=(".env", ".properties", ".ini", ".cfg", ".conf"),
             filenames=("procfile", "modelfile"), configuration=True, comment=("#", ";", "!", "//")),
)  # fmt: skip
"""Every language and format that is read for literals. Manifests have parsers of their own beside this."""

_BY_EXTENSION: Final = {extension: language for language in LANGUAGES for extension in language.extensions}
_BY_FILENAME: Final = {name: language for language in LANGUAGES for name in language.filenames}
_BY_SHEBANG: Final = {program: language for language in LANGUAGES for program in language.shebangs}
_BY_NAME: Final = {language.name: language for language in reversed(LANGUAGES)}
_BY_PREFIX: Final = (("dockerfile.", "dockerfile"), ("containerfile.", "dockerfile"), (".env", "properties"))
_SHEBANG: Final = re.compile(rb"#!\s*\S*/(?:env\s+(?:-\S+\s+)*)?([\w-]+)")


def named(name: str) -> Language:
    """The first language of that name."""
    return _BY_NAME[name]


def of_path(path: str) -> Language | None:
    """The language of a file by its name, or none where the name does not say."""
    base = path.rpartition("/")[2].lower()
    language = _BY_EXTENSION.get("." + base.rpartition(".")[2]) or _BY_FILENAME.get(base)
    if language is None:
        return next((named(name) for prefix, name in _BY_PREFIX if base.startswith(prefix)), None)
    return language


def of_shebang(head: bytes) -> Language | None:
    """The language of a script by its `#!` line."""
    if not head.startswith(b"#!") or not (found := _SHEBANG.match(head)):
        return None
    program = found[1].decode()
    return _BY_SHEBANG.get(program) or _BY_SHEBANG.get(program.rstrip("0123456789."))


@cache
def grammar(language_module: str, function: str) -> Grammar:
    """The tree-sitter grammar, loaded once a process and only when a file needs it."""
    import warnings

    from tree_sitter import Language as Grammar

    with warnings.catch_warnings():
        # Some grammar packages still hand over their pointer as an integer; the binding takes it and warns.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Grammar(getattr(import_module(language_module), function)())
