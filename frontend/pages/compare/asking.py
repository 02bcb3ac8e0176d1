"""Which maps Compare asks for: nothing slow on a long window unless the reader wants it."""

from frontend import explanations, methods
from frontend.address import SLOTS, Method
from frontend.api import JSON, Api
from frontend.maps import states
from frontend.ui.elements import Element, html
from frontend.view import View

NOT_ASKED = explanations.NOT_ASKED


def method_of(api: Api, view: View, entry: JSON) -> str:
    """A method with the parameters that the desk gives it, where it shows it, and the score that is chosen here."""
    name = entry["method"]
    method = next(
        (one for one in (methods.chosen(api, view, slot) for slot in SLOTS) if one.name == name), Method(name)
    )
    fits = "score" in entry["schema"]["properties"] and "score" not in method.parameters
    return str(Method(name, {**method.parameters, "score": view.score}) if fits and view.score else method)


def ask(api: Api, view: View, entry: JSON) -> JSON:
    """The job of one cell; what is not asked for, and neither known nor under way, has the status "not asked"."""
    name = entry["method"]
    start = is_asked(api, view, entry)
    job = explanations.ask(api, view, name, method_of(api, view, entry), f"graph-{name}", start)
    # Fetched ahead it is not the last word: the reader may want it once the window is in sight.
    return job | {"lasting": name not in view.ask} if job["status"] == NOT_ASKED else job


def is_asked(api: Api, view: View, entry: JSON) -> bool:
    """Whether a method is asked for: what is instant, what is quick because the window is a beat, what is wanted.

    On a long window a queued method takes minutes; of a neighbour that is fetched ahead it is not even wanted yet.
    """
    if entry["cost"] == "instant" or is_short(api, view):
        return True
    return entry["method"] in view.ask and view.urgency == "interactive"


def is_short(api: Api, view: View) -> bool:
    """Whether a window is one beat."""
    return bool(api.beat(view.record, view.at, view.lead, view.model).get("kind", "beat") == "beat")


def not_asked(job: JSON) -> Element:
    """In the place of a map that nobody asked for: that it takes a while, and the way to it."""
    button = html.Button("Compute", className="btn sm", **{"data-compute": job["slot"]})
    words = "On a long window this takes a worker a while. It is computed when you ask for it."
    return states.note(job, "Not computed", words, button)
