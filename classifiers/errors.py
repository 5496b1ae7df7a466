"""What is wrong with the knowledge base."""


class CatalogError(Exception):
    """Rows are wrong. The message names file, row, what is wrong and the mend, one problem a line."""
