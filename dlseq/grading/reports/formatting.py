"""Number formats shared by all reports."""

__all__ = ["format_points"]


def format_points(number: float) -> str:
    """Format points with at most two decimals.

    Example:
        >>> format_points(100.0), format_points(33.333333), format_points(12.5)
        ('100', '33.33', '12.5')
    """
    return f"{number:.2f}".rstrip("0").rstrip(".")
