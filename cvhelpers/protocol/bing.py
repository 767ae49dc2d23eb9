"""Bing Image Search v7: the words of its parameters, as its specification spells them."""

LICENSES = ("All", "Any", "Public", "Share", "ShareCommercially", "Modify", "ModifyCommercially")
IMAGE_TYPES = ("AnimatedGif", "AnimatedGifHttps", "Clipart", "Line", "Photo", "Shopping", "Transparent")
SIZES = ("All", "Small", "Medium", "Large", "Wallpaper")
ASPECTS = ("All", "Square", "Wide", "Tall")
COLORS = (
    "ColorOnly", "Monochrome", "Black", "Blue", "Brown", "Gray", "Green", "Orange", "Pink", "Purple", "Red", "Teal",
    "White", "Yellow",
)  # fmt: skip
SAFE_SEARCH = ("Off", "Moderate", "Strict")
FRESHNESS = {"Day": 1, "Week": 7, "Month": 31}
"""With the days that each means."""
IMAGE_CONTENT = ("Face", "Portrait")
MODULES = (
    "All", "BRQ", "Caption", "Collections", "Recipes", "PagesIncluding", "RecognizedEntities", "RelatedSearches",
    "ShoppingSources", "SimilarImages", "SimilarProducts", "Tags",
)  # fmt: skip
"""The parts of the answer about one picture, which ``modules`` of ``details`` names."""
MARKET = r"[A-Za-z]{2,3}-[A-Za-z]{2}"
"""What ``mkt`` looks like, as a regular expression: language and country, as "en-US"."""

DEFAULT_COUNT, MAX_COUNT = 35, 150
MAX_QUERY = 200
"""Letters that the service here takes in ``q``: the time that a search needs grows with its words."""
MAX_THUMBNAIL_SIDE = 1024
"""The largest ``w`` and ``h`` of a thumbnail's address, in pixels."""
