"""Responses about vocabularies."""

from pydantic import BaseModel


class VocabularyLabel(BaseModel):
    """One thing that can be said of a beat, a stretch or a recording."""

    code: str  # as stored: "V", "AFIB"
    name: str  # spelled out
    short: str  # for narrow places
    group: str  # what it counts as: an AAMI class, a kind of rhythm
    colour_group: str  # labels of one colour
    key: str | None  # that a reader presses; null: chosen from a list


class VocabularyResponse(BaseModel):
    """A set of labels that belong together, in their order on the screen."""

    name: str
    title: str
    labels: list[VocabularyLabel]


class VocabulariesResponse(BaseModel):
    """Every vocabulary, and what may be said of any window beside its labels."""

    vocabularies: list[VocabularyResponse]
    others: list[str]  # "artefact", "cannot say"
