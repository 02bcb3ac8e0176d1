"""What many tests need: real recordings where they are, and small ones made here."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import stub_data
from gates import Gate
from running import Program, start, stop

from models.records import Annotations, Record

WHOLE = ("tests/browser/", "tests/stubs/test_seen.py")  # tests of running programs


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """How `pytest -n` shares tests out: those of whole programs in two halves, by the program that they share, so that
    each starts once; beside them file after file.

    `--dist loadgroup` would do so by marks, but pytest-xdist 3.8 cannot write groups into the node ids of pytest 9.2.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ProgramsTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return _half(config.rootpath / file) if file.startswith(WHOLE) else file

    return ProgramsTogether(config, log)


@cache
def _half(file: Path) -> str:
    return "programs on MIT-BIH" if "mitdb_program" in file.read_text() else "programs"


@pytest.fixture(scope="session")
def open_data() -> Path:
    """The open data sets below the folder that BEATLENS_TEST_DATA names; skips where there are none."""
    folder = os.environ.get("BEATLENS_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("BEATLENS_TEST_DATA names no folder of recordings")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def mitdb(open_data: Path) -> Path:
    """The MIT-BIH Arrhythmia Database as WFDB files."""
    folder = open_data / "mitdb"
    if not (folder / "100.hea").is_file():
        pytest.skip(f"MIT-BIH is not in {open_data}")
    return folder


@pytest.fixture(scope="session")
def stub_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a program where another package is installed: tests/stubs."""
    folder = tmp_path_factory.mktemp("stub-package")
    (folder / "gates").mkdir()
    path = os.pathsep.join(map(str, stub_data.install(folder / "site")))
    return {"PYTHONPATH": path, "BEATLENS_STUB_GATES": str(folder / "gates")}


@pytest.fixture(scope="session")
def stub_program(tmp_path_factory: pytest.TempPathFactory, stub_settings: dict[str, str]) -> Iterator[Program]:
    """The program with that package, models of its network, and recordings for them."""
    folder = tmp_path_factory.mktemp("stubs")
    (folder / "data").mkdir()
    running = start(
        folder / "data",
        BEATLENS_MODEL_DIRS=str(stub_data.write_models(folder / "models")),
        BEATLENS_RECORDINGS=str(stub_data.write_recordings(folder / "ward")),
        BEATLENS_WORKERS="1",
        **stub_settings,
    )
    yield running
    stop(running)


@pytest.fixture
def gate(stub_settings: dict[str, str]) -> Iterator[Gate]:
    """A closed gate for jobs that have to be seen running; open at the latest when the test ends."""
    made = Gate.new(Path(stub_settings["BEATLENS_STUB_GATES"]))
    yield made
    made.open()


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """Makes a two-lead recording of noise around three sharp beats per four seconds; any field can be given."""

    def make(seconds: float = 20.0, fs: float = 360.0, seed: int = 0, **fields: Any) -> Record:
        rng = np.random.default_rng(seed)
        signal = rng.normal(0.0, 0.01, (2, round(seconds * fs)))
        beats = np.arange(round(1.0 * fs), signal.shape[1] - round(fs), round(4 / 3 * fs))
        offsets = np.arange(-round(0.04 * fs), round(0.04 * fs) + 1)
        for beat in beats:
            signal[:, beat + offsets] += np.exp(-0.5 * (offsets / (0.012 * fs)) ** 2)
        values: dict[str, Any] = {
            "id": "test~1",
            "name": "1",
            "signal": signal.astype(np.float32),
            "fs": fs,
            "leads": ("MLII", "V1"),
            "annotations": Annotations(beats.astype(np.int64), ("N",) * len(beats), "reference (atr)"),
        }
        return Record(**(values | fields))

    return make
