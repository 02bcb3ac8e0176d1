"""The words in which marks, classes and readings are written: what the service sends, and their colours.

Two vocabularies may use one code for different things ("A" of a beat, "A" of a rhythm): a class is known by its code
and its name together. MIT-BIH's stand here too, for links that were frozen before any vocabulary was sent.
"""

from dataclasses import dataclass

from frontend.api import JSON, Api, ApiError
from frontend.tokens import CLASSES, BeatClass, Theme

OTHERS = {"artefact": ("x", "Artefact"), "cannot say": ("u", "Cannot say")}  # readings that are no class
NEUTRAL = "Q"  # the colour of what has none


@dataclass(frozen=True)
class Label:
    """One thing that can be said of a beat, a stretch or a recording."""

    code: str
    name: str
    short: str
    colour_group: str = NEUTRAL
    key: str | None = None

    @property
    def group(self) -> BeatClass:
        """How it is drawn."""
        return CLASSES.get(self.colour_group, CLASSES[NEUTRAL])


def _labels(*rows: tuple[str, str, str, str, str | None]) -> tuple[Label, ...]:
    return tuple(Label(*row) for row in rows)


MITBIH = _labels(
    ("N", "Normal", "Normal", "N", "n"),
    ("L", "Left bundle branch block", "LBBB", "L", "l"),
    ("R", "Right bundle branch block", "RBBB", "R", "r"),
    ("B", "Bundle branch block, unspecified", "BBB", "L", None),
    ("e", "Atrial escape", "Atrial esc.", "N", None),
    ("j", "Nodal (junctional) escape", "Nodal esc.", "N", None),
    ("n", "Supraventricular escape", "Supravent. esc.", "N", None),
    ("A", "Atrial premature", "Atrial prem.", "A", "a"),
    ("a", "Aberrated atrial premature", "Aberr. atrial", "A", None),
    ("J", "Nodal (junctional) premature", "Nodal prem.", "A", None),
    ("S", "Supraventricular premature", "Supravent. prem.", "A", None),
    ("V", "Ventricular premature", "PVC", "V", "v"),
    ("E", "Ventricular escape", "Ventr. esc.", "V", None),
    ("r", "R-on-T ventricular premature", "R-on-T", "V", None),
    ("F", "Fusion of ventricular and normal", "Fusion", "F", "f"),
    ("/", "Paced", "Paced", "/", "p"),
    ("f", "Fusion of paced and normal", "Paced fusion", "/", None),
    ("Q", "Unclassifiable", "Unclass.", "Q", "q"),
    ("?", "Not classified during learning", "Unclass.", "Q", None),
)
BEATS = {label.code: label for label in MITBIH}
READ = tuple(label for label in MITBIH if label.key)  # what a beat is read as, by a key
_sent: dict[tuple[str, str], Label] = {}  # by code and name: those of the service
_read: dict[str, tuple[Label, ...]] = {}  # vocabulary → what a window of it is read as
_names: dict[str, dict[str, str]] = {}  # vocabulary → code → name


def load_vocabularies(api: Api) -> None:
    """Take over the vocabularies that the service sends, if it sends any."""
    try:
        answer = api.vocabularies()
    except ApiError:
        return
    for one in answer:
        add(one)


def add(vocabulary: JSON) -> None:
    """Take over one vocabulary; labels that were there before keep their meaning."""
    names = ("code", "name", "short", "colour_group", "key")
    labels = [Label(**{name: entry[name] for name in names}) for entry in vocabulary["labels"]]
    for label in labels:
        _sent.setdefault((label.code, label.name), label)
    _read[vocabulary["name"]] = tuple(label for label in labels if label.key)
    _names[vocabulary["name"]] = {label.code: label.name for label in labels}


def names(vocabulary: str) -> dict[str, str]:
    """What the codes of a vocabulary mean; nothing of one that is not known."""
    return dict(_names.get(vocabulary, {}))


def read(vocabulary: str) -> tuple[Label, ...]:
    """What a window is read as in this vocabulary; a beat's where it is not known."""
    return _read.get(vocabulary) or READ


def label(code: str, name: str | None = None) -> Label:
    """The label of a code; with the name that its model or record gives it, in whatever vocabulary that is."""
    beat = BEATS.get(code)
    if name is None or (beat and beat.name == name):
        return beat or next((one for (sent, _), one in _sent.items() if sent == code), Label(code, code, code))
    return _sent.get((code, name)) or Label(code, name, name)


def letters(code: str) -> str:
    """What stands on a chip: the code, or its first letter where it is a word."""
    return code if len(code) <= 2 else code[:1].upper()


def colour(code: str, theme: Theme, name: str | None = None) -> str:
    """Hex colour of a label."""
    return label(code, name).group.colour(theme)


def readable() -> dict[str, list[JSON]]:
    """What the scripts offer a reader, of each vocabulary."""
    return {
        name: [
            {"code": one.code, "name": one.name, "short": one.short, "colour": f"--c{one.group.key}", "key": one.key}
            for one in labels
        ]
        for name, labels in _read.items()
    }


def exported() -> JSON:
    """What the scripts know: code → short name, colour and key, of beats and of what else can be read."""
    sent = {one.code: {"short": one.short, "colour": f"--c{one.group.key}", "key": None} for one in _sent.values()}
    beats = {one.code: {"short": one.short, "colour": f"--c{one.group.key}", "key": one.key} for one in MITBIH}
    others = {code: {"short": code, "colour": f"--c{NEUTRAL}", "key": key} for code, (key, _) in OTHERS.items()}
    return sent | beats | others
