"""The stub package put on a path, models of its networks, and recordings for them."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import torch
import wfdb
from safetensors.torch import save

HOME = Path(__file__).parents[1]
ECG_FS = 300  # Hz
LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
READ = tuple(reversed(LEADS))  # the order in which the network of twelve leads reads them
CLASSES = {
    "rhythm": {"N": "Sinus", "A": "Atrial fibrillation", "O": "Something else", "~": "Noise"},
    "beats": {"N": "Ordinary", "V": "Ventricular"},
    "findings": {"NORM": "Normal ECG", "MI": "Myocardial infarction", "STTC": "ST/T change"},
    "one": {"AFIB": "Atrial fibrillation"},
    "outcome": {"survived": "Went home", "died": "Died in hospital"},
}
VARIABLES = (
    {"name": "HR", "unit": "/min", "aliases": ["Heart Rate"], "normal": [60, 100]},
    {"name": "Temp", "unit": "°C", "normal": [36, 37.5]},
    {"name": "GCS", "unit": "points"},
)
CARDS: dict[str, dict[str, Any]] = {
    "stub-rhythm": {
        "input": {"fs": ECG_FS, "window": {"kind": "whole", "longest": 61 * ECG_FS, "shortest": 9 * ECG_FS}},
        "vocabulary": "cinc2017",
        "classes": CLASSES["rhythm"],
    },
    "stub-twelve": {
        "input": {
            "fs": 250,
            "window": {"kind": "beat", "before": 60, "after": 100},
            "channels": [{"name": name} for name in READ],
        },
        "classes": CLASSES["beats"],
    },
    "stub-findings": {
        "input": {"fs": 100, "window": {"kind": "span", "samples": 500}, "preprocessing": [{"step": "zscore"}]},
        "vocabulary": "stub_findings",
        "output": {"activation": "sigmoid", "thresholds": [0.0, 0.0, 1.0]},
        "classes": CLASSES["findings"],
    },
    "stub-one": {
        "input": {"fs": 100, "window": {"kind": "span", "samples": 500}},
        "vocabulary": "rhythm",
        "output": {"activation": "sigmoid", "thresholds": [0.01]},
        "classes": CLASSES["one"],
    },
    "stub-icu": {
        "modality": "icu",
        "input": {
            "fs": 1 / 3600,
            "window": {"kind": "whole", "longest": 48, "shortest": 24},
            "channels": VARIABLES,
            "preprocessing": [{"step": "zscore"}],
        },
        "vocabulary": "outcome",
        "classes": CLASSES["outcome"],
    },
}


def install(folder: Path) -> tuple[Path, Path]:
    """The folders that make the package importable and found, as pip would: its code, and what it says of itself."""
    stated = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
    made = folder / f"{stated['name'].replace('-', '_')}-{stated['version']}.dist-info"
    made.mkdir(parents=True)
    about = f"Metadata-Version: 2.1\nName: {stated['name']}\nVersion: {stated['version']}\n"
    (made / "METADATA").write_text(about)
    groups = (
        [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
        for group, points in stated["entry-points"].items()
    )
    (made / "entry_points.txt").write_text("\n".join(line for group in groups for line in group) + "\n")
    return HOME, folder


def write_models(folder: Path) -> Path:
    """A model of random weights for each card."""
    for number, (name, fields) in enumerate(CARDS.items()):
        write_model(folder / name, number, fields)
    return folder


def write_model(folder: Path, seed: int, fields: dict[str, Any]) -> None:
    """One of them."""
    leads, classes = len(fields["input"].get("channels", [0])), len(fields["classes"])
    maps, kernel = 4, 5
    draw = torch.Generator().manual_seed(seed)
    shapes = {
        "convolution.weight": (maps, leads, kernel),
        "convolution.bias": (maps,),
        "scores.weight": (classes, maps),
        "scores.bias": (classes,),
    }
    weights = save({name: torch.randn(shape, generator=draw) for name, shape in shapes.items()})
    card = {
        "id": folder.name,
        "title": folder.name.replace("-", " ").capitalize(),
        "summary": "Random weights.",
        "architecture": "stub_convolution",
        "network": {"leads": leads, "classes": classes, "maps": maps, "kernel": kernel},
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "limits": ["Means nothing."],
        **fields,
        "classes": [{"symbol": symbol, "name": words} for symbol, words in fields["classes"].items()],
    }
    write_files(folder, card, weights)


def write_files(folder: Path, card: dict[str, Any], weights: bytes) -> None:
    """Card and weights, as anybody would lay them down."""
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(json.dumps(card, ensure_ascii=False))
    (folder / "weights.safetensors").write_bytes(weights)


def write_recordings(folder: Path) -> Path:
    """An ECG of one lead, one of twelve, one that lacks a lead, and a stay in hospital."""
    folder.mkdir(parents=True, exist_ok=True)
    write_ecg(folder, "single", ["II"], 12.5)
    write_ecg(folder, "twelve", list(LEADS), 20.0)
    write_ecg(folder, "eleven", [name for name in LEADS if name != "V3"], 20.0)
    write_stay(folder, "stay", "died")
    return folder


def write_ecg(folder: Path, name: str, leads: list[str], seconds: float) -> None:
    """Annotated beats in sinus rhythm, then fibrillation; each lead has its own amplitude."""
    rng, pulse = np.random.default_rng(1), round(0.06 * ECG_FS)
    signal = rng.normal(0, 0.01, (round(seconds * ECG_FS), len(leads)))
    beats = np.arange(ECG_FS, len(signal) - ECG_FS, round(0.8 * ECG_FS))
    heights = np.array([LEADS.index(lead) + 1 for lead in leads]) / 4
    for beat in beats:
        signal[beat - pulse // 2 : beat - pulse // 2 + pulse] += heights * np.hanning(pulse)[:, None]
    units, formats = ["mV"] * len(leads), ["16"] * len(leads)
    shape = {"fs": ECG_FS, "units": units, "fmt": formats, "write_dir": str(folder)}
    wfdb.wrsamp(name, sig_name=leads, p_signal=signal, **shape)
    rows = sorted([*((int(beat), "N", "") for beat in beats), (10, "+", "(N"), (int(beats[5]) - 60, "+", "(AFIB")])
    samples, symbols, notes = zip(*rows, strict=True)
    wfdb.wrann(name, "atr", np.array(samples), list(symbols), aux_note=list(notes), write_dir=str(folder))


def write_stay(folder: Path, name: str, end: str, hours: int = 40) -> None:
    """Hourly values of the variables and of one more, with gaps in none that the model reads."""
    rng = np.random.default_rng(2)
    names, units = ["GCS", "HR", "Urine", "Temp"], ["points", "/min", "mL", "°C"]
    values = rng.normal([12, 85, 60, 37], [1.5, 9, 20, 0.4], (hours, 4)).round(1)
    lines = [f"# {end}", ",".join(names), ",".join(units), *(",".join(map(str, row)) for row in values)]
    (folder / f"{name}.hourly").write_text("\n".join(lines))
