"""`make bench`: one table, each line a ratio against a baseline of the same process, interleaved, one thread.

Named groups run alone: `python -m benchmarks kernels served`. Other lines of `latest.json` stay.
"""

import sys
from collections.abc import Callable, Iterable

import torch

from benchmarks import browsing, kernels, machine, queueing, report, rhythm, served
from benchmarks.timing import Line

GROUPS: dict[str, Callable[[], Iterable[Line]]] = {
    "kernels": kernels.lines,
    "queueing": queueing.lines,
    "served": served.lines,
    "browsing": browsing.lines,
    "rhythm": rhythm.lines,
}


def main(wanted: list[str]) -> None:
    if unknown := [name for name in wanted if name not in GROUPS]:
        sys.exit(f"No group of lines {', '.join(unknown)}: there is {', '.join(GROUPS)}")
    torch.set_num_threads(1)
    print(machine.description(), "\n")
    for name in wanted or GROUPS:
        found = []
        for line in GROUPS[name]():
            print(report.printed(line), flush=True)
            found.append(line)
        report.keep(name, found)


if __name__ == "__main__":
    main(sys.argv[1:])
