"""The peers, and a virtual environment for each, made with pip from public package names."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field


@dataclass
class Peer:
    name: str
    script: str
    packages: tuple
    tasks: tuple
    remark: str = ""
    threshold: float = 0.5  # for names: from which on its makers call two names one
    probabilities: bool = True  # whether its scores claim to be probabilities
    variables: dict = field(default_factory=dict)


LINK = ("febrl3", "febrl4", "historical_50k", "synthetic")

# dedupe 3.0.3 does not run with BTrees 6.
PEERS = (
    Peer("Homeward", "homeward_link.py", (), (*LINK, "names", "eu"), "no settings"),
    Peer("Splink", "splink_duckdb.py", ("splink", "duckdb"), LINK, "told columns, rules and comparisons"),
    Peer("GoldenMatch", "goldenmatch_zero.py", ("goldenmatch",), LINK, "no settings", probabilities=False),
    Peer("recordlinkage", "recordlinkage_ecm.py", ("recordlinkage",), ("febrl3", "febrl4", "historical_50k"), "unsupervised (ECM)"),
    Peer("dedupe", "dedupe_active.py", ("dedupe", "BTrees<6"), ("febrl3", "febrl4"), "taught by 100 answers of the truth"),
    Peer("logic-v2", "logic_v2.py", ("nomenklatura", "rigour"), ("names",), "told the kind of each name", threshold=0.7, probabilities=False),
    Peer("ICU + Jaro-Winkler", "jaro_winkler.py", ("PyICU", "rapidfuzz", "numpy"), ("names", "eu"), threshold=0.92, probabilities=False),
    Peer(
        "AnyAscii + Jaro-Winkler",
        "jaro_winkler.py",
        ("anyascii", "rapidfuzz", "numpy"),
        ("names", "eu"),
        threshold=0.92,
        probabilities=False,
        variables={"HOMEWARD_BENCH_LATIN": "anyascii"},
    ),
)


class NotInstalled(Exception):
    """A peer that pip cannot install here; its text is the last line pip said."""


def python_of(peer, work):
    """The interpreter of the peer's environment, made when it is not there yet."""
    if not peer.packages:
        return sys.executable
    place = os.path.join(work, "environments", re.sub(r"[^a-z0-9]+", "-", " ".join(peer.packages).lower()))
    python, done = os.path.join(place, "bin", "python"), os.path.join(place, "installed")
    if not os.path.exists(done):
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        pip = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.packages], capture_output=True, text=True)
        if pip.returncode != 0:
            raise NotInstalled((pip.stderr.strip().splitlines() or ["pip failed"])[-1])
        open(done, "w").close()
    return python


def versions(peer, python):
    """What was installed: the peer's packages with their versions."""
    ask = "import sys, importlib.metadata as m; print(', '.join(p + ' ' + m.version(p) for p in sys.argv[1:]))"
    names = [p.split("<")[0] for p in peer.packages]
    return subprocess.run([python, "-c", ask, *names], capture_output=True, text=True).stdout.strip() if names else ""
