"""How fast declared inventories are imported, and in how much memory."""
