"""Where facts come from: code repositories, cloud accounts, SaaS tenants and imported files.

A connector knows how to ask a source and what it answered. It does not know what AI is.
"""
