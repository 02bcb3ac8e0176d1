"""What the service says of its methods: which stand beside each other where the address names none, what each shows."""

from frontend.address import SLOTS, Method, parse_method
from frontend.api import JSON, Api, ApiError
from frontend.view import View

GROUPS = {  # of methods, by how they come by their findings: title and, after the colon, what that is
    "network": "What the network shows of itself",
    "perturbation": "Perturbation: parts are hidden or moved",
    "gradient": "Gradient: slopes of the score",
    "propagation": "Propagation: the score is passed back",
    "surrogate": "Surrogate: a simple model of the pieces",
    "other": "Other methods",
}


def group_of(entry: JSON) -> str:
    """The group of a method; "other" where it names none, or one that is not known here."""
    found = entry.get("group")
    return str(found) if found in GROUPS else "other"


def all_of(api: Api) -> list[JSON]:
    """All methods, in the service's order."""
    return api.explainers()


def choices(api: Api, model: str | None) -> list[JSON]:
    """All methods as a menu's entries, by group; those that cannot explain the model are there and cannot be chosen."""
    groups: dict[str, list[JSON]] = {name: [] for name in GROUPS}
    for entry in api.explainers(model):
        no = bool(entry.get("not_offered"))
        groups[group_of(entry)].append({"value": entry["method"], "label": entry["title"], "disabled": no})
    return [{"group": GROUPS[name].partition(":")[0], "items": items} for name, items in groups.items() if items]


def of_view(api: Api, view: View) -> list[JSON]:
    """All methods, each with the reason where it cannot explain the model of a view."""
    return api.explainers(api.model(view.model, view.record)["id"])


def offered(api: Api, view: View) -> list[JSON]:
    """The methods that can explain the model of a view."""
    return [entry for entry in of_view(api, view) if not entry.get("not_offered")]


def digits(api: Api, view: View) -> list[JSON]:
    """What the digits choose from, in their order: name and title of each method that can explain the model.

    There are nine digits: the methods that stand side by side where nobody chose come first.
    """
    found = sorted(offered(api, view), key=lambda entry: not entry.get("default_slot"))
    return [{name: entry[name] for name in ("method", "title")} for entry in found]


def why_not(api: Api, view: View, name: str) -> str | None:
    """Why a method cannot explain the model of a view; None where it can, or is not known."""
    found = next((entry for entry in of_view(api, view) if entry["method"] == name), None)
    reason = found and found.get("not_offered")
    return f"{found['title']} cannot explain this model: {reason}." if found and reason else None


def shows_relevance(entry: JSON) -> bool:
    """Whether a method gives a map of relevance."""
    return bool(entry["has_relevance"])


def shows_time(entry: JSON) -> bool:
    """Whether a method gives the output over time and no map."""
    return not shows_relevance(entry) and entry["roles"][:1] == ["probability"]


def over_time(api: Api, view: View) -> JSON | None:
    """The method that gives the output over time, first one that can explain the model; None where there is none."""
    found = [entry for entry in of_view(api, view) if shows_time(entry)]
    return next((entry for entry in found if not entry.get("not_offered")), found[0] if found else None)


def mapping(api: Api, model: str | None = None) -> list[JSON]:
    """The methods that give a map of relevance; of a model those that can explain it."""
    return [entry for entry in api.explainers(model) if shows_relevance(entry) and not entry.get("not_offered")]


def defaults(api: Api) -> dict[str, str]:
    """Slot → method where the address names none: as the service says, else its first that search for a map."""
    found = mapping(api)
    searching = [entry for entry in found if entry["cost"] == "queued"]
    order = [*searching, *(entry for entry in found if entry not in searching)]
    chosen = {entry["default_slot"]: entry["method"] for entry in found if entry.get("default_slot")}
    left = (entry["method"] for entry in order if entry["method"] not in chosen.values())
    named = {slot: chosen.get(slot) or next(left, None) for slot in SLOTS}
    return {slot: name for slot, name in named.items() if name}


def text(api: Api, view: View, slot: str) -> str:
    """The method of slot "a" or "b" as the address writes it; ApiError where there is none."""
    named = (view.a if slot == "a" else view.b) or defaults(api).get(slot)
    if not named:
        raise ApiError("The service has no method that gives a map.")
    return named


def chosen(api: Api, view: View, slot: str) -> Method:
    """The method of slot "a" or "b" with its parameters."""
    return parse_method(text(api, view, slot))


def schema_of(api: Api, name: str) -> JSON:
    """The service's description of a method."""
    known = all_of(api)
    found = next((entry for entry in known if entry["method"] == name), None)
    if found is None:
        options = tuple(entry["method"] for entry in known)
        raise ApiError(f"Unknown method {name!r}: there is {', '.join(options)}", options=options)
    return found


def title_of(api: Api, name: str) -> str:
    """A method's title; its name where the service does not know it."""
    try:
        return str(schema_of(api, name)["title"])
    except ApiError:
        return name
