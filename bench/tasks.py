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
    return Task(name, "names", title, [file], truth, persons=frozenset(str(i) for i, r in enumerate(rows) if r["schema"] == "Person"))


def two_scripts(name, title, paths, work):
    index, queries, truth = paths
    known = {}
    for row in rows_of(truth):
        known.setdefault(row["cyrillic_id"], set()).add(row["latin_id"])
    named = [write(os.path.join(work, f"{n}.tsv"), None, ((r["id"], r["name"]) for r in rows_of(p)), "\t") for n, p in (("index", index), ("queries", queries))]
    return Task(name, "rank", title, named, known)


def prepare(name, data, work, synthetic=None):
    """The task of that name, its files written under work; FileNotFoundError where the data are not there."""
    work = os.path.join(work, "data", name)
    os.makedirs(work, exist_ok=True)

    def at(*names):
        return [os.path.join(data, *n.split("/")) for n in names]

    if name == "febrl3":
        return lists(name, "FEBRL 3, one list of 5,000 rows", at("febrl/dataset3.csv"), work, febrl, {"rec_id"})
    if name == "febrl4":
        return lists(name, "FEBRL 4, two lists of 5,000 rows", at("febrl/dataset4a.csv", "febrl/dataset4b.csv"), work, febrl, {"rec_id"})
    if name == "historical_50k":
        return lists(name, "historical_50k, one list of 50,578 rows", at("historical_50k/historical_50k.csv"), work, lambda r: r["cluster"], {"unique_id", "cluster"})
    if name == "synthetic":
        return lists(name, "an invented list", [synthetic], work, lambda r: r["cluster"], {"id", "unique_id", "cluster"})
    if name == "names":
        return labelled(name, "labelled pairs of names", at("names/labelled_pairs.csv"), work)
    return two_scripts(name, "the same public persons, Cyrillic asked among Latin, names only", at("eu/latin.csv", "eu/cyrillic.csv", "eu/truth.csv"), work)


NAMES = ("febrl3", "febrl4", "historical_50k", "names", "eu")
