"""Which leads of a recording a model reads, by their names, and in which unit."""

from collections.abc import Sequence

from models.cards import Card, Channel, InputSpec, key
from models.errors import UnsupportedError
from models.records.record import Record
from models.records.stated import MILLIVOLTS

Channels = tuple[int | None, ...]  # the recording's leads in the network's order; None: it has not got this one
WORDS = {"ecg": "an ECG", "series": "a series of measurements", "image": "an image"}


def check_kind(record: Record, card: Card) -> None:
    """UnsupportedError where the model reads another kind of recording."""
    if record.kind != card.reads:
        message = f"{card.id} reads {WORDS[card.reads]}, {record.id} is {WORDS[record.kind]}"
        raise UnsupportedError(message, field="model")


def channels_of(record: Record, card: Card, lead: int) -> Channels:
    """Indices of the leads that the model reads, in its order; None for an optional one that the recording has not.

    Those it names; if it names none, the lead in view, or as many as it reads from the first on.
    """
    check_kind(record, card)
    spec = card.input
    if spec.channels:
        return match_channels(record.leads, spec.channels, card.id)
    if spec.leads == 1:
        return (lead,)
    if spec.leads > len(record.leads):
        message = f"{card.id} reads {spec.leads} leads, {record.id} has {len(record.leads)}"
        raise UnsupportedError(f"{message}: {', '.join(record.leads)}", field="model")
    return tuple(range(spec.leads))


def untrained(record: Record, card: Card, lead: int) -> list[str]:
    """The leads that the model reads of this recording and was not trained on; none where it cannot read it."""
    try:
        return card.untrained([record.leads[index] for index in channels_of(record, card, lead) if index is not None])
    except UnsupportedError:
        return []


def match_channels(record_leads: Sequence[str], channels: Sequence[Channel], reader: str = "The model") -> Channels:
    """Index of each channel's lead, found by name or alias, whatever the case and spaces, wherever it stands.

    None for an optional channel that is missing. UnsupportedError names the others that are; and all, if none is there.
    """
    known: dict[str, int] = {}
    for index, name in enumerate(record_leads):
        known.setdefault(key(name), index)
    found = [next((known[name] for name in map(key, channel.names) if name in known), None) for channel in channels]
    nothing = all(index is None for index in found)
    missing = [
        channel.name
        for channel, index in zip(channels, found, strict=True)
        if index is None and (nothing or not channel.optional)
    ]
    if missing:
        wanted = ", ".join(channel.name for channel in channels)
        there = ", ".join(record_leads)
        message = f"{reader} reads {wanted}, and this recording has no {', '.join(missing)}: it has {there}"
        raise UnsupportedError(message, field="model", options=tuple(record_leads))
    return tuple(found)


def missing(channels: Channels, spec: InputSpec) -> list[str]:
    """Names of the optional channels that the recording has not."""
    return [spec.channels[row].name for row, index in enumerate(channels) if index is None]


def stand_ins(record: Record, channels: Channels, spec: InputSpec) -> dict[str, str]:
    """Channel → the lead that is read in its place, where that is another one."""
    found = {}
    for channel, index in zip(spec.channels, channels, strict=False):
        if index is not None and key(record.leads[index]) in map(key, channel.substitutes):
            found[channel.name] = record.leads[index]
    return found


def conversion(record: Record, lead: int, spec: InputSpec, row: int) -> float:
    """What a lead's values are multiplied with to be in the unit of the network's channel `row`.

    A model that names no channels reads millivolts. UnsupportedError where one unit is no multiple of the other.
    """
    own = record.units[lead]
    wanted = spec.channels[row].unit if spec.channels else "mV" if record.kind == "ecg" else own
    if own == wanted:
        return 1.0
    a, b = (MILLIVOLTS.get(unit.strip().lower()) for unit in (own, wanted))
    if a is None or b is None:
        name = record.leads[lead]
        raise UnsupportedError(f"{name} is read in {wanted}, this recording has it in {own}", field="model")
    return a / b
