"""What commands about recordings and models have in common: their arguments, and where things lie."""

from pathlib import Path
from typing import Annotated

import typer

DataFolder = Annotated[
    Path | None, typer.Argument(help="Folder of MIT-BIH (100.hea, 100.dat, 100.atr, …); default: the data folder's.")
]
BeatModel = Annotated[str, typer.Option(help="A model of the zoo.")]
BeatsPerClass = Annotated[int, typer.Option(help="Test beats of each class.", min=1)]
ZOO = Path(__file__).parents[1] / "zoo"
CANDIDATES = ZOO.with_name("candidates")  # trained and measured, not offered unless BEATLENS_MODEL_DIRS names it
RESULTS = Path(__file__).parents[2] / "docs" / "reference" / "results.md"
PICTURES = RESULTS.parents[1] / "pictures"
BEATS = RESULTS.with_name("beat-model.md")


def data_dir(context: typer.Context) -> Path:
    """The data folder of the settings, which the composition root hands in as the context's object."""
    return Path(context.find_root().obj())


def folders(context: typer.Context, given: Path | None) -> tuple[Path, Path]:
    """Where the recordings are, and where arrays and checkpoints of long work are kept."""
    own = data_dir(context)
    return given or own, own / "training"
