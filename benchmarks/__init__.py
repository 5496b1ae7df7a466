"""What must be fast and what must be true, measured beside what a user would run instead."""
