"""Results of bulk requests without what somebody must not see yet."""

from backend.blinding.visibility import Visibility
from backend.bulk.schemas import BulkJobResponse, BulkJobsResponse, BulkResultsResponse
from backend.bulk.service import BulkService
from backend.errors import SealedError


def jobs(found: list[BulkJobResponse], bulk: BulkService, visibility: Visibility) -> BulkJobsResponse:
    """Jobs of recordings in which nothing is hidden, and this person's own: how many beats a class has would tell."""
    return BulkJobsResponse(jobs=[job for job in found if visibility.unrestricted or _shown(job, bulk, visibility)])


def _shown(job: BulkJobResponse, bulk: BulkService, visibility: Visibility) -> bool:
    if not visibility.affects(job.recording, bulk.predictor.repository.checksum(job.recording)):
        return True
    try:
        visibility.check_result(job.progress.id)
    except SealedError:
        return False
    return True


def results(out: BulkResultsResponse, bulk: BulkService, visibility: Visibility, id: str) -> BulkResultsResponse:
    """Explanations of windows that are not hidden; from now on this person may ask for each by its id."""
    if visibility.unrestricted:
        return out
    sha256, intervals = bulk.predictor.located(*bulk.seen_in(id), out.at)
    hidden = visibility.of(sha256).model.affects([start for start, _ in intervals], [end for _, end in intervals])
    shown = [
        row for row, sealed in zip(zip(out.at, out.ids, intervals, strict=True), hidden, strict=True) if not sealed
    ]
    for _, found, interval in shown:
        if found is not None:
            visibility.results.add(found, (sha256, frozenset([interval])))
    return BulkResultsResponse(at=[at for at, _, _ in shown], ids=[found for _, found, _ in shown])
