"""The files every peer is given, and the truth that none is given.

Each list is written again with its rows in a shuffled order and a column `id` that tells nothing: the ids of FEBRL and of
historical_50k hold the answer. Headings and values lose the spaces around them. Nothing else is changed.
"""

import csv
import os
import random
import re
from dataclasses import dataclass


@dataclass
class Task:
    """One measure: the files a peer reads, and what the evaluator knows."""

    name: str
    kind: str  # link, names or rank
    title: str
    files: list
    truth: object  # link: id -> cluster; names: id -> is one name; rank: query -> set of ids
    truth_file: str = ""
    persons: frozenset = frozenset()  # names: the pairs that name persons


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            yield {k.strip(): (v or "").strip() for k, v in row.items()}


def write(path, head, rows, delimiter=","):
    with open(path, "w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f, delimiter=delimiter, lineterminator="\n")
        if head:
            writer.writerow(head)
        writer.writerows(rows)
    return path


def without_answers(path, out, letter, answer, hidden):
    """Writes a list shuffled and under neutral ids; returns its path and the truth of its rows."""
    rows = list(rows_of(path))
    random.Random(1).shuffle(rows)
    kept = [c for c in rows[0] if c not in hidden]
    numbered = [(f"{letter}{i + 1}", row) for i, row in enumerate(rows)]
    write(out, ["id", *kept], ([i, *(row[c] for c in kept)] for i, row in numbered))
    return out, {i: answer(row) for i, row in numbered}


def lists(name, title, paths, work, answer, hidden):
    files, truth = [], {}
    for letter, path in zip("ab", paths):
        file, known = without_answers(path, os.path.join(work, f"{letter}.csv"), letter, answer, hidden)
        files.append(file)
        truth.update(known)
    told = write(os.path.join(work, "truth.csv"), ("id", "cluster"), truth.items())
    return Task(name, "link", title, files, truth, told)


def febrl(row):
    return re.match(r"rec-(\d+)-", row["rec_id"]).group(1)


def labelled(name, title, paths, work):
    rows = list(rows_of(paths[0]))
    shown = ((i, r["schema"], r["name1"], r["name2"]) for i, r in enumerate(rows))
    file = write(os.path.join(work, "pairs.csv"), ("id", "schema", "name1", "name2"), shown)
    truth = {str(i): r["is_match"].lower() == "true" for i, r in enumerate(rows)}
    persons = frozenset(str(i) for i, r in enumerate(rows) if r["schema"] == "Person")
    return Task(name, "names", title, [file], truth, persons=persons)


def two_scripts(name, title, paths, work):
    index, queries, truth = paths
    known = {}
    for row in rows_of(truth):
        known.setdefault(row["cyrillic_id"], set()).add(row["latin_id"])

    def named(path, file):
        return write(os.path.join(work, file), None, ((r["id"], r["name"]) for r in rows_of(path)), "\t")

    return Task(name, "rank", title, [named(index, "index.tsv"), named(queries, "queries.tsv")], known)


def cluster(row):
    return row["cluster"]


@dataclass
class Known:
    """A task before its files are written: how, what it is called, which files of the folder, and more for lists."""

    make: object
    title: str
    paths: tuple
    more: tuple = ()


KNOWN = {
    "febrl3": Known(lists, "FEBRL 3", ("febrl/dataset3.csv",), (febrl, {"rec_id"})),
    "febrl4": Known(lists, "FEBRL 4", ("febrl/dataset4a.csv", "febrl/dataset4b.csv"), (febrl, {"rec_id"})),
    "historical_50k": Known(lists, "historical_50k", ("historical_50k/historical_50k.csv",), (cluster, {"unique_id", "cluster"})),
    "names": Known(labelled, "labelled pairs of names", ("names/labelled_pairs.csv",)),
    "eu": Known(two_scripts, "Cyrillic names asked among Latin", ("eu/latin.csv", "eu/cyrillic.csv", "eu/truth.csv")),
}


def prepare(name, data, work, synthetic=None):
    """The task of that name, its files written under work; FileNotFoundError where the data are not there."""
    work = os.path.join(work, "data", name)
    os.makedirs(work, exist_ok=True)
    if name == "synthetic":
        return lists(name, "an invented list", [synthetic], work, cluster, {"id", "unique_id", "cluster"})
    known = KNOWN[name]
    return known.make(name, known.title, [os.path.join(data, p) for p in known.paths], work, *known.more)
