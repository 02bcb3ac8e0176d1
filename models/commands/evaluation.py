"""Commands that write the tables of the results."""

from pathlib import Path
from typing import Annotated

import typer

from models.commands.arguments import (
    BEATS,
    CANDIDATES,
    PICTURES,
    RESULTS,
    ZOO,
    BeatModel,
    BeatsPerClass,
    DataFolder,
    folders,
)

app = typer.Typer(no_args_is_help=True, help="Write the tables of docs/reference/results.md.")


@app.command("accuracy")
def accuracy(
    data: Annotated[Path | None, typer.Argument(help="Folder of MIT-BIH: judge the models anew on its beats.")] = None,
) -> None:
    """Accuracy tables, from the models' cards; with DATA that on the beats that are shown is made anew."""
    from models import zoo
    from models.evaluation.accuracy import accuracy_tables
    from models.evaluation.sections import write_section

    if data is not None:
        from models.training import RECIPES, runs
        from models.training.publish import judge_shown

        with runs.one_thread():
            for name in (name for name in zoo.names() if name in RECIPES):
                judge_shown(ZOO / name, data, typer.echo)
    write_section(RESULTS, "accuracy", accuracy_tables(zoo.load(name).card for name in zoo.names()))


@app.command("scales")
def scales(
    context: typer.Context,
    data: DataFolder = None,
    missing: Annotated[bool, typer.Option(help="Only those that a card has not got: the others stay.")] = False,
) -> None:
    """Full scales of the maps, of every method and score, on validation beats; they go into the cards."""
    from models import zoo
    from models.training import RECIPES, runs
    from models.training.publish import measure_scales

    with runs.one_thread():
        recordings, cache = folders(context, data)
        for name in (name for name in zoo.names() if name in RECIPES):
            typer.echo(f"{name}: {measure_scales(ZOO / name, recordings, cache, typer.echo, missing).full_scales}")


@app.command("rhythm-scales")
def rhythm_scales(
    cinc: Annotated[Path, typer.Argument(help="Folder of CinC 2017.")],
    cards: Annotated[Path, typer.Option(help="Folder of the rhythm models, each in a folder of its own.")] = CANDIDATES,
    each: Annotated[int, typer.Option(help="Windows of each class.", min=1)] = 12,
    slow: Annotated[
        bool, typer.Option(help="Also occlusion sample by sample, which reads a window 3,000 times.")
    ] = False,
    missing: Annotated[bool, typer.Option(help="Only those that a card has not got: the others stay.")] = False,
) -> None:
    """Full scales of the rhythm models' maps, on held-out recordings of CinC 2017; they go into the cards."""
    from models.training import runs
    from models.training.rhythm_recipes import RECIPES
    from models.training.rhythm_scales import measure_scales

    with runs.one_thread():
        for folder in sorted(cards.iterdir()):
            if folder.name in RECIPES:
                card = measure_scales(folder, cinc, typer.echo, each, slow=slow, missing=missing)
                typer.echo(f"{folder.name}: {card.full_scales}")


@app.command("beats")
def beats() -> None:
    """The beat model by class, seed, patient and lead, from its card."""
    from models import zoo
    from models.evaluation.beat_tables import beat_tables
    from models.evaluation.sections import write_section
    from models.training.beats import RECIPE

    write_section(BEATS, "beats", beat_tables(zoo.load(RECIPE.id, (CANDIDATES,)).card))


@app.command("rhythm")
def rhythm(
    cards: Annotated[Path, typer.Option(help="Folder of the rhythm models, each in a folder of its own.")] = CANDIDATES,
) -> None:
    """F1 of the rhythm models over folds, from their cards, beside what their papers print."""
    from models import zoo
    from models.evaluation.rhythm_tables import rhythm_tables
    from models.evaluation.sections import write_section

    found = sorted(cards.glob("*/card.json"))
    write_section(RESULTS, "rhythm", rhythm_tables(zoo.store.read_card(file) for file in found))


@app.command("averaging")
def averaging(
    context: typer.Context,
    cinc: Annotated[Path, typer.Argument(help="Folder of CinC 2017.")],
    recipe: Annotated[str, typer.Option(help="A rhythm model that `beatlens train` knows.")] = "cinc-conv7",
    checkpoints: Annotated[Path | None, typer.Option(help="Folder of its runs; default: the data folder's.")] = None,
) -> None:
    """A rhythm model with the mean over versions of a recording, and with classes weighed, on held-out folds."""
    from models.evaluation.averaging import averaging_report
    from models.evaluation.sections import write_section
    from models.training import runs
    from models.training.datasets import cinc2017
    from models.training.rhythm_recipes import recipe as known

    chosen, kept = known(recipe), checkpoints or folders(context, None)[1]
    with runs.one_thread():
        examples = cinc2017.examples(cinc, chosen.symbols, chosen.input, kept, typer.echo)
        write_section(RESULTS, "averaging", averaging_report(chosen, examples, kept, typer.echo))


@app.command("icu")
def icu(
    cards: Annotated[
        Path, typer.Option(help="Folder of the models of stays, each in a folder of its own.")
    ] = CANDIDATES,
) -> None:
    """How the models of stays tell who died in hospital, from their cards, beside what their sources print."""
    from models import zoo
    from models.evaluation.sections import write_section
    from models.evaluation.stay_tables import stay_tables

    found = sorted(cards.glob("*/card.json"))
    write_section(RESULTS, "icu", stay_tables(zoo.store.read_card(file) for file in found))


@app.command("figures")
def figures(
    context: typer.Context,
    cinc: Annotated[Path, typer.Argument(help="Folder of CinC 2017.")],
    mitdb: DataFolder = None,
    cards: Annotated[Path, typer.Option(help="Folder of the rhythm models, each in a folder of its own.")] = CANDIDATES,
    out: Annotated[Path, typer.Option(help="Where the pictures go.")] = PICTURES / "paper-002",
    only: Annotated[list[str] | None, typer.Option(help="Numbers of the figures that are drawn; default: all.")] = None,
) -> None:
    """Figures 5.1 to 5.16 of paper 002 on the same recordings, of the networks that are trained."""
    from models.evaluation.figures_002 import figures
    from models.training.datasets.mitdb_beats import folder
    from models.training.runs import one_thread

    with one_thread():
        figures(cinc, folder(folders(context, mitdb)[0]), cards, out, only or (), typer.echo)


@app.command("burden")
def burden(
    context: typer.Context,
    data: DataFolder = None,
    model: Annotated[Path, typer.Option(help="Folder of a rhythm model's card and weights.")] = CANDIDATES
    / "cinc-conv7",
) -> None:
    """How much atrial fibrillation a rhythm model finds on MIT-BIH, beside its rhythm marks."""
    from models import zoo
    from models.evaluation.af_burden import burden_report
    from models.evaluation.sections import write_section
    from models.training.datasets.mitdb_beats import folder

    write_section(RESULTS, "burden", burden_report(zoo.store.read(model), folder(folders(context, data)[0])))


@app.command("detector")
def detector(context: typer.Context, data: DataFolder = None) -> None:
    """Sensitivity and PPV of the beat detectors."""
    from models.evaluation.detection import detector_report
    from models.evaluation.sections import write_section
    from models.training.datasets.mitdb_beats import folder

    write_section(RESULTS, "detector", detector_report(folder(folders(context, data)[0])).markdown())


@app.command("waves")
def waves(
    ludb: Annotated[Path, typer.Argument(help="Folder of LUDB 1.0.1, unpacked; its recordings are found below it.")],
) -> None:
    """How near P, QRS and T boundaries are to the cardiologists' of LUDB."""
    from models.evaluation.sections import write_section
    from models.evaluation.waves import waves_report
    from models.training.runs import one_thread

    with one_thread():
        write_section(RESULTS, "waves", waves_report(ludb, typer.echo))


@app.command("deletion")
def deletion(
    context: typer.Context,
    data: DataFolder = None,
    model: BeatModel = "mitbih-lstm",
    beats_per_class: BeatsPerClass = 100,
) -> None:
    """Paper 000's deletion curve for every method and the baselines, on test patients; goes on where it was."""
    from models import zoo
    from models.evaluation.deletion import deletion_report
    from models.evaluation.sections import write_section
    from models.training.runs import one_thread

    with one_thread():
        recordings, cache = folders(context, data)
        text = deletion_report(zoo.load(model), recordings, beats_per_class, RESULTS.parent, cache, typer.echo)
        write_section(RESULTS, "deletion", text)


@app.command("methods")
def methods(
    context: typer.Context,
    data: DataFolder = None,
    model: BeatModel = "mitbih-lstm",
    beats_per_class: BeatsPerClass = 100,
) -> None:
    """Every method of relevance in one table, on test patients: areas, CPD and CPP, shuffled weights; goes on."""
    from models import zoo
    from models.evaluation.all_methods import methods_report
    from models.evaluation.sections import write_section
    from models.training.runs import one_thread

    with one_thread():
        recordings, cache = folders(context, data)
        text = methods_report(zoo.load(model), recordings, beats_per_class, RESULTS.parent, cache, typer.echo)
        write_section(RESULTS, "methods", text)


@app.command("relevance")
def relevance(
    context: typer.Context,
    data: DataFolder = None,
    model: BeatModel = "mitbih-lstm",
    beats_per_class: BeatsPerClass = 50,
) -> None:
    """What ε does to relevance propagation, on test patients: sums, largest values, deletion and insertion."""
    from models import zoo
    from models.evaluation.relevance import relevance_report
    from models.evaluation.sections import write_section
    from models.training.runs import one_thread

    with one_thread():
        recordings, cache = folders(context, data)
        text = relevance_report(zoo.load(model), recordings, beats_per_class, cache, typer.echo)
        write_section(RESULTS, "relevance", text)


@app.command("fills")
def fills(
    context: typer.Context,
    data: DataFolder = None,
    model: BeatModel = "mitbih-lstm",
    beats_per_class: BeatsPerClass = 150,
) -> None:
    """How often a beat keeps its class with every sample deleted, for each fill, on test patients."""
    from models import zoo
    from models.evaluation.fills import fills_report
    from models.evaluation.sections import write_section
    from models.training.runs import one_thread

    with one_thread():
        recordings, cache = folders(context, data)
        write_section(RESULTS, "fills", fills_report(zoo.load(model), recordings, beats_per_class, cache, typer.echo))


@app.command("contrast")
def contrast(
    context: typer.Context,
    data: DataFolder = None,
    model: Annotated[list[Path] | None, typer.Option(help="Folders of models; default: those of the zoo.")] = None,
) -> None:
    """Beats of each class from the patients a model was trained on, kept with it: its maps are judged with them."""
    from models import zoo
    from models.training.contrasts import keep_contrast
    from models.training.runs import one_thread

    with one_thread():
        recordings, cache = folders(context, data)
        for folder in model or [ZOO / name for name in zoo.names()]:
            keep_contrast(folder, recordings, cache, typer.echo)


@app.command("verdict")
def verdict(
    context: typer.Context,
    data: DataFolder = None,
    model: Annotated[list[str] | None, typer.Option(help="Models of the zoo, or candidates.")] = None,
    beats_per_class: BeatsPerClass = 30,
    method: Annotated[
        list[str] | None, typer.Option(help="Methods whose maps are judged; other beats' are by the first.")
    ] = None,
) -> None:
    """How often the trust verdict holds maps up that cannot know the beat, on test patients; goes on where it was."""
    from models import zoo
    from models.evaluation import verdict_tables, verdicts
    from models.evaluation.sections import write_section
    from models.training.runs import one_thread

    with one_thread():
        recordings, cache = folders(context, data)
        found = []
        for name in model or ["mitbih-lstm"]:
            known = zoo.load(name, (CANDIDATES,))
            methods = method or verdicts.METHODS
            found.append(verdicts.measure(known, recordings, beats_per_class, methods, cache, typer.echo))
            verdict_tables.keep(found[-1])
        write_section(RESULTS, "verdict", verdict_tables.markdown(found))


@app.command("truth")
def truth(
    context: typer.Context,
    seeds: Annotated[int, typer.Option(help="Networks of each kind for each feature.", min=1)] = 5,
    beats_per_class: Annotated[int, typer.Option(help="Beats with and without it that each is judged on.", min=1)] = 4,
    epochs: Annotated[int, typer.Option(help="How long a network may learn at most.", min=1)] = 60,
    only: Annotated[list[str] | None, typer.Option(help="Features that are planted; default: all.")] = None,
    out: Annotated[Path, typer.Option(help="Where the pictures go.")] = PICTURES,
) -> None:
    """Every method on planted networks, where the deciding samples are known: AUP, AUR, IoU, verdicts; goes on."""
    from models.evaluation.known_truth.benchmark import known_truth_report
    from models.evaluation.sections import write_section
    from models.training.runs import one_thread

    with one_thread():
        cache = folders(context, None)[1]
        text = known_truth_report(seeds, beats_per_class, epochs, only or (), RESULTS.parent, out, cache, typer.echo)
        write_section(RESULTS, "truth", text)
