"""Builds what a start would otherwise make of the knowledge base's YAML into the wheel, so that the first start is quick."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalog(BuildHookInterface[Any]):
    """Adds the folder that `classifiers.compiled` looks into first."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles the bundled rows. An editable install reads the YAML, which may change under it."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from classifiers.catalog import load
        from classifiers.compiled import BROUGHT_ALONG
        from classifiers.products import load_products

        folder = tempfile.mkdtemp()
        load(cache=Path(folder))
        load_products(cache=Path(folder))
        build_data["force_include"][folder] = f"classifiers/{BROUGHT_ALONG.name}"
