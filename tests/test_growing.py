"""What a process holds for as long as it lives: within the budget, or bounded by what is said here of it.

A dict, a list or a set that a service begins empty and fills, and a cached function with parameters, is how a process
grows without being counted. Each is named here with what bounds it; what is slow to make belongs into a `Memory`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1]
LIVING = ("backend", "frontend", "models", "workers")  # packages of a process that lives on
BRIEF = ("migrations", "evaluation", "training")  # folders of what ends with its command
EMPTY = ("dict", "set", "list", "defaultdict", "OrderedDict", "Counter", "deque")
BOUND_BY = {
    "backend/accounts/credentials.py CredentialStore._known": "emptied when it is full",
    "backend/accounts/throttle.py Throttle._failures": "REMEMBERED",
    "backend/audit/service.py Audit._last_noted": "REMEMBERED",
    "backend/blinding/result_index.py ResultIndex._origins": "LIMIT",
    "backend/blinding/service.py BlindingService._known": "the accounts",
    "backend/current_user.py at_least(role)": "the roles",
    "backend/predictions/computing.py Computations._computations": "what is under way",
    "backend/predictions/computing.py Computations._threads": "what is under way",
    "backend/predictions/examples.py ExampleSets._failed": "the models",
    "backend/predictions/examples.py ExampleSets._steps": "what is under way",
    "backend/predictions/examples.py ExampleSets._threads": "what is under way",
    "backend/predictions/preparing.py Preparations._threads": "what is under way",
    "backend/recordings/progress.py Progress._steps": "what is under way",
    "backend/recordings/summary.py Summaries._known": "the recordings: a line of the worklist each",
    "backend/recordings/summary.py Summaries._problems": "the recordings",
    "backend/tasks/requests.py request_of(work)": "the tasks",
    "backend/worklist/counting.py PredictionCounter._known": "the recordings and models: a line of the worklist each",
    "backend/worklist/counting.py PredictionCounter._recalled": "the models",
    "frontend/discovery.py _points(group, _)": "the installed packages",
    "frontend/discovery.py _origins": "the installed packages",
    "frontend/discovery.py _left_out": "the installed packages",
    "frontend/sheets/page.py _font(size, bold)": "the sizes of a sheet's texts",
    "frontend/vocabulary.py _sent": "the vocabularies",
    "frontend/vocabulary.py _read": "the vocabularies",
    "frontend/vocabulary.py _names": "the vocabularies",
    "models/explainers/engine.py window(row)": "one question, with which it goes",
    "models/inside/last_states.py _Readings.found": "one question, with which it goes",
    "models/memory/budget.py Budget._gone": "the memories that have gone since the last use",
    "models/memory/budget.py Entries._held": "the budget",
    "models/memory/budget.py Entries._worth": "the budget",
    "models/memory/giving_back.py _function(name)": "the functions of the C library that are named there",
    "models/memory/mapped.py _folder": "one",
    "models/memory/single_flight.py SingleFlight._flights": "what is under way",
    "models/records/csv_reading.py _Decimals._first": "one file's reading, with which it goes",
    "models/records/folder.py Folder._of": "the recordings",
    "models/records/one_file.py OneFileFolder._paths": "the recordings",
    "models/records/stays.py StayFiles._paths": "the recordings",
    "models/records/uploads.py Uploads._uploads": "the uploads",
    "models/records/wfdb_folder.py WfdbFolder._files": "the recordings",
    "models/records/wfdb_annotations.py _Decoder.foreign": "one file's reading, with which it goes",
    "models/zoo/store.py _loaded": "the models, each as its files are now",
    "workers/reporting.py Reporter.losses": "one job, with which it goes",
    "workers/science.py Science.loaded": "the models",
    "workers/science.py Science.speeds": "the models and methods",
    "workers/tasks.py _context": "one",
}


def begins_empty(value: ast.expr | None) -> bool:
    """Whether a value is a container with nothing in it."""
    if isinstance(value, ast.Dict | ast.List | ast.Set):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in EMPTY):
        return False
    return not value.args or value.func.id == "defaultdict"


def filled(body: list[ast.stmt]) -> Iterator[str]:
    """Names that statements bind to an empty container."""
    for statement in body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and begins_empty(statement.value):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            yield ast.unparse(target).removeprefix("self.")


def is_cached(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id in ("cache", "lru_cache")


def growing(tree: ast.Module) -> Iterator[str]:
    """What of a module may grow with its process."""
    yield from filled(tree.body)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            made = (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__")
            yield from (f"{node.name}.{name}" for one in made for name in filled(one.body))
        if isinstance(node, ast.FunctionDef) and any(map(is_cached, node.decorator_list)):
            given = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
            if given:
                yield f"{node.name}({', '.join(given)})"


def test_whatever_may_grow_says_what_bounds_it() -> None:
    found = {
        f"{path.relative_to(HOUSE)} {name}"
        for package in LIVING
        for path in (HOUSE / package).rglob("*.py")
        if not set(BRIEF) & set(path.parts)
        for name in growing(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set(BOUND_BY)
