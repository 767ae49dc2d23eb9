"""Pictures that one can see through."""

from PIL import Image


def see_through(image: Image.Image) -> bool:
    """Whether a part of the picture is transparent, more than half.

    >>> see_through(Image.new("RGBA", (2, 2))), see_through(Image.new("RGB", (2, 2)))
    (True, False)
    >>> see_through(Image.new("RGBA", (2, 2), (0, 0, 0, 127))), see_through(Image.new("RGBA", (2, 2), (0, 0, 0, 128)))
    (True, False)
    """
    return image.has_transparency_data and any(image.convert("RGBA").getchannel("A").histogram()[:128])


def on_white(image: Image.Image) -> Image.Image:
    """The picture in RGB, on white where it is transparent.

    >>> on_white(Image.new("RGBA", (2, 2))).getpixel((0, 0))
    (255, 255, 255)
    """
    if not image.has_transparency_data:
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return paper
