"""From what is on the screen to a document that needs nothing else to be shown again: its sections, put together."""

from dataclasses import dataclass
from datetime import datetime

from backend.explanations.service import Explanations
from backend.links.schemas import Frozen, LinkRequest, Patient, Read
from backend.links.sections import maps, provenance, rhythm, strip, trust
from backend.predictions.context import WindowContext
from backend.predictions.service import Predictor
from backend.trust.service import TrustService
from backend.windows.views import one_window


@dataclass(frozen=True)
class Freezer:
    """What sections are frozen from."""

    predictor: Predictor
    explanations: Explanations
    trust: TrustService

    def freeze(
        self, request: LinkRequest, context: WindowContext, now: datetime, patient: Patient | None, readings: Read
    ) -> Frozen:
        """The document of one window with its explanations, and what they say of its waves."""
        window = one_window(context)
        results = maps.freeze(self.explanations, context, request.explanations)
        return Frozen(
            title=request.title.strip(),
            note=request.note.strip(),
            created=now.isoformat(timespec="seconds"),
            strip=strip.freeze(self.predictor, context),
            window=window,
            prediction=window.prediction,
            explanations=results,
            by_wave=trust.freeze(self.trust, context, results),
            rhythm=rhythm.freeze(context),
            patient=patient,
            readings=readings,
            **dict(provenance.freeze(context)),
        )
