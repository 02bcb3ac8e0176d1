"""A model's card: what it reads, what it answers, what it was trained on and how well it does."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.cards.windows import BeatWindow, Frozen, SpanWindow, WholeWindow, WindowSpec

__all__ = [
    "RECORDS",
    "SCHEMA",
    "BandPass",
    "BeatWindow",
    "Card",
    "CarriedForward",
    "Channel",
    "ClassSpec",
    "InputSpec",
    "Modality",
    "OutputSpec",
    "Scaling",
    "SpanWindow",
    "Step",
    "TrainingRecord",
    "WholeWindow",
    "WindowSpec",
    "ZScore",
    "alike",
    "key",
]

SCHEMA = 2  # of the cards written now; older ones are read as if they had been written so
Modality = Literal["ecg", "icu", "image"]
RECORDS: dict[Modality, str] = {"ecg": "ecg", "icu": "series", "image": "image"}  # modality → kind of record it reads


class BandPass(Frozen):
    """Zero-phase FIR band-pass over the whole recording (filtfilt)."""

    step: Literal["bandpass"] = "bandpass"
    low: float = 3.0  # Hz
    high: float = 45.0  # Hz
    order: int = 108  # at the model's fs


class ZScore(Frozen):
    """Subtract the recording's mean and divide by its standard deviation, lead by lead."""

    step: Literal["zscore"] = "zscore"


class Scaling(Frozen):
    """From a variable's unit to about −1 … 1: (value − centre) / spread, of the value or its logarithm."""

    centre: float = 0.0
    spread: float = Field(1.0, gt=0)
    log: bool = False  # log(1 + value)


class CarriedForward(Frozen):
    """Irregular measurements: in each period of the network's rate the last one made, else the last made before.

    Scaled, channel by channel, and cut off at ±`most`; before the first measurement stands the channel's `fill`. A
    channel that is a mask is 1 where its variable was measured in that period, else 0.
    """

    step: Literal["carried_forward"] = "carried_forward"
    scalings: tuple[Scaling, ...]  # one for each channel; a mask's is not used
    most: float = Field(5.0, gt=0)


Step = Annotated[BandPass | ZScore | CarriedForward, Field(discriminator="step")]


class Channel(Frozen):
    """One lead or variable that the network reads, found in a recording by its name."""

    name: str  # "V5"
    unit: str = "mV"
    aliases: tuple[str, ...] = ()  # other names of the same thing: "MLII" for "II"
    substitutes: tuple[str, ...] = ()  # leads read in its place where it is missing, as in training: "V5" for "V1"
    optional: bool = False  # whether a recording without it is read, as long as it has one of the others
    fill: float = 0.0  # what then stands for it, after preprocessing
    normal: tuple[float, float] | None = None  # range of usual values, in the unit
    mask: bool = False  # says where the variable of its alias was measured, instead of what

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which it is sought, the first that there is being read."""
        return (self.name, *self.aliases, *self.substitutes)


class InputSpec(Frozen):
    """From a recording to the network's input."""

    fs: float = Field(gt=0)  # Hz; other recordings are resampled
    channels: tuple[Channel, ...] = ()  # in the network's order; none: it reads any lead
    leads: int = Field(1, ge=1)  # how many the network reads
    preprocessing: tuple[Step, ...] = (BandPass(), ZScore())
    window: WindowSpec = BeatWindow()
    reads_rr: bool = False  # whether rhythm (RR) reaches the model at all

    @model_validator(mode="before")
    @classmethod
    def _count(cls, data: Any) -> Any:
        """As many leads as channels, where only these are stated."""
        if isinstance(data, dict) and data.get("channels") and "leads" not in data:
            return data | {"leads": len(data["channels"])}
        return data

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.channels and len(self.channels) != self.leads:
            raise ValueError(f"{self.leads} leads are stated, and {len(self.channels)} channels named")
        every = [
            key(name) for channel in self.channels for name in ({channel.name} if channel.mask else {*channel.names})
        ]
        if len(set(every)) < len(every):
            raise ValueError(f"two channels share a name: {', '.join(sorted(every))}")
        if self.carried and (len(self.preprocessing) > 1 or len(self.carried.scalings) != len(self.channels)):
            raise ValueError("carried_forward is the only step, and has a scaling for each channel")
        return self

    @property
    def carried(self) -> CarriedForward | None:
        """How irregular measurements are brought to the network's rate; None: its input is a signal without gaps."""
        return next((step for step in self.preprocessing if isinstance(step, CarriedForward)), None)


def key(name: str) -> str:
    """A channel's name as names are compared: without regard to case and spaces."""
    return "".join(name.split()).casefold()


SAME_LEAD = {"ii": "mlii", "ml2": "mlii", "d2": "mlii", "leadii": "mlii"}  # MLII: lead II of a Holter's electrodes


def alike(lead: str) -> str:
    """A lead's name as training and reading are compared."""
    return SAME_LEAD.get(key(lead), key(lead))


class OutputSpec(Frozen):
    """From the network's scores to probabilities: the one place where that is computed (torch: `networks.base`)."""

    activation: Literal["softmax", "sigmoid"] = "softmax"  # one class of several; each label, or the one, by itself
    temperature: float = Field(1.0, gt=0)  # probability = activation(logits / temperature), fitted on validation data
    thresholds: tuple[float, ...] | None = None  # sigmoid: a label is given from here on; 0.5 where not stated

    def chances(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities [..., classes] of logits [..., classes]."""
        scaled = logits.astype(np.float64) / self.temperature
        if self.activation == "sigmoid":
            powers = np.exp(-np.abs(scaled))  # never overflows
            return np.asarray(np.where(scaled < 0, powers, 1.0) / (1.0 + powers), dtype=np.float32)
        powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)

    def given(self, chances: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Which labels chances [..., classes] give [..., classes]: the most probable, or all that reach a threshold."""
        if self.activation == "sigmoid":
            return np.asarray(chances >= np.array(self.thresholds or 0.5, dtype=np.float32))
        return np.asarray(np.arange(chances.shape[-1]) == chances.argmax(axis=-1)[..., None])

    def best(self, chances: NDArray[np.float32]) -> NDArray[np.int64]:
        """The most probable label given by chances [..., classes] [...]; −1 where none is."""
        given = self.given(chances)
        return np.asarray(np.where(given.any(axis=-1), np.where(given, chances, -1).argmax(axis=-1), -1))

    def margins(self, chances: NDArray[np.float32]) -> NDArray[np.float32]:
        """How far chances [..., classes] are from another answer [...]: 0 is undecided, 1 sure.

        Classes: largest − second probability. Labels: twice the nearest one's distance to its threshold, at most 1.
        """
        if self.activation == "sigmoid":
            away = np.abs(chances - np.array(self.thresholds or 0.5, dtype=np.float32))
            return np.asarray(np.minimum(2 * away.min(axis=-1), 1), dtype=np.float32)
        two = np.sort(chances, axis=-1)
        return np.asarray(two[..., -1] - two[..., -2])


class ClassSpec(Frozen):
    """One output of the network, in order."""

    symbol: str  # a code of the card's vocabulary, or one of the model's own
    name: str


class TrainingRecord(Frozen):
    """One recording the model's maker used, and for what."""

    name: str  # "208"
    patient: str  # "mitdb:208"; 201 and 202 are "mitdb:201"
    sha256: str  # of the signal file
    split: Literal["train", "validation", "test"]
    leads: tuple[str, ...] = ()  # that the network read of it; empty: not stated


class Card(BaseModel):
    """Everything a reader needs before believing the model. Stored as card.json beside the weights.

    Fields it does not know are kept and shown, so that a card of a later version can be read; those inside `input` and
    `output` decide numbers, and are refused.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="allow")

    schema_version: int = Field(SCHEMA, ge=1)
    id: str
    title: str
    summary: str
    modality: Modality = "ecg"
    vocabulary: str = "mitbih"  # what the classes' symbols are taken from
    architecture: str
    network: dict[str, Any]  # the architecture's own config
    weights_sha256: str
    artefacts: dict[str, str] = {}  # further files beside the weights → SHA-256
    input: InputSpec
    output: OutputSpec = OutputSpec()
    classes: tuple[ClassSpec, ...] = Field(min_length=1)
    leaks_patients: bool = False  # the same patients in training and test: accuracy says nothing about new patients
    records: tuple[TrainingRecord, ...] = ()
    full_scales: dict[str, float] = {}  # method → fixed full scale of its map for this model
    training: dict[str, Any] = {}  # protocol, seeds, curves
    evaluation: dict[str, Any] = {}  # accuracy, majority rate, confusion per patient, spread over seeds, calibration
    limits: tuple[str, ...] = ()  # plain sentences for the screen

    @model_validator(mode="before")
    @classmethod
    def _upgrade(cls, data: Any) -> Any:
        """Schema 1 stated the temperature beside the input."""
        if not isinstance(data, dict) or "temperature" not in data:
            return data
        rest = {name: value for name, value in data.items() if name != "temperature"}
        return {"output": {"temperature": data["temperature"]}, "schema_version": SCHEMA} | rest

    @model_validator(mode="after")
    def _agree(self) -> Self:
        outputs, stated = len(self.classes), self.output.thresholds
        if outputs == 1 and self.output.activation == "softmax":
            raise ValueError("one class needs the activation sigmoid: the softmax of one score is always 1")
        if stated is not None and len(stated) != outputs:
            raise ValueError(f"{len(stated)} thresholds for {outputs} classes")
        return self

    @property
    def unknown(self) -> dict[str, Any]:
        """What the card states beyond what this version knows."""
        return dict(self.model_extra or {})

    @property
    def reads(self) -> str:
        """The kind of recording that the model reads: "ecg", "series"."""
        return RECORDS[self.modality]

    @property
    def trained_leads(self) -> tuple[str, ...]:
        """The leads read in training, the most frequent first; empty where the card does not say."""
        counts = Counter(lead for used in self.records if used.split == "train" for lead in used.leads)
        return tuple(lead for lead, _ in counts.most_common())

    def untrained(self, leads: Sequence[str]) -> list[str]:
        """The leads read now that were in no training recording; none where the card does not say."""
        known = {alike(lead) for lead in self.trained_leads}
        return [lead for lead in leads if known and alike(lead) not in known]

    @property
    def symbols(self) -> tuple[str, ...]:
        """The classes' symbols, in order."""
        return tuple(kind.symbol for kind in self.classes)
