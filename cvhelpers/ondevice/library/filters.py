"""The filters of a query as conditions of SQL on the columns of `store.PICTURES`."""

from typing import Any

from .query import PERMITTED, Query

_KINDS = {
    "Photo": "kind = 'Photo'",
    "Clipart": "kind = 'Clipart'",
    "Line": "kind = 'Line'",
    "Transparent": "transparent = 1",
}

# Bing's sizes in pixels; a wallpaper is a wide picture that fills the smallest common screen.
_SIZES = {
    "Small": "width < 200 AND height < 200",
    "Medium": "NOT (width < 200 AND height < 200) AND NOT (width >= 500 AND height >= 500)",
    "Large": "width >= 500 AND height >= 500",
    "Wallpaper": "width >= 1024 AND width > height",
}

# Wider or taller than this is not square any more; Bing does not say where it draws the line.
_ASPECTS = {
    "Square": "width <= 1.2 * height AND height <= 1.2 * width",
    "Wide": "width > 1.2 * height",
    "Tall": "height > 1.2 * width",
}

_RANGES = {
    "width": "width = ?",
    "height": "height = ?",
    "min_width": "width >= ?",
    "max_width": "width <= ?",
    "min_height": "height >= ?",
    "max_height": "height <= ?",
    "min_file_size": "file_size >= ?",
    "max_file_size": "file_size <= ?",
}


def conditions(query: Query) -> tuple[str, list[Any]]:
    """An SQL condition on `pictures` and the values of its parameters.

    >>> conditions(Query(image_type="Photo", min_width=500))
    ("kind = 'Photo' AND width >= ?", [500])
    """
    parts: list[str] = []
    values: list[Any] = []
    if allowed := PERMITTED[query.license or "All"]:
        parts.append(f"permits IN ({', '.join('?' * len(allowed))})")
        values += allowed
    if query.image_type:
        parts.append(_KINDS.get(query.image_type, "0"))  # no animations, nothing for sale
    if query.size and query.size != "All":
        parts.append(_SIZES[query.size])
    if query.aspect and query.aspect != "All":
        parts.append(_ASPECTS[query.aspect])
    if query.color in ("Monochrome", "ColorOnly"):
        parts.append("monochrome = 1" if query.color == "Monochrome" else "monochrome = 0")
    elif query.color:
        parts.append("colors LIKE ?")
        values.append(f"%,{query.color},%")
    for name, condition in _RANGES.items():
        if (limit := getattr(query, name)) is not None:
            parts.append(condition)
            values.append(limit)
    if query.published_since:
        parts.append("published >= ?")
        values.append(query.published_since.isoformat())
    return " AND ".join(parts) or "1", values
