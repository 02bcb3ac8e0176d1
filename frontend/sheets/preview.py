"""The picture that announces a link: one beat and its first map, and nothing of where or whose it is."""

from frontend import format
from frontend.api import JSON
from frontend.explanations import Size
from frontend.figures.paper import PX_PER_MM
from frontend.sheets import content
from frontend.sheets.page import INK, Page
from frontend.sheets.plot import Plot
from frontend.wording import classes

WIDTH, HEIGHT, LEFT = 600, 315, 28  # px, half of what a preview's picture has
MAP = Size(330, 148.0, mm=PX_PER_MM)


def preview(document: JSON | None) -> Page:
    """For a document; for none, where it is not for everybody, the name of the program alone."""
    page = Page(WIDTH, HEIGHT)
    page.text(LEFT, 44, "Beatlens", size=17, weight=700)
    page.text(WIDTH - LEFT, 42, " · ".join(content.NOTICE), INK["ink2"], 10.5, across="right")
    page.line((LEFT, WIDTH - LEFT), (58, 58), INK["line"])
    if document is None or document["prediction"] is None:
        page.text(LEFT, 160, "Model output for one beat", size=20, weight=700)
        page.text(LEFT, 186, "Read only, as its maker saw it", INK["ink2"], 13)
        return page
    said = document["prediction"]
    names = {entry["symbol"]: entry["name"] for entry in document["beat"]["classes"]}
    page.text(LEFT, 90, "Model output", INK["ink2"], 12)
    page.chip(LEFT + 18, 124, said["symbol"], 36, names.get(said["symbol"]))
    page.text(LEFT + 46, 130, classes.short(said["symbol"], names), size=18, weight=700)
    page.text(LEFT, 182, format.probability(max(said["probabilities"])), size=32, weight=700)
    page.text(LEFT, 202, "model's probability", INK["ink2"], 11)
    for explanation in content.maps(document)[:1]:
        figure, _ = content.drawn(document, explanation, MAP)
        left = WIDTH - LEFT - MAP.width
        page.text(left + 34, 80, f"{explanation['title']}: regions that changed the score", INK["ink2"], 11)
        Plot(page, figure, left, 86).draw()
    return page
