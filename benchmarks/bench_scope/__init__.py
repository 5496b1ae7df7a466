"""How fast a large estate is held against a large scope document, and whether the time grows with their sizes only."""
