"""The twelve names of colours that both services used.

Bing Image Search filters by them. Computer Vision answers with them, and writes "Grey" for "Gray".
"""

COLOR_NAMES = (
    "Black",
    "Blue",
    "Brown",
    "Gray",
    "Green",
    "Orange",
    "Pink",
    "Purple",
    "Red",
    "Teal",
    "White",
    "Yellow",
)
WITHOUT_COLOR = ("Black", "Gray", "White")
