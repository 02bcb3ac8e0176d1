import os
from pathlib import Path

import pytest

from backend.recordings.folders import add_folder, load_folders
from backend.settings import Settings
from models.errors import InvalidError


def test_every_setting_has_a_description() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BEATLENS_PORT", "9001")
    monkeypatch.setenv("BEATLENS_RECORDINGS", f"{tmp_path}/a{os.pathsep}{os.pathsep}{tmp_path}/b")
    monkeypatch.setenv("BEATLENS_REDIS_URL", "")
    monkeypatch.setenv("BEATLENS_DATA_DIR", "here")
    settings = Settings()
    assert settings.port == 9001
    assert settings.recordings == (tmp_path / "a", tmp_path / "b")
    assert settings.redis_url is None
    assert settings.data_dir == Path.cwd() / "here"
    assert settings.database == f"sqlite:///{Path.cwd() / 'here' / 'beatlens.db'}"


def test_imported_folders_are_kept_in_order_and_once(tmp_path: Path) -> None:
    data, one, two = tmp_path / "data", tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    assert load_folders(data) == ()
    assert [add_folder(data, folder) for folder in (one, two, one)] == [one, two, one]
    assert load_folders(data) == (one, two)


def test_what_is_no_folder_cannot_be_imported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidError, match=r"No folder .*nowhere"):
        add_folder(tmp_path / "data", tmp_path / "nowhere")
    with pytest.raises(InvalidError, match="is a file"):
        add_folder(tmp_path / "data", tmp_path / "file")


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[1]"])
def test_a_damaged_list_of_folders_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "folders.json").write_text(text)
    with pytest.raises(InvalidError, match=r"folders\.json"):
        load_folders(tmp_path)
