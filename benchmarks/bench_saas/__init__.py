"""How fast and in how much memory a proxy log is imported, beside ripgrep on the same file."""
