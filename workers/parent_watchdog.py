"""`python parent_watchdog.py PARENT COMMAND …` runs COMMAND so that it cannot outlive the process PARENT.

On Linux the kernel sends SIGTERM when the parent's thread ends, whatever ended it; elsewhere this process stays
and looks.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1  # linux/prctl.h; survives exec


def main(arguments: list[str]) -> int:
    """Bind this process to its parent, then become the command; answers only if that cannot be."""
    parent, command = int(arguments[0]), arguments[1:]
    if sys.platform != "linux":
        return _watch(parent, command)
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() == parent:  # else it died before we were bound
        os.execvp(command[0], command)
    return 1


def _watch(parent: int, command: list[str]) -> int:
    """Run the command below us; end it when we are told to end or the parent has gone."""
    child = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    while child.poll() is None:
        if os.getppid() != parent:
            child.terminate()
        time.sleep(0.5)
    return child.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
