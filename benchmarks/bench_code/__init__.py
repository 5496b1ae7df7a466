"""How fast and how heavy scanning code is, beside one `rg` pass and beside airom; see docs/benchmark-code.md."""
