"""The command line: a table of commands, each in a module of its own that is imported when it runs.

Exit codes of `scan` are in `scanner.exit_codes`; errors that a user can mend end in a sentence, never in a traceback.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Final

import click

from scanner import __version__
from scanner.exit_codes import ExitCode

COMMANDS: Final = {
    "init": ("scanner.commands.init", "write settings and a scope document to start from"),
    "scan": ("scanner.commands.scan", "find AI systems and hold them against the declared scope"),
    "gate": ("scanner.commands.gate", "tell what a change adds or alters, and which decisions it asks for"),
    "review": ("scanner.commands.review", "the decisions that are needed, most urgent first"),
    "decide": ("scanner.commands.decide", "record a decision about a system"),
    "approve": ("scanner.commands.approve", "approve or reject a proposed decision"),
    "explain": ("scanner.commands.explain", "why a system is one, where it was seen, what was decided"),
    "report": ("scanner.commands.report", "write any report of a stored scan"),
    "scope": ("scanner.commands.scope", "import, validate, test and render the scope document"),
    "evidence": ("scanner.commands.evidence", "write the evidence that an auditor of the management system asks for"),
    "ledger": ("scanner.commands.ledger", "verify and show the decision ledger"),
    "import": ("scanner.commands.import_", "read an export, a log or an SBOM as a source"),
    "connector": ("scanner.commands.connector", "try the rows that you write for a vendor"),
    "permissions": ("scanner.commands.permissions", "print the least that a connector needs to be allowed"),
    "doctor": ("scanner.commands.doctor", "say which calls the present credentials can make"),
    "catalog": ("scanner.commands.catalog", "list, show and check the knowledge base"),
}
"""Command to the module that holds it (as `command`) and its summary."""

COLLECT_AFTER: Final = (50_000, 20, 100)
"""Garbage is looked for rarely: most of what a run makes lives to its end, and looking took a quarter of the time of
`review` on 100,000 systems, for no less memory."""


class _Commands(click.Group):
    """Imports a command only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aimscope")
@click.option("-v", "--verbose", count=True, help="Tell more on the error stream; twice for details of faults.")
@click.option("-q", "--quiet", is_flag=True, help="Tell only what went wrong.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="Shape of the log.")
def cli(verbose: int, quiet: bool, log_format: str) -> None:
    """Discovers the AI systems that an organisation runs, and holds them against its declared AIMS scope."""
    from scanner.log import configure

    configure(verbose, quiet=quiet, form=log_format)


def main() -> None:
    """Runs the command line. A fault of ours ends with exit code 70 and a sentence; its details go to the log."""
    gc.set_threshold(*COLLECT_AFTER)
    try:
        sys.exit(cli(standalone_mode=False) or ExitCode.GOOD)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("aimscope: stopped; what was recorded before stays recorded", err=True)
        sys.exit(ExitCode.INCOMPLETE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(ExitCode.GOOD)
    except Exception as error:  # the last resort: a sentence instead of a traceback
        from scanner.log import fault

        fault(error)
        sys.exit(ExitCode.FAULT)


if __name__ == "__main__":
    main()
