"""What every peer's script shares: python3 PEER.py TASK OUT FILE... reads lists and writes pairs.csv and clusters.csv into OUT.

Lists are CSV with a column `id` that no two rows of a task share; the truth is not in them. pairs.csv is left,right,probability;
clusters.csv is id,cluster. Names are judged into scores.csv (id,score), and ranked into ranks.csv (query,rank,id).
"""

import csv
import os
import sys


def arguments():
    """The task, the folder to write to, the files to read."""
    return sys.argv[1], sys.argv[2], sys.argv[3:]


def read(path, delimiter=","):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter=delimiter))


def write(out, name, head, rows):
    with open(os.path.join(out, name), "w", encoding="utf-8", newline="") as f:
        writer = csv.writer(f)
        writer.writerow(head)
        writer.writerows(rows)


def write_pairs(out, rows):
    write(out, "pairs.csv", ("left", "right", "probability"), rows)


def write_clusters(out, rows):
    write(out, "clusters.csv", ("id", "cluster"), rows)
