"""A group of beats or other windows in words, from its numbers; also the text alternative of its tile."""

from collections.abc import Sequence

from frontend import format
from frontend.api import JSON
from frontend.wording.naming import Naming

BEATS = Naming()
READER = {"artefact": "artefact", "cannot say": "cannot say"}  # labels that are no class


def title(group: JSON, naming: Naming = BEATS) -> str:
    """`PVC, output Paced`; `PVC, agreed`; `Output PVC`; `Read as PVC`; `Shape 1, mostly Normal`."""
    reference, output, short = group["reference"], group["output"], naming.short
    if group["reader"]:
        return f"Read as {READER.get(group['reader']) or short(group['reader'])}"
    if reference and output:
        return f"{short(reference)}, agreed" if reference == output else f"{short(reference)}, output {short(output)}"
    return f"Output {short(output)}" if output else f"{str(group['key']).capitalize()}{_mostly(group, naming)}"


def _mostly(group: JSON, naming: Naming) -> str:
    """`, mostly Normal`, by the reference, else by the output; nothing where no class has half of the beats."""
    symbol, count = next(iter((group["references"] or group["outputs"]).items()), ("", 0))
    if 2 * count < group["count"] or not count:
        return ""
    what = naming.short(symbol) if group["references"] else f"output {naming.short(symbol)}"
    return f", all {what}" if count == group["count"] else f", mostly {what}"


def sentence(group: JSON, groups: Sequence[JSON], total: int, reads_rr: bool, naming: Naming = BEATS) -> str:
    """What the numbers say of a group, among the others; `total` beats, or other windows, in all."""
    parts = [_members(group, groups, total, naming)]
    if not group["reference"]:
        parts += [_listed("Reference", group["references"], naming)]
    if not group["output"]:
        parts += [_listed("Output", group["outputs"], naming)]
    return " ".join(part for part in [*parts, _rhythm(group, groups, reads_rr, naming)] if part)


def selected(group: JSON, naming: Naming = BEATS) -> str:
    """`mean output Paced 0.66`: the most frequent output, and the mean probability of the outputs."""
    if not group["outputs"]:
        return "no output"
    most, count = next(iter(group["outputs"].items()))
    only = "mean output" if count == group["count"] else "most often"
    return f"{only} {naming.short(most)} {format.probability(group['probability'])}"


def _members(group: JSON, groups: Sequence[JSON], total: int, naming: Naming) -> str:
    reference, output, one, short = group["reference"], group["output"], group["count"] == 1, naming.short
    have = "has" if one else "have"
    if reference and output:
        same = sum(other["count"] for other in groups if other["reference"] == reference)
        known = any(output in other["references"] for other in groups)
        none = "" if known else f"; the reference has no {short(output)} {naming.noun} in this record"
        who = f"{_share(group, same, naming)} with the reference {short(reference)}"
        return f"{who} {have} the output {short(output)}{none}."
    who = _share(group, total, naming)
    if group["reader"]:
        return f"{who} {'was' if one else 'were'} read as {READER.get(group['reader']) or short(group['reader'])}."
    return f"{who} {have} the output {short(output)}." if output else f"{who} {have} this shape."


def _share(group: JSON, total: int, naming: Naming) -> str:
    """`642 of 992 beats`; `All 992 beats`; `The only beat`."""
    if group["count"] < total:
        return f"{format.count(group['count'])} of {naming.many(total)}"
    return f"The only {naming.noun}" if total == 1 else f"All {naming.many(total)}"


def _listed(what: str, counts: dict[str, int], naming: Naming) -> str:
    """`Output: Normal 5, PVC 2.`; the four most frequent."""
    parts = [f"{naming.short(symbol)} {format.count(count)}" for symbol, count in list(counts.items())[:4]]
    more = " and others" if len(counts) > 4 else ""
    return f"{what}: {', '.join(parts)}{more}." if parts else ""


def _rhythm(group: JSON, groups: Sequence[JSON], reads_rr: bool, naming: Naming) -> str:
    """A group's RR, beside that of the largest other group of the same reference."""
    if group["rr"] is None:
        return ""
    reached = "RR reached the model." if reads_rr else "RR did not reach the model."
    one = group["count"] == 1
    words = f"{'Its' if one else 'Their'} preceding RR {'is' if one else 'has a median of'}"
    words += f" {format.milliseconds(group['rr'])} ms"
    others = [
        other
        for other in groups
        if other["key"] != group["key"]
        and group["reference"]
        and other["reference"] == group["reference"]
        and other["rr"]
    ]
    if not others:
        return f"{words}; {reached}"
    beside = max(others, key=lambda other: int(other["count"]))
    against = f"{format.milliseconds(beside['rr'])} ms for the {format.count(beside['count'])}"
    return f"{words}, against {against} with the output {naming.short(beside['output'])}; {reached}"
