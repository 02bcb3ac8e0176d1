"""A group of beats in words, from its numbers; also the text alternative of its tile."""

from collections.abc import Sequence

from frontend import format
from frontend.api import JSON
from frontend.classes import short

READER = {"artefact": "artefact", "cannot say": "cannot say"}


def title(group: JSON) -> str:
    """`PVC, output Paced`; `PVC, agreed`; `Output PVC`; `Read as PVC`; `Shape 1`."""
    reference, output = group["reference"], group["output"]
    if group["reader"]:
        return f"Read as {READER.get(group['reader']) or short(group['reader'])}"
    if reference and output:
        return f"{short(reference)}, agreed" if reference == output else f"{short(reference)}, output {short(output)}"
    return f"Output {short(output)}" if output else str(group["key"]).capitalize()


def sentence(group: JSON, groups: Sequence[JSON], total: int, reads_rr: bool) -> str:
    """What the numbers say of a group, among the others; `total` beats in all."""
    return " ".join(part for part in (_members(group, groups, total), _rhythm(group, groups, reads_rr)) if part)


def selected(group: JSON) -> str:
    """`mean output Paced 0.66`: the most frequent output, and the mean probability of the outputs."""
    if not group["outputs"]:
        return "no output"
    most, count = next(iter(group["outputs"].items()))
    only = "mean output" if count == group["count"] else "most often"
    return f"{only} {short(most)} {format.probability(group['probability'])}"


def _members(group: JSON, groups: Sequence[JSON], total: int) -> str:
    count, reference, output = format.count(group["count"]), group["reference"], group["output"]
    have = "has" if group["count"] == 1 else "have"
    if reference and output:
        same = sum(other["count"] for other in groups if other["reference"] == reference)
        words = f"{count} of {format.plural(same, 'beat')} with the reference {short(reference)} {have}"
        known = any(output in other["references"] for other in groups)
        none = "" if known else f"; the reference has no {short(output)} beat in this record"
        return f"{words} the output {short(output)}{none}."
    who = f"{count} of {format.plural(total, 'beat')}"
    if group["reader"]:
        return f"{who} {'was' if group['count'] == 1 else 'were'} read as {short(group['reader'])}. {_said(group)}"
    if output:
        return f"{who} {have} the output {short(output)}. {_called(group)}"
    return f"{who} {have} this shape. {_called(group)} {_said(group)}".replace("  ", " ")


def _called(group: JSON) -> str:
    return f"Reference: {_list(group['references'])}." if group["references"] else ""


def _said(group: JSON) -> str:
    return f"Output: {_list(group['outputs'])}." if group["outputs"] else ""


def _list(counts: dict[str, int]) -> str:
    parts = [f"{short(symbol)} {format.count(count)}" for symbol, count in list(counts.items())[:4]]
    return ", ".join(parts) + (" and others" if len(counts) > 4 else "")


def _rhythm(group: JSON, groups: Sequence[JSON], reads_rr: bool) -> str:
    """Its RR, beside that of the largest other group of the same reference."""
    if group["rr"] is None:
        return ""
    reached = "RR reached the model." if reads_rr else "RR did not reach the model."
    one = group["count"] == 1
    words = f"{'Its' if one else 'Their'} preceding RR {'is' if one else 'has a median of'}"
    words += f" {format.milliseconds(group['rr'])} ms"
    others = [
        other
        for other in groups
        if other is not group and group["reference"] and other["reference"] == group["reference"] and other["rr"]
    ]
    if not others:
        return f"{words}; {reached}"
    beside = max(others, key=lambda other: int(other["count"]))
    against = f"{format.milliseconds(beside['rr'])} ms for the {format.count(beside['count'])}"
    return f"{words}, against {against} with the output {short(beside['output'])}; {reached}"
