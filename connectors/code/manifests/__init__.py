"""What a project declares that it depends on: manifests and lock files of every ecosystem, read and never run."""

from connectors.code.manifests.model import Dependency, DependencyScope, Manifest, Problem, Project, Wanted
from connectors.code.manifests.table import PARSERS, Parser, parse, recognise

__all__ = [
    "PARSERS",
    "Dependency",
    "DependencyScope",
    "Manifest",
    "Parser",
    "Problem",
    "Project",
    "Wanted",
    "parse",
    "recognise",
]
