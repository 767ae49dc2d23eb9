"""The five quickstarts, run again: requests to the service, answers as data, figures that say what they show.

    import cvhelpers as cv

    session = cv.connect()                      # nobody needs a key
    vision = cv.VisionClient(session)
    picture = cv.sample("street-at-night")
    cv.show_caption(picture, vision.analyze(picture))

The public names stand in ``__init__.pyi``. They are imported when they are first used, so that importing the package
costs next to nothing.
"""

import lazy_loader

__version__ = "1.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
