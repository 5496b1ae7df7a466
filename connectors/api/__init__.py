"""What every connector that asks over a network shares: one policy, one HTTP client, redaction, the evidence archive."""
