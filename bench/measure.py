"""Runs one command and prints what it took, as JSON: python3 measure.py LIMIT LOG COMMAND...

A process of its own, because the largest memory that Linux tells of a child begins with what its parent held when it was
started: a small parent keeps that honest. Of a peer that starts processes of its own the largest of them is told.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time

ADDRESSES = 12 << 30  # bytes a peer may ask for, so that none of them takes the machine down
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


def die_with_parent():
    """An interrupted bench leaves no peer running."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def bounded():
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))


def measure(limit, log, command):
    """Wall and processor seconds, peak memory in MiB, exit code (None: stopped at the limit)."""
    with open(log, "wb") as out:
        begin = time.perf_counter()
        streams = {"stdin": subprocess.DEVNULL, "stdout": out, "stderr": subprocess.STDOUT}
        child = subprocess.Popen(command, start_new_session=True, preexec_fn=bounded, **streams)
        late = []
        signal.signal(signal.SIGALRM, lambda *_: (late.append(True), os.killpg(child.pid, signal.SIGKILL)))
        signal.alarm(limit)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        signal.alarm(0)
    return {
        "wall": wall,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / 1024,
        "code": None if late else os.waitstatus_to_exitcode(status),
    }


if __name__ == "__main__":
    die_with_parent()
    print(json.dumps(measure(int(sys.argv[1]), sys.argv[2], sys.argv[3:])))
