"""The composition root: what the command line answers to mistakes."""

import json
import socket
from pathlib import Path

import numpy as np
import pytest
import wfdb
from typer.testing import CliRunner

import beatlens

runner = CliRunner()


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("BEATLENS_DATA_DIR", str(folder))
    for name in ("BEATLENS_REDIS_URL", "BEATLENS_RECORDINGS"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_every_command_has_help() -> None:
    listed = runner.invoke(beatlens.app, ["--help"])
    for command in ("run", "api", "account", "worker", "import", "fetch", "train", "evaluate"):
        assert command in listed.stdout
        assert runner.invoke(beatlens.app, [command, "--help"]).exit_code == 0


def test_a_worker_without_redis_says_which_setting_is_missing() -> None:
    result = runner.invoke(beatlens.app, ["worker"])
    assert result.exit_code == 1
    assert "BEATLENS_REDIS_URL" in result.output


def test_a_taken_port_is_named_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("BEATLENS_PORT", str(port))
        result = runner.invoke(beatlens.app, ["run"])
    assert result.exit_code == 1
    assert f"127.0.0.1:{port}" in result.output
    assert "BEATLENS_PORT" in result.output


def test_no_address_but_loopback_without_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "ecg.hospital.org"):
        monkeypatch.setenv("BEATLENS_HOST", host)
        for command in ("run", "api"):
            result = runner.invoke(beatlens.app, [command])
            assert result.exit_code == 1
            assert "BEATLENS_ACCOUNTS=true" in result.output
            assert "beatlens account add NAME --role administrator" in result.output


def test_accounts_are_made_listed_and_given_a_new_password(data_dir: Path) -> None:
    from backend.accounts.service import Accounts
    from backend.database import Database

    made = runner.invoke(beatlens.app, ["account", "add", "Ada", "--role", "administrator"], input="a long password\n")
    assert "Ada is administrator" in made.output
    assert "BEATLENS_ACCOUNTS=true" in made.output  # nobody is asked to sign in yet
    assert runner.invoke(beatlens.app, ["account", "add", "Eve"], input="short\n").exit_code == 1
    assert (
        runner.invoke(beatlens.app, ["account", "add", "Eve", "--role", "king"], input="a long password\n").exit_code
        == 1
    )
    assert runner.invoke(beatlens.app, ["account", "password", "ada"], input="another password\n").exit_code == 0
    assert runner.invoke(beatlens.app, ["account", "list"]).output.split() == ["administrator", "Ada"]
    database = Database(f"sqlite:///{data_dir / 'beatlens.db'}")
    assert Accounts(database).verify("Ada", "a long password")[0] is None
    assert Accounts(database).verify("Ada", "another password")[0] is not None
    database.close()


def test_import_adds_a_folder_and_names_what_it_leaves_out(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    signal = np.sin(np.arange(3600) / 50)[:, None]
    wfdb.wrsamp("good", fs=360, units=["mV"], sig_name=["II"], p_signal=signal, fmt=["16"], write_dir=str(folder))
    (folder / "bad.hea").write_text("bad 1 360 3600\nmissing.dat 16 200 16 0 0 0 0 II\n")
    result = runner.invoke(beatlens.app, ["import", str(folder)])
    assert result.exit_code == 0, result.output
    assert "missing.dat" in result.output
    from backend.recordings.folders import load_folders
    from backend.settings import Settings

    assert folder.resolve() in [f.resolve() for f in load_folders(Settings().data_dir)]


def test_import_of_a_folder_that_is_not_there_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["beatlens", "import", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit) as left:
        beatlens.main()
    assert left.value.code == 1
    assert str(tmp_path / "nowhere") in capsys.readouterr().err


def test_a_fold_of_a_rhythm_model_is_trained_by_command(tmp_path: Path) -> None:
    folder = tmp_path / "cinc2017"
    (folder / "training2017").mkdir(parents=True)
    signals = np.random.default_rng(0).normal(0, 0.5, (8, 2700, 1))
    for i, signal in enumerate(signals):
        place = str(folder / "training2017")
        wfdb.wrsamp(f"A{i:05d}", 300, ["mV"], ["ECG"], p_signal=signal, fmt=["16"], write_dir=place)
    (folder / "REFERENCE-v3.csv").write_text("".join(f"A{i:05d},{'NAO~'[i % 4]}\n" for i in range(8)))
    network = '--set=network={"classes": 4, "channels": [2, 2], "kernel": 5}'
    asked = ["train", "cinc-conv7", str(folder), "--out", str(tmp_path / "zoo"), "--fold", "1", "--epochs", "1"]
    result = runner.invoke(beatlens.app, [*asked, network, "--set", "folds=2", "--set", "batch=2"])
    assert result.exit_code == 0, result.output
    card = json.loads((tmp_path / "zoo" / "cinc-conv7" / "card.json").read_text())
    assert [one["fold"] for one in card["evaluation"]["folds"]] == [1]
    assert sum(map(sum, card["evaluation"]["pooled"]["confusion"])) == 4
    assert {record["split"] for record in card["records"]} == {"train", "test"}
