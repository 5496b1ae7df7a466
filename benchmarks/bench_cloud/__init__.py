"""How completely and how fast AWS is scanned: docs/benchmark-cloud.md."""
