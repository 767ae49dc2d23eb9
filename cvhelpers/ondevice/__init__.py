"""The service, answered on this computer. Needs the extra: pip install "cvhelpers[ondevice]".

This is the only door: what stands in ``__init__.pyi`` is what the rest of the package may use of it.

=============  =================================================================================
`service`      the REST protocol of Computer Vision and Bing, over HTTP or in this process
`engine`       the models that read, tag and describe pictures
`library`      the pictures that the image search searches
=============  =================================================================================

What is behind the door imports `cvhelpers.protocol`, and nothing else of the package.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
