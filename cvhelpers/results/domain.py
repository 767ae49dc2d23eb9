"""What a domain model knows: famous people, or famous buildings and places."""

from __future__ import annotations

from dataclasses import dataclass, field

from .analysis import Celebrity, Landmark, read_celebrity, read_landmark
from .fields import Json, json_object, missing, read_all, text, text_if_any, whole_if_any, words
from .shapes import ResultList, Rows, row


@dataclass(frozen=True)
class DomainModel:
    """A model for one kind of thing, and the categories whose pictures it was made for.

    >>> DomainModel.from_json({"name": "landmarks", "categories": ["building_"]})
    DomainModel(name='landmarks', categories=('building_',))
    """

    name: str
    categories: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Json) -> DomainModel:
        """Read one item of the answer of ``models``."""
        return cls(text(data, "name", "a model"), words(data, "categories", "a model"))


@dataclass(frozen=True)
class DomainAnalysis(ResultList[Celebrity | Landmark]):
    """Whom or what a domain model knows in a picture. Iteration and ``[n]`` give them.

    ``sent`` says what was done to the picture before it was sent; empty if nothing.

    >>> body = {"result": {"landmarks": [{"name": "Space Needle", "confidence": 0.99}]}}
    >>> str(DomainAnalysis.from_json(body, "landmarks"))
    'Space Needle'
    """

    model: str = ""
    found: tuple[Celebrity | Landmark, ...] = ()
    width: int | None = None
    height: int | None = None
    request_id: str = ""
    source: str = ""
    sent: str = ""
    raw: Json = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, body: object, model: str, source: str = "") -> DomainAnalysis:
        """Read the answer of ``models/celebrities/analyze`` or ``models/landmarks/analyze``."""
        data = json_object(body, "an analysis by a domain model")
        if "result" not in data:
            raise missing("an analysis by a domain model", "result", data)
        result = json_object(data["result"], "result")
        metadata = json_object(data.get("metadata") or {}, "metadata")
        return cls(
            model=model,
            found=(*read_all(result, "celebrities", read_celebrity), *read_all(result, "landmarks", read_landmark)),
            width=whole_if_any(metadata, "width", "metadata"),
            height=whole_if_any(metadata, "height", "metadata"),
            request_id=text_if_any(data, "requestId", "the answer"),
            source=source,
            raw=data,
        )

    def _found(self) -> tuple[Celebrity | Landmark, ...]:
        return self.found

    def __str__(self) -> str:
        return ", ".join(one.name for one in self.found) or f"(no {self.model} known)"

    def to_rows(self) -> Rows:
        """A row for each person or place: its number from 1, the name, the confidence, and where a face is."""
        return [_row(n, one) for n, one in enumerate(self.found, start=1)]


def _row(number: int, one: Celebrity | Landmark) -> dict[str, object]:
    if isinstance(one, Celebrity):
        return row(number, "celebrity", one.name, one.confidence, one.box)
    return row(number, "landmark", one.name, one.confidence)
