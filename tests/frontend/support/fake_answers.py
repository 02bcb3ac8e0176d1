"""What the stand-in service answers with: recordings made here, a card, methods and explanations in its shapes."""

import math
from typing import Any

import numpy as np

FS, BEFORE, AFTER = 360.0, 72, 144
CLASSES = [
    {"symbol": s, "name": n}
    for s, n in (("N", "Normal"), ("R", "Right bundle branch block"), ("/", "Paced"), ("V", "Ventricular premature"))
]
SYMBOLS = [c["symbol"] for c in CLASSES]
NAMES = {"N": "Normal", "V": "Ventricular premature", "F": "Fusion of ventricular and normal"}

CARD = {
    "id": "mitbih-lstm",
    "title": "lstm-128, split 1252",
    "summary": "LSTM of 128 units, trained on single beats.",
    "architecture": "lstm",
    "weights_sha256": "c96d4e7315b5" + "0" * 52,
    "leaks_patients": False,
    "trained_leads": ["MLII", "V5"],
    "temperature": 1.4,
    "classes": CLASSES,
    "input": {
        "fs": FS,
        "leads": 1,
        "reads_rr": False,
        "window": {"kind": "beat", "before": BEFORE, "after": AFTER},
        "preprocessing": [{"step": "bandpass", "low": 3.0, "high": 45.0, "order": 108}, {"step": "zscore"}],
    },
    "limits": ["It knows four classes and calls every beat one of them.", "RR did not reach it."],
    "headline": {"accuracy": 0.86, "majority_rate": 0.72, "patients": 9, "text": "On nine patients it has not seen."},
}


def number(title: str, default: float, kind: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "default": default, "type": kind, **more}


FILL = {"enum": ["zero", "mean", "constant"], "type": "string", "default": "zero", "title": "Deleted samples become"}
CONSTANT = number("Constant", 0.5, "number", minimum=-10.0, maximum=10.0, unit="SD", shown_when={"fill": "constant"})
EXPLAINERS: list[dict[str, Any]] = [
    {
        "method": "input_derivative",
        "group": "gradient",
        "title": "Input derivative",
        "roles": ["relevance"],
        "has_relevance": True,
        "cost": "instant",
        "signed": True,
        "unit": "logit per SD",
        "properties": {},
    },
    {
        "method": "temporal_score",
        "group": "network",
        "title": "Temporal output score",
        "roles": ["probability"],
        "has_relevance": False,
        "cost": "instant",
        "signed": False,
        "unit": "probability",
        "properties": {},
    },
    {
        "method": "learned_mask",
        "group": "perturbation",
        "title": "Learned mask",
        "roles": ["relevance"],
        "has_relevance": True,
        "cost": "queued",
        "signed": False,
        "unit": "1 − m",
        "properties": {
            "steps": number("Steps", 500, "integer", minimum=1, maximum=5000, description="Steps of Adam."),
            "lambda1": number("λ1, size", 0.01, "number", minimum=0.0, maximum=10.0, unit="score per sample"),
            "fill": FILL,
            "constant": CONSTANT,
            "seed": number("Seed", 0, "integer", minimum=0, maximum=2**31 - 1, advanced=True),
        },
    },
    {
        "method": "occlusion",
        "group": "perturbation",
        "title": "Occlusion",
        "roles": ["relevance"],
        "has_relevance": True,
        "cost": "queued",
        "signed": True,
        "unit": "logit",
        "properties": {
            "width": number(
                "Width", 25, "integer", minimum=1, maximum=5000, unit="samples", description="Samples hidden at once."
            ),
            "fill": FILL,
            "constant": CONSTANT,
        },
    },
]
for entry in EXPLAINERS:
    properties = {"method": {"const": entry["method"], "type": "string"}} | entry.pop("properties")
    entry |= {
        "schema": {"type": "object", "properties": properties},
        "summary": f"{entry['title']}.",
        "source": "a paper",
        "version": "1",
    }


def bump(t: np.ndarray, centre: float, width: float, height: float) -> np.ndarray:
    return height * np.exp(-0.5 * ((t - centre) / width) ** 2)


class Recording:
    """Beats every 0.8 s, each fifth one wide and early, with half a second of gap."""

    def __init__(self, name: str, seconds: float, synthetic: bool = False, annotated: bool = True) -> None:
        self.id, self.name, self.synthetic, self.annotated = f"test~{name}", name, synthetic, annotated
        t = np.arange(round(seconds * FS)) / FS
        r = np.arange(0.6, seconds - 0.6, 0.8)
        wide = np.arange(len(r)) % 5 == 3
        r[wide] -= 0.12
        value = 0.08 * np.sin(2 * math.pi * t / 7)
        for at, is_wide in zip(r, wide, strict=True):
            near = slice(max(0, round((at - 0.4) * FS)), round((at + 0.5) * FS))
            part = t[near]
            value[near] += bump(part, at, 0.035, 1.6) - bump(part, at + 0.18, 0.06, 0.5) if is_wide else 0
            value[near] += (
                0
                if is_wide
                else bump(part, at, 0.012, 1.3) + bump(part, at - 0.17, 0.025, 0.12) + bump(part, at + 0.26, 0.05, 0.3)
            )
        value[round(20 * FS) : round(20.5 * FS)] = np.nan
        self.value, self.seconds = value, seconds
        self.samples = np.round(r * FS).astype(int)
        self.symbols: list[str | None] = ["F" if i % 20 == 13 else "V" if w else "N" for i, w in enumerate(wide)]
        if not annotated:
            self.symbols = [None] * len(r)

    def describe(self) -> dict[str, Any]:
        counts = {s: self.symbols.count(s) for s in ("N", "V", "F") if s in self.symbols}
        return {
            "id": self.id,
            "name": self.name,
            "source": "test",
            "leads": ["MLII", "V1"],
            "lead": "MLII",
            "fs": FS,
            "samples": len(self.value),
            "seconds": self.seconds,
            "comments": ["23 F no medication listed"],
            "age": 23,
            "sex": "F",
            "annotated": self.annotated,
            "synthetic": self.synthetic,
            "credit": "Made by a test.",
            "counts": counts or None,
            "sha256": "22873623623c" + "0" * 52,
            "beat_source": "reference (atr)" if self.annotated else "detector (sleepecg)",
            "spark": numbers(self.value[: 3 * 360 : 9]),
            "beats": len(self.samples),
            "output": {
                "seen": "train" if self.synthetic else "test",
                "counts": {"N": 60, "/": 7, "V": 8},
                "compared": 71 if self.annotated else 0,
                "disagreements": 7 if self.annotated else 0,
                "uncertain": 7,
                "to_read": 7,
                "read": 2,
                "trouble": None,
            },
            "seen": {CARD["id"]: "train" if self.synthetic else "test"},
        }

    def signal(self, start: float, seconds: float, points: int, filter: str = "raw") -> dict[str, Any]:
        a, z = round(start * FS), min(len(self.value), round((start + seconds) * FS))
        step = max(1, (z - a) // points)
        return {
            "lead": "MLII",
            "fs": FS,
            "unit": "mV",
            "start": a / FS,
            "seconds": (z - a) / FS,
            "decimated": step > 1,
            "filter": "none" if filter == "raw" else "0.5–40 Hz",
            "time": [round(i / FS, 5) for i in range(a, z, step)],
            "value": numbers(self.value[a:z:step]),
        }

    def said(self, index: int) -> dict[str, Any]:
        sure = {"N": [0.9, 0.02, 0.04, 0.04], "V": [0.04, 0.02, 0.57, 0.37] if index % 2 else [0.03, 0.02, 0.05, 0.9]}
        p = sure.get(self.symbols[index] or "N", [0.5, 0.1, 0.1, 0.3])
        order = np.argsort(p)[::-1]
        return {
            "symbol": SYMBOLS[order[0]],
            "name": CLASSES[order[0]]["name"],
            "index": int(order[0]),
            "probabilities": p,
            "logits": p,
            "margin": round(p[order[0]] - p[order[1]], 4),
            "runner_up": SYMBOLS[order[1]],
        }

    def windows(self, model: str | None) -> dict[str, Any]:
        said = [self.said(i) for i in range(len(self.samples))]
        lost = [bool(np.isnan(self.value[s - BEFORE : s + AFTER]).any()) for s in self.samples]
        blank = [None] * len(said)
        rr = [None, *np.round(np.diff(self.samples) / FS * 1000, 1).tolist()]
        return {
            "source": self.describe()["beat_source"],
            "lead": "MLII",
            "model": model,
            "kind": "beat",
            "vocabulary": "mitbih",
            "channels": ["MLII"] if model else [],
            "untrained": [],
            "classes": CLASSES,
            "windows": {
                "at": self.samples.tolist(),
                "start": self.samples.tolist(),
                "end": (self.samples + 1).tolist(),
                "time": [round(s / FS, 4) for s in self.samples.tolist()],
                "label": self.symbols,
                "beats": {
                    "r": self.samples.tolist(),
                    "rr": rr,
                    "rr_note": blank,
                    "aami": ["N" if s == "N" else s for s in self.symbols],
                },
                "note": blank,
                "prediction": [None if lost[i] else s["symbol"] for i, s in enumerate(said)] if model else blank,
                "probabilities": [s["probabilities"] for s in said] if model else blank,
                "margin": [s["margin"] for s in said] if model else blank,
            },
        }

    def groups(self, by: str) -> dict[str, Any]:
        """Beats by reference and output; nobody has read any."""
        columns = self.windows("m")["windows"]
        rr = columns["beats"]["rr"]
        pairs = list(zip(columns["at"], columns["label"], columns["prediction"], rr, strict=True))
        keys = dict.fromkeys((symbol, said) for _, symbol, said, _ in pairs if said) if by != "reader" else {}
        listed = [self._group(symbol, said, [p for p in pairs if p[1:3] == (symbol, said)]) for symbol, said in keys]
        held = sum(group["count"] for group in listed)
        return {
            "source": self.describe()["beat_source"],
            "lead": "MLII",
            "model": CARD["id"],
            "by": by,
            "untrained": [],
            "rule": "Beats with the same reference and the same model output.",
            "before": BEFORE * 1000 / FS,
            "step": 1000 / FS,
            "beats": len(pairs),
            "ungrouped": len(pairs) - held,
            "groups": listed,
        }

    def _group(self, reference: str | None, output: str, members: list[Any]) -> dict[str, Any]:
        samples = [sample for sample, *_ in members]
        cut = [self.value[s - BEFORE : s + AFTER] for s in samples[:3]]
        rr = sorted(value for *_, value in members if value is not None)
        return {
            "key": f"{reference or ''}>{output}",
            "reference": reference,
            "output": output,
            "reader": None,
            "count": len(samples),
            "at": samples,
            "traces": [[None if np.isnan(v) else round(float(v), 3) for v in trace] for trace in cut],
            "shown": samples[:3],
            "mean": np.round(np.mean(cut, axis=0), 3).tolist(),
            "probability": 0.8,
            "references": {reference: len(samples)} if reference else {},
            "outputs": {output: len(samples)},
            "rr": rr[len(rr) // 2] if rr else None,
            "mapped": samples[:2],
        }

    def window(self, sample: int) -> dict[str, Any]:
        i = int(np.argmin(np.abs(self.samples - sample)))
        rr = np.diff(self.samples) / FS * 1000
        start = sample - BEFORE
        cut, around = self.value[start : start + BEFORE + AFTER], slice(max(0, start - 90), start + BEFORE + AFTER + 90)
        window = {
            "start": start,
            "samples": BEFORE + AFTER,
            "fs": FS,
            "before": BEFORE,
            "millivolts": [numbers(cut)],
            "input": [numbers(cut)],
        }
        symbol = self.symbols[i]
        gap = bool(np.isnan(cut).any()) or len(cut) < BEFORE + AFTER
        return {
            "at": sample,
            "start": sample,
            "end": sample + 1,
            "time": sample / FS,
            "label": symbol,
            "name": NAMES.get(symbol or "", ""),
            "kind": "beat",
            "vocabulary": "mitbih",
            "lead": "MLII",
            "channels": ["MLII"],
            "model": CARD["id"],
            "beat": {
                "r": sample,
                "aami": symbol,
                "rr_before": rr[i - 1] if i else None,
                "rr_after": rr[i] if i < len(rr) else None,
            },
            "index": i,
            "count": len(self.samples),
            "previous": None,
            "next": None,
            "window": None if gap else window,
            "note": "Part of the window has no signal" if gap else None,
            "prediction": None if gap else self.said(i),
            "classes": CLASSES,
            "context": {
                "start_time": around.start / FS,
                "time": [k / FS for k in range(around.start, around.stop)],
                "value": numbers(self.value[around]),
            },
            "seen": "train" if self.synthetic else "test",
        }


def numbers(values: np.ndarray) -> list[float | None]:
    return [None if math.isnan(v) else round(float(v), 4) for v in values]


def explanation(key: str, recording: Recording, sample: int, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """A result in the service's shape; the map is a bump on the QRS."""
    entry = next(e for e in EXPLAINERS if e["method"] == method)
    said = recording.said(int(np.argmin(np.abs(recording.samples - sample))))
    t = np.arange(BEFORE + AFTER, dtype=float)
    row = bump(t, 90, 9, 0.52) if not entry["signed"] else bump(t, 85, 12, 3.21) - bump(t, 150, 12, 1.1)
    tracks: list[dict[str, Any]] = []
    if method == "learned_mask":
        tracks = [{"role": "loss", "name": "objective", "dims": ["step"], "values": (1 - t / 300).tolist()}]
    over_time = entry["roles"] == ["probability"]
    if over_time:
        odds = np.stack([1 + np.sin(t / 30 + k) for k in range(3)] + [t / 60]).T
        odds[170:, said["index"]] += 3
        curves = (odds / odds.sum(1, keepdims=True)).tolist()
        tracks = [{"role": "probability", "name": "output", "dims": ["time", "class"], "values": curves}]
        tracks[0] |= {"unit": "probability", "full": 1.0}
    scale = {
        "unit": entry["unit"],
        "maximum": float(abs(row).max()),
        "full": 4.0 if entry["signed"] else 1.0,
        "full_is_fixed": True,
        "nothing_found": parameters.get("steps") == 1,
        "score_before": 1.2,
        "score_after": -2.1,
        "probability_before": 0.57,
        "probability_after": 0.04,
        "deleted_fraction": 0.18,
        "deletion_value": "0",
        "all_deleted": {"N": 0.1, "R": 0.77, "/": 0.08, "V": 0.05},
    }
    return {
        "id": key,
        "method": method,
        "title": entry["title"],
        "parameters": parameters,
        "version": "1",
        "signed": entry["signed"],
        "target": {k: said[k] for k in ("index", "symbol", "name")},
        "relevance": None if over_time else [row.tolist()],
        "tracks": [{"unit": "", "full": None, "labels": {}} | track for track in tracks],
        "scale": None if over_time else scale,
        "model": CARD["id"],
        "weights_sha256": CARD["weights_sha256"],
        "versions": {"beatlens": "0.1.0", "torch": "2.13.0"},
        "seconds": 1.7,
        "created": "2026-11-21T03:22:00+00:00",
    }
