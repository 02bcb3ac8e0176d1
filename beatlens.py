"""Composition root and command line: the one place that knows every floor of the house."""

import logging
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from backend.commands import accounts, files
from models.commands import downloads, evaluation, training

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from backend.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Inspect the decisions of ECG models.",
)
NO_ACCOUNTS = """\
Beatlens does not listen on {host}, where other machines reach it, without accounts. Either
  set BEATLENS_ACCOUNTS=true, and make the first account: beatlens account add NAME --role administrator
or leave BEATLENS_HOST at 127.0.0.1, for this machine alone."""


def build(settings: "Settings") -> "FastAPI":
    """The whole service: the API, and the pages mounted below it."""
    from a2wsgi import WSGIMiddleware

    from backend.app import create_app
    from frontend.app import create_ui
    from models.memory import Memory, hoard_nothing, remember_few_shapes

    hoard_nothing()
    remember_few_shapes()
    service = create_app(settings)
    # The pages reach the API as any other client would; a2wsgi keeps their callbacks off the event loop.
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
    pages = create_ui(f"http://{host}:{settings.port}", stores=Memory)
    service.mount("/", cast("ASGIApp", WSGIMiddleware(pages.server, workers=16)))
    return service


def _serve(settings: "Settings") -> None:
    from backend.server import serve

    serve(build(settings), settings)


@app.callback()
def begin(context: typer.Context) -> None:
    """Inspect the decisions of ECG models."""
    context.obj = _data_dir


def _data_dir() -> Path:
    from backend.settings import Settings

    return Settings().data_dir


@app.command()
def run(
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
) -> None:
    """Start everything on this machine: Redis, workers, the API and the pages."""
    from workers import launch

    settings = _settings()
    with launch.ending_on_sigterm(), launch.redis_server(settings.redis_url, settings.data_dir) as redis:
        if redis.problem:
            typer.echo(f"Without a queue: {redis.problem} Signals, outputs and instant methods still work.", err=True)
        with launch.workers(settings.workers, env={"BEATLENS_REDIS_URL": redis.url}):
            _announce(f"http://{settings.host}:{settings.port}", open_browser)
            _serve(settings.model_copy(update={"redis_url": redis.url}))


def _settings() -> "Settings":
    """The settings, with a port that is free now: 0 is replaced by one, a taken one is refused."""
    import socket

    from backend.settings import Settings

    settings = Settings()
    if not settings.loopback and not settings.accounts:
        typer.echo(NO_ACCOUNTS.format(host=settings.host), err=True)
        raise typer.Exit(1)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            typer.echo(f"Cannot listen on {where} ({error.strerror}). Set BEATLENS_PORT to a free one.", err=True)
            raise typer.Exit(1) from error
        return settings.model_copy(update={"port": probe.getsockname()[1]})


def _announce(address: str, open_browser: bool) -> None:
    """Say the address once the page answers."""
    import httpx

    def wait() -> None:
        for _ in range(600):
            try:
                httpx.get(f"{address}/api/health", timeout=1, trust_env=False)
                break
            except httpx.HTTPError:
                threading.Event().wait(0.1)
        typer.echo(f"\n  Beatlens is at {address}   (research use only; Ctrl-C ends it)\n")
        if open_browser:
            webbrowser.open(address)

    threading.Thread(target=wait, daemon=True).start()


@app.command()
def api() -> None:
    """Serve the API and the pages only; Redis and workers run elsewhere."""
    _serve(_settings())


@app.command()
def worker() -> None:
    """Work on queued explanations until stopped."""
    from backend.settings import Settings
    from models.memory import remember_few_shapes
    from workers.service import serve

    settings = Settings()
    if not settings.redis_url:
        typer.echo("A worker needs BEATLENS_REDIS_URL, for example redis://localhost:6379/0", err=True)
        raise typer.Exit(1)
    remember_few_shapes()
    serve(settings.redis_url, model_dirs=settings.model_dirs)


app.command("import")(files.import_)
app.command("backup")(files.backup)
app.command("restore")(files.restore)
app.command("train")(training.train)
app.command("train-waves")(training.train_waves)
app.add_typer(accounts.app, name="account")
app.add_typer(downloads.app, name="fetch")
app.add_typer(evaluation.app, name="evaluate")


def main() -> None:
    """Run the command line; a domain error is one sentence, not a traceback."""
    from models.errors import DomainError

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except DomainError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
