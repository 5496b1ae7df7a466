"""What is known and what was decided: AI systems, the declared scope, the reconciler and the decision ledger."""
