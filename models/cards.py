"""A model's card: what it reads, what it answers, what it was trained on and how well it does."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BandPass(_Frozen):
    """Zero-phase FIR band-pass over the whole recording (filtfilt)."""

    step: Literal["bandpass"] = "bandpass"
    low: float = 3.0  # Hz
    high: float = 45.0  # Hz
    order: int = 108  # at the model's fs


class ZScore(_Frozen):
    """Subtract the recording's mean and divide by its standard deviation, lead by lead."""

    step: Literal["zscore"] = "zscore"


Step = Annotated[BandPass | ZScore, Field(discriminator="step")]


class WindowSpec(_Frozen):
    """Which stretch of the preprocessed recording the network reads."""

    kind: Literal["beat", "span"] = "beat"  # span: fixed length, not placed on a beat
    before: int = 72  # samples before R
    after: int = 144  # samples from R on

    @property
    def samples(self) -> int:
        """Length in samples."""
        return self.before + self.after


class InputSpec(_Frozen):
    """From a recording to the network's input."""

    fs: float  # Hz; other recordings are resampled
    leads: int = 1  # how many the network reads
    preprocessing: tuple[Step, ...] = (BandPass(), ZScore())
    window: WindowSpec = WindowSpec()
    reads_rr: bool = False  # whether rhythm (RR) reaches the model at all


class ClassSpec(_Frozen):
    """One output of the network, in order."""

    symbol: str  # MIT-BIH symbol, or a letter for rhythm classes
    name: str


class TrainingRecord(_Frozen):
    """One recording the model's maker used, and for what."""

    name: str  # "208"
    patient: str  # "mitdb:208"; 201 and 202 are "mitdb:201"
    sha256: str  # of the signal file
    split: Literal["train", "validation", "test"]


class Card(_Frozen):
    """Everything a reader needs before believing the model. Stored as card.json beside weights.safetensors."""

    id: str
    title: str
    summary: str
    architecture: str
    network: dict[str, Any]  # the architecture's own config
    weights_sha256: str
    input: InputSpec
    classes: tuple[ClassSpec, ...]
    temperature: float = 1.0  # calibrated probability = softmax(logits / temperature), fitted on validation patients
    leaks_patients: bool = False  # the same patients in training and test: accuracy says nothing about new patients
    records: tuple[TrainingRecord, ...] = ()
    full_scales: dict[str, float] = {}  # method → fixed full scale of its map for this model
    training: dict[str, Any] = {}  # protocol, seeds, curves
    evaluation: dict[str, Any] = {}  # accuracy, majority rate, confusion per patient, spread over seeds, calibration
    limits: tuple[str, ...] = ()  # plain sentences for the screen
