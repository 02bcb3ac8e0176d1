"""The whole benchmark: networks, maps, tables, figures as JSON, pictures."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from models.evaluation.drawing_002 import save
from models.evaluation.known_truth.drawing import picture
from models.evaluation.known_truth.judging import Judgement, judge
from models.evaluation.known_truth.networks import KINDS
from models.evaluation.known_truth.planted import FEATURES, feature
from models.evaluation.known_truth.report import markdown
from models.evaluation.known_truth.rows import as_json, collected
from models.training.datasets.mitdb_beats import Say


def known_truth_report(
    seeds: int,
    per_class: int,
    epochs: int,
    only: Sequence[str],
    out: Path,
    pictures: Path,
    cache: Path,
    say: Say = print,
) -> str:
    """The tables in Markdown; figures in `out`/known-truth.json, a picture for each kind of network in `pictures`.

    Features are those named in `only`, else all. Maps are kept in `cache`: a stopped run goes on where it was.
    """
    features = [feature(name) for name in only or FEATURES]
    found = list(judge(features, tuple(KINDS), seeds, 2 * per_class, epochs, cache / "maps", say))
    file = out / "known-truth.json"
    rows = {kind: as_json(collected([one for one in found if one.taught.kind == kind])) for kind in KINDS}
    file.write_text(json.dumps(rows | {"all": as_json(collected(found))}, indent=1) + "\n", encoding="utf-8")
    say(f"Figures are in {file}")
    return markdown(found, {kind: drawn(kind, found, pictures, out) for kind in KINDS})


def drawn(kind: str, found: Sequence[Judgement], pictures: Path, out: Path) -> str:
    """Draws the first network of each feature; the picture's address from `out`."""
    own = [one for one in found if one.taught.kind == kind]
    shown = [one for one in own if one.taught.seed == 0]
    file = save(picture(shown, [rows.title for rows in collected(own)]), pictures / f"known-truth-{kind}.png")
    return Path(os.path.relpath(file, out)).as_posix()
