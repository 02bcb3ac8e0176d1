"""Results of bulk requests without what somebody must not see yet."""

from backend.blinding.visibility import Visibility
from backend.bulk.schemas import BulkResultsResponse


def results(out: BulkResultsResponse, visibility: Visibility, id: str) -> BulkResultsResponse:
    """Explanations of beats that are not hidden; from now on this person may ask for each by its id."""
    if visibility.unrestricted:
        return out
    sha256 = visibility.recording_of(id)
    pairs = zip(out.samples, out.ids, visibility.of(sha256).models(out.samples), strict=True)
    shown = [(sample, found) for sample, found, hide in pairs if not hide]
    for sample, found in shown:
        if found is not None:
            visibility.results.add(found, (sha256, frozenset([sample])))
    return BulkResultsResponse(samples=[sample for sample, _ in shown], ids=[found for _, found in shown])
