"""Composition root and command line: the one place that knows every floor of the house."""

import logging
import sys
import threading
import webbrowser
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from backend.accounts.service import Accounts
    from backend.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Inspect the decisions of ECG models.",
)
account_app = typer.Typer(no_args_is_help=True, help="Local accounts, for BEATLENS_ACCOUNTS=true.")
fetch_app = typer.Typer(no_args_is_help=True, help="Download open recordings.")
evaluate_app = typer.Typer(no_args_is_help=True, help="Write the tables of docs/reference/results.md.")
app.add_typer(account_app, name="account")
app.add_typer(fetch_app, name="fetch")
app.add_typer(evaluate_app, name="evaluate")

DataFolder = Annotated[
    Path | None, typer.Argument(help="Folder of MIT-BIH (100.hea, 100.dat, 100.atr, …); default: the data folder's.")
]
ZOO = Path(__file__).parent / "models" / "zoo"
CANDIDATES = ZOO.with_name("candidates")  # trained and measured, not offered unless BEATLENS_MODEL_DIRS names it
RESULTS = Path(__file__).parent / "docs" / "reference" / "results.md"
BEATS = RESULTS.with_name("beat-model.md")


NO_ACCOUNTS = """\
Beatlens does not listen on {host}, where other machines reach it, without accounts. Either
  set BEATLENS_ACCOUNTS=true, and make the first account: beatlens account add NAME --role administrator
or leave BEATLENS_HOST at 127.0.0.1, for this machine alone."""


def build(settings: "Settings") -> "FastAPI":
    """The whole service: the API, and the pages mounted below it."""
    from a2wsgi import WSGIMiddleware

    from backend.app import create_app
    from frontend.app import create_ui
    from models.memory import hoard_nothing

    hoard_nothing()
    service = create_app(settings)
    # The pages reach the API as any other client would; a2wsgi keeps their callbacks off the event loop.
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host
    pages = create_ui(f"http://{host}:{settings.port}")
    service.mount("/", cast("ASGIApp", WSGIMiddleware(pages.server, workers=16)))
    return service


def _serve(settings: "Settings") -> None:
    import uvicorn

    uvicorn.run(
        build(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=3,
        forwarded_allow_ips=settings.trusted_proxies,
    )


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
            place = f"{settings.host}:{settings.port}"
            typer.echo(f"Cannot listen on {place} ({error.strerror}). Set BEATLENS_PORT to a free one.", err=True)
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
    from workers.service import serve

    settings = Settings()
    if not settings.redis_url:
        typer.echo("A worker needs BEATLENS_REDIS_URL, for example redis://localhost:6379/0", err=True)
        raise typer.Exit(1)
    serve(settings.redis_url, model_dirs=settings.model_dirs)


@app.command("import")
def import_(path: Annotated[Path, typer.Argument(help="Folder of WFDB records; it is read where it is.")]) -> None:
    """Add a folder of recordings to the worklist."""
    from backend.recordings.folders import add_folder
    from backend.settings import Settings
    from models.records import Catalogue
    from models.records.wfdb_folder import WfdbFolder

    folder = add_folder(Settings().data_dir, path)
    found = Catalogue([WfdbFolder(folder, folder.name)])
    typer.echo(f"{len(found.entries())} recordings in {folder}")
    for problem in found.problems():
        typer.echo(f"  left out: {problem.file}: {problem.reason}", err=True)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A new file, e.g. beatlens-2026-03-01.zip.")]) -> None:
    """Write the database and the uploaded recordings into one file; the service may go on meanwhile."""
    from backend.backup import backup as write
    from backend.settings import Settings

    about = write(Settings(), file)
    typer.echo(f"{file}: {sum(about.rows.values())} rows of {len(about.rows)} tables, and the uploads.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="What `beatlens backup` wrote.")]) -> None:
    """Fill an empty database and data folder from a backup; the service must not run."""
    from backend.backup import restore as read
    from backend.settings import Settings

    about = read(Settings(), file)
    typer.echo(f"As it was on {about.made:%Y-%m-%d at %H:%M} UTC: {sum(about.rows.values())} rows.")


@contextmanager
def _accounts() -> "Iterator[Accounts]":
    """The accounts in the database of the settings."""
    from backend.accounts.service import Accounts
    from backend.database import Database, upgrade
    from backend.settings import Settings

    database = Database(Settings().database)
    upgrade(database.engine)
    yield Accounts(database)
    database.close()


def _password() -> str:
    """A new password: asked for twice at a terminal, else the first line that comes in."""
    from backend.accounts.passwords import LONGEST, SHORTEST

    if sys.stdin.isatty():
        given = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    else:
        given = sys.stdin.readline().rstrip("\n")
    if not SHORTEST <= len(given) <= LONGEST:
        typer.echo(f"A password has {SHORTEST} to {LONGEST} characters.", err=True)
        raise typer.Exit(1)
    return given


@account_app.command("add")
def account_add(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[str, typer.Option(help="reader, annotator, lead or administrator.")] = "reader",
) -> None:
    """Make an account; its password is asked for, or read from standard input."""
    from backend.accounts.schemas import UserRequest
    from backend.settings import Settings

    try:
        asked = UserRequest.model_validate({"name": name, "role": role, "password": _password()})
    except ValueError as error:
        typer.echo(f"No account was made: {error}", err=True)
        raise typer.Exit(1) from error
    with _accounts() as accounts:
        made = accounts.add(asked.name, asked.role, asked.password)
    typer.echo(f"{made.name} is {made.role}.")
    if not Settings().accounts:
        typer.echo("Nobody is asked to sign in yet: set BEATLENS_ACCOUNTS=true.")


@account_app.command("list")
def account_list() -> None:
    """Everybody, with their roles."""
    with _accounts() as accounts:
        for user in accounts.all().users:
            typer.echo(f"{user.role:14} {user.name}{'  (disabled)' if user.disabled else ''}")


@account_app.command("password")
def account_password(name: Annotated[str, typer.Argument(help="Name to sign in with.")]) -> None:
    """Set somebody's password anew, who is signed out everywhere; asked for, or read from standard input."""
    from backend.accounts.credentials import CredentialStore
    from backend.accounts.schemas import UserChangeRequest

    with _accounts() as accounts:
        id = accounts.id_of(name)
        accounts.change(id, UserChangeRequest(password=_password()))
        CredentialStore(accounts.database, 1, 1).end(id)
    typer.echo("The password is changed.")


@fetch_app.command("mitdb")
def fetch_mitdb(
    dest: Annotated[Path | None, typer.Argument(help="Where to; default: mitdb in the data folder.")] = None,
) -> None:
    """MIT-BIH Arrhythmia Database from PhysioNet, 48 records, 100 MB; resumes, checks every file."""
    from rich.progress import Progress as Bar

    from backend.settings import Settings
    from models.records import fetch

    folder = dest or Settings().data_dir / "mitdb"
    with Bar(transient=True) as bar:
        task = bar.add_task("mitdb", total=None)
        got = fetch.fetch_mitdb(
            folder, lambda p: bar.update(task, completed=p.files_done, total=p.files, description=p.file)
        )
    typer.echo(f"{folder} is complete, {got} files were downloaded. Next: beatlens import {folder}")


def _data(given: Path | None) -> tuple[Path, Path]:
    """Where the recordings are, and where arrays and checkpoints of long work are kept."""
    from backend.settings import Settings

    data_dir = Settings().data_dir
    return given or data_dir, data_dir / "training"


@app.command()
def train(
    model: Annotated[str, typer.Argument(help="aami-beats, mitbih-lstm, mitbih-lstm-pooled, cinc-conv7, …")],
    data: DataFolder = None,
    out: Annotated[Path, typer.Option(help="Where card and weights go.")] = ZOO,
    epochs: Annotated[int | None, typer.Option(help="At most so many; the recipe's number by default.")] = None,
    export_only: Annotated[bool, typer.Option(help="Write the card of the checkpoints that are there.")] = False,
    fold: Annotated[list[int] | None, typer.Option(help="Of a rhythm model; all by default.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Of a rhythm model's recipe, e.g. --set seed=1 --set gain=0.")
    ] = None,
) -> None:
    """Train a model of the zoo and write its card; a stopped run goes on where it was."""
    from models.training import beats, rhythm
    from models.training import train as run_recipe
    from models.training.publish import judge_shown

    recordings, checkpoints = _data(data)
    if model in rhythm.RECIPES:
        changes = [*(settings or ()), *([f"epochs={epochs}"] if epochs else ())]
        rhythm.train(model, recordings, out, checkpoints, fold, changes, export_only=export_only, say=typer.echo)
    elif model == beats.RECIPE.id:
        beats.train(recordings, out, checkpoints, export_only=export_only, say=typer.echo)
    else:
        run_recipe(model, recordings, out, checkpoints, epochs=epochs, export_only=export_only, say=typer.echo)
        judge_shown(out / model, recordings, typer.echo)


@app.command("train-waves")
def train_waves(
    ludb: Annotated[Path, typer.Argument(help="Folder of LUDB 1.0.1, unpacked; its recordings are found below it.")],
    ranges_only: Annotated[bool, typer.Option(help="Only measure the errors of the network that is there.")] = False,
) -> None:
    """Train the network that bounds P, QRS and T, and measure its errors."""
    from models.training import runs, waves

    runs.one_thread()
    if ranges_only:
        waves.measure_ranges(ludb, say=typer.echo)
    else:
        waves.train_waves(ludb, say=typer.echo)


@evaluate_app.command("accuracy")
def evaluate_accuracy(
    data: Annotated[Path | None, typer.Argument(help="Folder of MIT-BIH: judge the models anew on its beats.")] = None,
) -> None:
    """Accuracy tables, from the models' cards; with DATA that on the beats that are shown is made anew."""
    from models import zoo
    from models.evaluation.accuracy import accuracy_tables
    from models.evaluation.sections import write_section

    if data is not None:
        from models.training import RECIPES, runs
        from models.training.publish import judge_shown

        runs.one_thread()
        for name in (name for name in zoo.names() if name in RECIPES):
            judge_shown(ZOO / name, data, typer.echo)
    write_section(RESULTS, "accuracy", accuracy_tables(zoo.load(name).card for name in zoo.names()))


@evaluate_app.command("scales")
def evaluate_scales(data: DataFolder = None) -> None:
    """Full scales of the maps, of every method and score, on validation beats; they go into the cards."""
    from models import zoo
    from models.training import RECIPES, runs
    from models.training.publish import measure_scales

    runs.one_thread()
    recordings, cache = _data(data)
    for name in (name for name in zoo.names() if name in RECIPES):
        card = measure_scales(ZOO / name, recordings, cache, typer.echo)
        typer.echo(f"{name}: {card.full_scales}")


@evaluate_app.command("beats")
def evaluate_beats() -> None:
    """The beat model with neighbours by class, seed, patient and lead, from its card."""
    from models import zoo
    from models.evaluation.beat_tables import beat_tables
    from models.evaluation.sections import write_section
    from models.training.beats import RECIPE

    write_section(BEATS, "beats", beat_tables(zoo.load(RECIPE.id, (CANDIDATES,)).card))


@evaluate_app.command("rhythm")
def evaluate_rhythm(
    cards: Annotated[Path, typer.Option(help="Folder of the rhythm models, each in a folder of its own.")] = CANDIDATES,
) -> None:
    """F1 of the rhythm models over folds, from their cards, beside what their papers print."""
    from models import zoo
    from models.evaluation.rhythm_tables import rhythm_tables
    from models.evaluation.sections import write_section

    found = sorted(cards.glob("*/card.json"))
    write_section(RESULTS, "rhythm", rhythm_tables(zoo.store.read_card(file) for file in found))


@evaluate_app.command("burden")
def evaluate_burden(
    data: DataFolder = None,
    model: Annotated[Path, typer.Option(help="Folder of a rhythm model's card and weights.")] = CANDIDATES
    / "cinc-conv7",
) -> None:
    """How much atrial fibrillation a rhythm model finds on MIT-BIH, beside its rhythm marks."""
    from models import zoo
    from models.evaluation.af_burden import burden_report
    from models.evaluation.sections import write_section
    from models.training.datasets.mitdb_beats import folder

    write_section(RESULTS, "burden", burden_report(zoo.store.read(model), folder(_data(data)[0])))


@evaluate_app.command("detector")
def evaluate_detector(data: DataFolder = None) -> None:
    """Sensitivity and PPV of the beat detectors."""
    from models.evaluation.detection import detector_report
    from models.evaluation.sections import write_section
    from models.training.datasets.mitdb_beats import folder

    write_section(RESULTS, "detector", detector_report(folder(_data(data)[0])).markdown())


@evaluate_app.command("waves")
def evaluate_waves(
    ludb: Annotated[Path, typer.Argument(help="Folder of LUDB 1.0.1, unpacked; its recordings are found below it.")],
) -> None:
    """How near P, QRS and T boundaries are to the cardiologists' of LUDB."""
    from models.evaluation.sections import write_section
    from models.evaluation.waves import waves_report
    from models.training.runs import one_thread

    one_thread()
    write_section(RESULTS, "waves", waves_report(ludb, typer.echo))


@evaluate_app.command("deletion")
def evaluate_deletion(
    data: DataFolder = None,
    model: Annotated[str, typer.Option(help="A model of the zoo.")] = "mitbih-lstm",
    beats_per_class: Annotated[int, typer.Option(help="Test beats of each class.", min=1)] = 100,
) -> None:
    """Paper 000's deletion curve for every method and the baselines, on test patients; goes on where it was."""
    import torch

    from models import zoo
    from models.evaluation.deletion import deletion_report
    from models.evaluation.sections import write_section

    torch.set_num_threads(1)
    recordings, cache = _data(data)
    text = deletion_report(zoo.load(model), recordings, beats_per_class, RESULTS.parent, cache, typer.echo)
    write_section(RESULTS, "deletion", text)


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
