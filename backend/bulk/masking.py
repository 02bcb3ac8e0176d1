"""Results of bulk requests without what somebody must not see yet."""

from backend.blinding.visibility import Visibility
from backend.bulk.schemas import BulkResultsResponse
from backend.bulk.service import BulkService


def results(out: BulkResultsResponse, bulk: BulkService, visibility: Visibility, id: str) -> BulkResultsResponse:
    """Explanations of windows that are not hidden; from now on this person may ask for each by its id."""
    if visibility.unrestricted:
        return out
    sha256, intervals = bulk.predictor.located(*bulk.seen_in(id), out.samples)
    hidden = visibility.of(sha256).model.affects([start for start, _ in intervals], [end for _, end in intervals])
    shown = [
        row for row, hide in zip(zip(out.samples, out.ids, intervals, strict=True), hidden, strict=True) if not hide
    ]
    for _, found, interval in shown:
        if found is not None:
            visibility.results.add(found, (sha256, frozenset([interval])))
    return BulkResultsResponse(samples=[sample for sample, _, _ in shown], ids=[found for _, found, _ in shown])
