"""The scope statement of the AI management system as a document that one hands to an auditor.

A stored scan, the scope document and the ledger become one frozen `Statement`; `sections` gives it the order and the words
of a document, as blocks without markup; Markdown, HTML, DOCX and PDF are four ways to write the same blocks down.
"""
