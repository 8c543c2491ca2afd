"""The usual way across scripts: bring names to Latin letters, compare their words by Jaro-Winkler.

With ICU (Any-Latin; Latin-ASCII) where PyICU is installed, or AnyAscii. Words are matched in any order, each with the one it is most
like, from both sides.
"""

import os
import re

import numpy
import tables
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cdist


def latin():
    if os.environ.get("HOMEWARD_BENCH_LATIN") == "anyascii":
        import anyascii

        return anyascii.anyascii
    import icu

    return icu.Transliterator.createInstance("Any-Latin; Latin-ASCII").transliterate


def words(name, to_latin):
    return re.findall(r"[a-z0-9]+", re.sub(r"['’ʹʺ`]", "", to_latin(name)).lower()) or [""]


class Likeness:
    """The likeness of all words of one side with all of the other, computed once; the last column is no word and like none."""

    def __init__(self, left, right):
        self.left = numbered(left)
        self.right = numbered(right)
        table = cdist(list(self.left), list(self.right), scorer=JaroWinkler.similarity, dtype=numpy.float32, workers=-1)
        self.table = numpy.pad(table, ((0, 0), (0, 1)))

    def padded(self, names):
        """A row of word numbers a name, all of one length."""
        width = max(map(len, names))
        return numpy.array([[self.right[w] for w in name] + [-1] * (width - len(name)) for name in names])

    def of(self, left, right):
        """The likeness of one name with many, which are padded: the mean of both sides' words, each with its best."""
        part = self.table[[self.left[w] for w in left]][:, right]
        there = right >= 0
        return (part.max(axis=2).mean(axis=0) + (part.max(axis=0) * there).sum(axis=1) / there.sum(axis=1)) / 2


def numbered(names):
    return {w: i for i, w in enumerate(sorted({w for name in names for w in name}))}


def judge(out, file, to_latin):
    pairs = tables.read(file)
    left, right = ([words(p[side], to_latin) for p in pairs] for side in ("name1", "name2"))
    like = Likeness(left, right)
    scores = ((p["id"], float(like.of(l, like.padded([r]))[0])) for p, l, r in zip(pairs, left, right))
    tables.write(out, "scores.csv", ("id", "score"), scores)


def named(path, to_latin):
    with open(path, encoding="utf-8") as f:
        lines = [line.rstrip("\n").split("\t") for line in f]
    return [i for i, _ in lines], [words(name, to_latin) for _, name in lines]


def rank(out, index, queries, to_latin):
    (ids, names), (asked, sought) = named(index, to_latin), named(queries, to_latin)
    like = Likeness(sought, names)
    padded, rows = like.padded(names), []
    for query, name in zip(asked, sought):
        best = numpy.argsort(-like.of(name, padded), kind="stable")[:5]
        rows += [(query, place + 1, ids[i]) for place, i in enumerate(best)]
    tables.write(out, "ranks.csv", ("query", "rank", "id"), rows)


if __name__ == "__main__":
    task, out, files = tables.arguments()
    if task == "eu":
        rank(out, *files, latin())
    else:
        judge(out, files[0], latin())
