"""Downloads of a shared link, and the picture by which other programs announce it."""

import json
import re
import threading
from collections.abc import Callable
from html import escape

import dash
from flask import Response, request

from frontend.api import JSON, Api, ApiError, windows
from frontend.keeping import FewValues, Store, Stores
from frontend.panel import Panels

TOKEN = re.compile(r"/s/([A-Za-z0-9_-]{16,100})")
MEDIA = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml", "json": "application/json"}
TODAY = ("live", "number", "needs_sign_in", "expires")  # what of an answer is not frozen
TITLE = "Beatlens: model output for one beat"
ABOUT = "Read only, as its maker saw it: beat, output and the regions that changed the score. Research use only."


class SheetCache:
    """The latest files; one is drawn at a time, since matplotlib is one."""

    def __init__(self, stores: Stores = FewValues) -> None:
        self._files: Store = stores("sheets", len)
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str], draw: Callable[[], bytes]) -> bytes:
        """The file called `key`, drawn where it is not there."""
        with self._lock:
            file: bytes = self._files.get(key, draw)
            return file


def register(app: dash.Dash, api: Api, panels: Panels, stores: Stores = FewValues) -> None:
    """The addresses below a link's own."""
    drawn = SheetCache(stores)

    def download(token: str, form: str) -> Response:
        if form not in MEDIA:
            return Response(f"There is no {form}: ask for {', '.join(MEDIA)}", 404, mimetype="text/plain")
        try:
            document = api.link(token, copy=True)
        except ApiError as error:
            return refused(error)
        how = "inline" if form == "pdf" and "show" in request.args else "attachment"  # shown, it can be printed
        name = f"beatlens-{document['number']}.{form}"
        body = drawn.get((token, form), lambda: made(document, form, panels))
        return Response(
            body, mimetype=MEDIA[form], headers=keep() | {"Content-Disposition": f'{how}; filename="{name}"'}
        )

    def picture(token: str) -> Response:
        try:
            document: JSON | None = api.link(token, copy=True)
        except ApiError as error:
            if error.status != 401:
                return refused(error)
            document = None
        if document is not None and document["needs_sign_in"]:
            document = None
        body = drawn.get((token if document else "", "preview"), lambda: announced(document))
        return Response(body, mimetype="image/png", headers=keep())

    prefix = app.config.routes_pathname_prefix
    app.server.add_url_rule(f"{prefix}s/<token>/sheet.<form>", "sheet", download)
    app.server.add_url_rule(f"{prefix}s/<token>/preview.png", "preview", picture)


def keep() -> dict[str, str]:
    """Nobody in between keeps it: a link can be withdrawn."""
    return {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


def refused(error: ApiError) -> Response:
    """Why there is no file."""
    return Response(error.detail, error.status or 503, mimetype="text/plain")


def made(document: JSON, form: str, panels: Panels) -> bytes:
    """A document as a file."""
    frozen = {key: value for key, value in document.items() if key not in TODAY}
    if form == "json":
        return json.dumps(frozen, ensure_ascii=False, indent=1).encode()
    from frontend.sheets.sheet import sheet

    return sheet(windows.document(document), panels).saved(form, about(document, form))


def announced(document: JSON | None) -> bytes:
    """The picture of a document; of none, where it is not for everybody."""
    from frontend.sheets.preview import preview

    return preview(document and windows.document(document)).saved("png", {"Software": "Beatlens"})


def about(document: JSON, form: str) -> dict[str, str | None]:
    """What a file says of itself; no time of its own, so that the same link gives the same file."""
    version = f"Beatlens {document['versions'].get('beatlens', '')}".strip()
    if form == "pdf":
        return {"Title": TITLE, "Creator": version, "CreationDate": None, "ModDate": None}
    if form == "svg":
        return {"Title": TITLE, "Creator": version, "Date": None}
    return {"Software": version}


def tags(path: str, root: str) -> str:
    """Open Graph's tags for a link's page: the same for every link, but for the picture's address."""
    found = TOKEN.fullmatch(path)
    if not found:
        return ""
    named = {
        "og:type": "website",
        "og:site_name": "Beatlens",
        "og:title": TITLE,
        "og:description": ABOUT,
        "og:url": f"{root}s/{found[1]}",
        "og:image": f"{root}s/{found[1]}/preview.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "One beat, the model output, and the regions that changed the score",
    }
    metas = [f'<meta property="{name}" content="{escape(value)}">' for name, value in named.items()]
    other = {"robots": "noindex, nofollow", "twitter:card": "summary_large_image", "description": ABOUT}
    return "".join([*metas, *(f'<meta name="{name}" content="{escape(value)}">' for name, value in other.items())])
