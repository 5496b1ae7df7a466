"""The evidence pack: what the scanner knows, put in the order of the components of an AI management system.

A stored scan, the scope document, the ledger, the register and the inventory database become sections of points and
tables, which are plain data; HTML, Markdown, JSON and CSV are ways to write them down. Nothing here rates or decides.
"""
