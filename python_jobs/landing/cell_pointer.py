"""Where the cell of a column stands in a landed row; the models say it by their macro json_key."""


def cell_pointer(column: str) -> str:
    """SQL for the JSON pointer (RFC 6901) to the column that a SQL expression names."""
    return f"'/' || replace(replace({column}, '~', '~0'), '/', '~1')"


def cell_pointers(columns: str) -> str:
    """The same for a SQL expression of a list of columns: a list of pointers."""
    return f"list_transform({columns}, lambda item: {cell_pointer('item')})"
