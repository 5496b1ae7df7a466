"""The register `aims-register.yaml`: what people write about the risks of each system in scope, and about non-conformities.

The file holds what people fill in and what scans have shown over time; facts and open questions are worked out anew for
every sheet and every evidence pack. Rows are keyed by system and category, or by what does not conform; none is ever deleted.
"""
