"""The inventory database: every scan, and when each system was first and last seen.

Importing this package imports SQLAlchemy, so do it where a database is opened. Neither the identity of a system nor a
decision depends on it: losing the database loses history, not governance.
"""

from inventory.database.errors import InventoryError
from inventory.database.inventory import Inventory

__all__ = ["Inventory", "InventoryError"]
