"""What the service says of its methods: which stand beside each other where the address names none, what each shows."""

from frontend.address import SLOTS, Method, parse_method
from frontend.api import JSON, Api, ApiError
from frontend.view import View


def all_of(api: Api) -> list[JSON]:
    """All methods, in the service's order."""
    return api.explainers()


def choices(api: Api, model: str | None) -> list[JSON]:
    """All methods as a menu's entries; those that cannot explain the model are there and cannot be chosen."""
    return [
        {"value": entry["method"], "label": entry["title"], "disabled": bool(entry.get("not_offered"))}
        for entry in api.explainers(model)
    ]


def shows_relevance(entry: JSON) -> bool:
    """Whether a method gives a map of relevance."""
    return bool(entry["has_relevance"])


def shows_time(entry: JSON) -> bool:
    """Whether a method gives the output over time and no map."""
    return not shows_relevance(entry) and "probability" in entry["roles"]


def over_time(api: Api) -> JSON | None:
    """The first method that gives the output over time; None where there is none."""
    return next((entry for entry in all_of(api) if shows_time(entry)), None)


def mapping(api: Api) -> list[JSON]:
    """The methods that give a map of relevance."""
    return [entry for entry in all_of(api) if shows_relevance(entry)]


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
