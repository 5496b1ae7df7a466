"""Reports of a scan. Every one opens with what was covered and what was not, and escapes what came from a source."""
