"""What readers rated, how sure they were and how plausible an explanation is, by who was right."""

from collections.abc import Sequence
from typing import Literal

from backend.sessions.log import Read
from backend.sessions.regions import estimate
from backend.sessions.result_schemas import RatingResponse, RatingsResponse
from backend.sessions.session_data import SessionData
from models.evaluation.readers import mean

SCORES = range(1, 6)
Rating = Literal["certainty", "plausibility"]
Judged = Literal["reader", "model"]
KINDS: tuple[tuple[Rating, Judged], ...] = (
    ("certainty", "reader"),
    ("certainty", "model"),
    ("plausibility", "model"),
)


def ratings(data: SessionData) -> list[RatingsResponse]:
    """Each rating apart by whether the reader's first label, or the model's output, was the reference."""
    return [_rated(data, rating, of) for rating, of in KINDS]


def _rated(data: SessionData, rating: Rating, of: Judged) -> RatingsResponse:
    scores: dict[bool, list[tuple[int, int]]] = {True: [], False: []}  # whether right → position, score
    for (_, position), read in data.reads.items():
        score, right = getattr(read, rating), _is_right(data, position, read, of)
        if score is not None and right is not None:
            scores[right].append((position, score))
    return RatingsResponse(rating=rating, of=of, right=_rating(data, scores[True]), wrong=_rating(data, scores[False]))


def _is_right(data: SessionData, position: int, read: Read, of: Judged) -> bool | None:
    return data.model_is_right(position) if of == "model" else data.reader_is_right(position, read)


def _rating(data: SessionData, rated: Sequence[tuple[int, int]]) -> RatingResponse:
    """Recordings stand for patients."""
    hashes = sorted({item.recording_sha256 for item in data.items})
    patients = [hashes.index(data.items[position].recording_sha256) for position, _ in rated]
    found = [score for _, score in rated]
    return RatingResponse(**dict(estimate(mean(found, patients))), counts=[found.count(one) for one in SCORES])
