"""Waves and judgements in the service's shapes; every figure is made up."""

from typing import Any

from fake_answers import BEFORE, FS


def cut_at_waves() -> dict[str, Any]:
    """A QRS in the middle, nothing else."""
    ends = (("before", "Before QRS", 0, 47), ("qrs", "QRS", 47, 108), ("after", "After QRS", 108, 216))
    regions = [
        {
            "key": key,
            "name": name,
            "start": start,
            "end": end,
            "start_ms": (start - BEFORE) * 1000 / FS,
            "end_ms": (end - BEFORE) * 1000 / FS,
            "within": None,
            "start_moves_ms": [-8.0, 42.0] if key != "before" else [0, 0],
            "end_moves_ms": [-25.0, 17.0] if key != "after" else [0, 0],
        }
        for key, name, start, end in ends
    ]
    waves = [{"name": "QRS", "onset": -69.4, "end": 100.0}]
    return {"lead": "MLII", "waves": waves, "regions": regions, "source": {"QRS onset": "a test"}}


def told_by_wave(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Shares, covered waves and judgements of explanations; a decision over time has no judgement."""
    share = {"value": 0.4, "low": 0.3, "high": 0.5}
    change = {"value": -0.3, "low": -0.5, "high": -0.1, "symbol": "/", "changes_sign": False}
    maps = [
        {
            "id": one["id"],
            "title": one["title"],
            "shares": [share] * 3,
            "words": f"{one['title']} puts 40% on the QRS.",
            "trust_id": None if one["relevance"] is None else one["id"][::-1],
            "trust": None if one["relevance"] is None else judgement(one),
        }
        for one in found
    ]
    return {
        **cut_at_waves(),
        "target": "/",
        "target_name": "Paced",
        "top": "/",
        "before": 0.57,
        "covered": [change] * 3,
        "maps": maps,
        "agreement": [[1.0 if i == j else 0.29 for j in range(len(maps))] for i in range(len(maps))],
        "held": 0.9,
        "words": ["The beat comes 14% early (RR 472 ms)."],
    }


FIGURES = {  # verdict → chance, gain, lead, room
    "holds up": (0.0033, 0.31, 0.21, 0.5),
    "better than chance": (0.0133, 0.12, -0.02, 0.5),
    "not told from chance": (0.11, 0.02, -0.2, 0.5),
    "cannot be judged": (0.11, 0.02, -0.2, 0.04),
    "nothing found": (0.11, 0.02, -0.2, 0.5),
}
ERRORS = {"windows": 120, "patients": 9, "false": {"|x|": 0.01, "occlusion": 0.03}, "worst_high": 0.07}


def judgement(one: dict[str, Any], verdict: str = "not told from chance") -> dict[str, Any]:
    """A map's judgement with figures that give its verdict."""
    chance, gain, lead, room = FIGURES[verdict]
    found = earlier(one, 0.97, 0.5)
    settings = {"random_masks": 300, "smoothing": 10, "noise": 0.05, "copies": 2, "seed": 3}
    gains = {"|x|": 0.1, "triangle at R": 0.01}
    return found | {
        "rule": 2,
        "verdict": verdict,
        "chance": chance,
        "gain": gain,
        "lead": lead,
        "room": room,
        "replacement": {"windows": 3, "symbol": "V", "name": "Ventricular premature"},
        "error_rates": ERRORS,
        "settings": settings,
        "baselines": [shape | {"gain": gains[shape["name"]]} for shape in found["baselines"]],
    }


def earlier(one: dict[str, Any], deletion: float = 0.97, insertion: float = 0.5) -> dict[str, Any]:
    """A judgement as links hold it that were frozen while two curves among 60 random masks decided."""
    verdicts = {2: "holds up", 1: "partly holds", 0: "not faithful"}
    curve = {"map": [0.57, 0.1], "random": [0.57, 0.4], "low": [0.5, 0.2], "high": [0.6, 0.5], "random_mean": 0.47}
    shape = {"deletion": 0.14, "insertion": 0.56, "deletion_better_than": 0.9}
    return {
        "id": one["id"][::-1],
        "explanation": one["id"],
        "method": one["method"],
        "title": one["title"],
        "target": one["target"],
        "verdict": verdicts[(deletion >= 0.95) + (insertion >= 0.95)],
        "fractions": [0.0, 0.6],
        "deletion": curve | {"mean": 0.09, "better_than": deletion},
        "insertion": curve | {"mean": 0.2, "better_than": insertion},
        "agreement": [{"method": "occlusion", "title": "Occlusion", "rho": 0.29}],
        "stability": {"noise": [0.9, 0.88], "seeds": None},
        "baselines": [
            shape | {"name": "|x|", "insertion_better_than": 0.99},
            shape | {"name": "triangle at R", "insertion_better_than": 0.3},
        ],
        "all_deleted": {"N": 0.1, "R": 0.77, "/": 0.08},
        "deletion_value": "0",
        "settings": {"random_masks": 60, "smoothing": 25, "noise": 0.05, "copies": 2, "seed": 3},
        "versions": {"beatlens": "0.1.0"},
        "seconds": 0.8,
    }
