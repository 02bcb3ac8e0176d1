"""What is trained on stays in intensive care: variables, network, protocol."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from models.cards import CarriedForward, Channel, ClassSpec, InputSpec, Scaling, WholeWindow
from models.errors import unknown
from models.records.physionet2012 import Physionet2012
from models.records.stay_variables import Variable
from models.records.stays import HOURS

MASK = " measured"  # after a variable's name: the channel that says where


class StayRecipe(BaseModel):
    """One model's protocol: everything that, with the data, decides its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    summary: str
    source: str
    published: dict[str, str]  # what others report on these data → figures as printed
    each: int = 4  # units of a variable's network in each direction
    hidden: int = 32
    dropout: float = 0.5
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    batch: int = 64
    clip: float = 1.0  # gradient norm
    epochs: int = 24
    patience: int = 5  # epochs without a lower validation loss before a run stops
    cut: float = 0.5  # share of batches that end at a random hour, so that it learns to answer before hour 48
    earliest: int = 6  # hour
    seeds: tuple[int, ...] = (0, 1)  # the first one's weights are shipped
    limits: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """What it reads, in its order."""
        return Physionet2012.variables

    @property
    def network(self) -> dict[str, Any]:
        """The architecture's config."""
        count = len(self.variables)
        sizes = {"each": self.each, "hidden": self.hidden, "dropout": self.dropout}
        return {"leads": 2 * count, "classes": 1, "groups": [[i, count + i] for i in range(count)], **sizes}

    @property
    def classes(self) -> tuple[ClassSpec, ...]:
        """The one output."""
        return (ClassSpec(symbol="died", name="Died in hospital"),)

    def input(self, scalings: tuple[Scaling, ...]) -> InputSpec:
        """Hours of values, and masks behind them; `scalings` are the values'."""
        values = [Channel(name=one.name, unit=one.unit, optional=True, normal=one.normal) for one in self.variables]
        masks = [
            Channel(name=one.name + MASK, unit="0/1", aliases=(one.name,), optional=True, mask=True)
            for one in self.variables
        ]
        step = CarriedForward(scalings=(*scalings, *[Scaling()] * len(masks)))
        window = WholeWindow(longest=HOURS, shortest=HOURS)
        return InputSpec(fs=1 / 3600, channels=(*values, *masks), preprocessing=(step,), window=window)


MORTALITY = StayRecipe(
    id="icu-mortality",
    title="Channel-wise LSTM, death in hospital",
    summary="A small LSTM for each of 44 variables of the first 48 hours in intensive care, and one over all of them.",
    source="Harutyunyan et al. 2019; paper 003",
    published={
        "Challenge 2012, best entry, set c, score 1": "0.535",
        "SAPS-I, set c, score 1": "0.313",
        "deep models on set a in five random splits, AUROC / AUPRC": "0.82–0.88 / 0.46–0.59",
        "logistic regression on MIMIC-III (other data), AUROC / AUPRC": "0.848 / 0.474",
        "channel-wise LSTM on MIMIC-III (other data), AUROC / AUPRC": "0.870 / 0.533",
    },
    limits=(
        "It was trained on stays of 2001 to 2008 in one hospital (PhysioNet Challenge 2012): elsewhere, and today, "
        "other things are measured of other patients.",
        "How often something was measured says what the staff thought; the network reads that too.",
    ),
)
RECIPES = {MORTALITY.id: MORTALITY}


def recipe(name: str) -> StayRecipe:
    """The recipe called `name`; NotFoundError names those there are."""
    if name not in RECIPES:
        raise unknown("recipe", name, tuple(RECIPES), field="name")
    return RECIPES[name]
