"""Reads code repositories: manifests, sources by syntax tree, configuration and model files.

What to look for is handed in as opaque `Matchers`; the meaning of a match is not known here.
"""
