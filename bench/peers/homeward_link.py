"""Homeward itself. Timed is the bare command; what it writes is brought into the common shape afterwards.

Nothing is set but the id column and, for FEBRL 4, that each list holds a person once: of all peers only it and GoldenMatch
are given no columns, rules or comparisons.
"""

import json
import os
import subprocess

import tables


def command(binary, task, out, files):
    """What is timed."""
    if task == "eu":
        return [binary, "names", "rank", "--index", files[0], "--queries", files[1], "--k", "5"]
    one_to_one = ["--one-to-one"] if task == "febrl4" else []
    return [binary, "link", *files, "--id", "id", *one_to_one, "--out", os.path.join(out, "link")]


def common(out):
    """Brings the result of link into the common shape."""
    pairs = tables.read(os.path.join(out, "link", "pairs.csv"))
    tables.write_pairs(out, ((p["left_id"], p["right_id"], p["probability"]) for p in pairs))
    clusters = tables.read(os.path.join(out, "link", "clusters.csv"))
    tables.write_clusters(out, ((c["id"], c["cluster"]) for c in clusters))


def ranks(out, printed):
    """Brings what `names rank` prints into the common shape."""
    with open(printed, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    tables.write(out, "ranks.csv", ("query", "rank", "id"), (row[:3] for row in rows if len(row) >= 4))


def judge(binary, out, file):
    """Judges each labelled pair: a process a pair, so its time is told but means little."""
    rows = []
    for pair in tables.read(file):
        asked = pair["name1"] + "\n" + pair["name2"] + "\n"
        done = subprocess.run([binary, "names", "compare", "-", "--json"], input=asked, capture_output=True, text=True, check=True)
        rows.append((pair["id"], json.loads(done.stdout)["probability"]))
    tables.write(out, "scores.csv", ("id", "score"), rows)


if __name__ == "__main__":
    binary, (_, out, files) = os.environ["HOMEWARD_BINARY"], tables.arguments()
    judge(binary, out, files[0])
