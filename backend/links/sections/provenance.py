"""Where everything on the page comes from: the recording and the model, as they were."""

from backend.links.schemas import LinkModel, LinkRecord, Provenance
from backend.predictions.context import WindowContext
from models.explanations.explaining import versions


def freeze(context: WindowContext) -> Provenance:
    """The recording, the window's place in it, the model and the versions of what computed."""
    return Provenance(record=_record(context), model=_model(context), versions=versions())


def _record(context: WindowContext) -> LinkRecord:
    record, (start, end) = context.record, context.interval
    return LinkRecord(
        id=record.id,
        name=record.name,
        kind=record.kind,
        lead=record.leads[context.lead],
        leads=list(record.leads),
        fs=record.fs,
        sha256=record.sha256,
        synthetic=record.synthetic,
        credit=record.credit,
        time=context.at / record.fs,
        at=context.at,
        start=start,
        end=end,
    )


def _model(context: WindowContext) -> LinkModel:
    card = context.model.card
    return LinkModel(
        id=card.id,
        title=card.title,
        weights_sha256=context.model.weights_sha256,
        input=card.input,
        output=card.output,
        vocabulary=card.vocabulary,
        limits=list(card.limits),
        leaks_patients=card.leaks_patients,
        seen=context.model.seen(context.record),
    )
