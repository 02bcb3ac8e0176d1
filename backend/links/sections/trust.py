"""What the maps say of the waves, and how far they hold up."""

from collections.abc import Sequence

from backend.predictions.context import WindowContext
from backend.trust.schemas import ByWaveRequest, ByWaveResponse
from backend.trust.service import TrustService
from models.explanations.explanation import Explanation


def freeze(trust: TrustService, context: WindowContext, results: Sequence[Explanation]) -> ByWaveResponse | None:
    """Shares by wave, and the maps' judgements as far as they are known; None where there is no map."""
    if not results:
        return None
    request = ByWaveRequest(
        recording=context.record.id,
        at=context.at,
        lead=context.record.leads[context.lead],
        model=context.model.card.id,
        target=results[0].target.symbol,
        explanations=[result.id for result in results],
    )
    return trust.by_wave(request)
