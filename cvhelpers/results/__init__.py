"""What an answer says: the service's JSON, of any version, as small frozen dataclasses.

=============  =============================================================================
`analysis`     `ImageAnalysis`: what is in a picture
`analysis_v4`  the same as Image Analysis 4.0 answers
`domain`       `DomainAnalysis`: famous people or places
`printed`      `OcrResult`: printed text, as ``ocr`` answers
`written`      `ReadResult`: handwritten or printed text, as ``recognizeText`` and ``read`` answer
`search`       `ImageSearchResults`: the pictures that a search found
`shapes`       boxes, polygons, the one shape of a row, and what all results have
`fields`       reading JSON without ever raising a KeyError
=============  =============================================================================

Computer Vision v1.0 to v3.2 and Bing Image Search v7 are read alike. A result knows nothing of HTTP and draws
nothing. Confidences run from 0 to 1. Whatever a dataclass has no field for is still in ``raw``. Each result has
``to_rows()``, and ``to_dataframe()`` where pandas is installed; those that are lists have a length and an index.

>>> result = OcrResult.from_json({"language": "en", "textAngle": 0.0, "orientation": "Up", "regions": [
...     {"boundingBox": "21,16,304,51", "lines": [
...         {"boundingBox": "28,16,288,41", "words": [{"boundingBox": "28,16,288,41", "text": "NOTHING"}]}]}]})
>>> str(result), result[0].box.width
('NOTHING', 288)
"""

from .analysis import ImageAnalysis as ImageAnalysis
from .domain import DomainAnalysis as DomainAnalysis
from .domain import DomainModel as DomainModel
from .printed import OcrResult as OcrResult
from .search import ImageResult as ImageResult
from .search import ImageSearchResults as ImageSearchResults
from .shapes import Box as Box
from .shapes import Polygon as Polygon
from .shapes import Rows as Rows
from .shapes import Tabular as Tabular
from .shapes import corners as corners
from .shapes import scaled as scaled
from .written import ReadLine as ReadLine
from .written import ReadResult as ReadResult

Result = ImageAnalysis | OcrResult | ReadResult
"""What the operations on a picture answer."""
