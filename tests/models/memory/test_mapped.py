"""Large arrays in files without a name."""

from pathlib import Path

import numpy as np
import pytest

from models.memory import Memory, mapped
from models.memory.budget import Budget


def resident() -> int:
    """Bytes of files' pages that this process holds."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[2]
    return int(pages) * 4096


def test_a_large_array_keeps_what_was_written_when_its_pages_are_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapped, "LARGE", 1 << 20)
    mapped.keep_in(tmp_path)
    try:
        before = resident()
        values = mapped.empty(3, 1 << 22)
        values[:] = np.arange(1 << 22, dtype=np.float32)
        full = resident() - before
        mapped.rest()
        assert full > 40 << 20  # of 48 MB
        assert resident() - before < 8 << 20
        assert values[:, 12345].tolist() == [12345.0] * 3
        assert mapped.weight(values) == mapped.weight(values[1:3]) * 3 // 2 == values.nbytes // 16
        assert list(tmp_path.iterdir()) == []  # the file has no name: nothing is left behind, however this ends
    finally:
        mapped.keep_in(Path("none"))


def test_a_small_array_and_one_without_room_on_the_disk_are_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    assert mapped.empty(2, 3).shape == (2, 3)
    monkeypatch.setattr(mapped, "LARGE", 1)
    monkeypatch.setattr("os.posix_fallocate", full)
    held = mapped.empty(2, 3)
    held[:] = 1.0
    assert held.flags.owndata
    assert held.sum() == 6.0
    assert mapped.weight(held) == mapped.weight(held[:1]) * 2 == held.nbytes


def test_what_a_memory_made_from_a_large_array_leaves_no_page_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped, "LARGE", 1 << 20)
    values = mapped.empty(1 << 24)
    values[:] = 2.0
    memory: Memory[float] = Memory("sums", lambda _: 8, Budget(1 << 20))
    before = resident()
    assert memory.get("sum", lambda: float(values.sum(dtype=np.float64))) == 2.0 * (1 << 24)
    assert before - resident() > 40 << 20
