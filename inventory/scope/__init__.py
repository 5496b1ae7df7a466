"""The declared scope: its document, its conditions, and how it is read."""
