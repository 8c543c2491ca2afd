"""dedupe, which learns from a person's answers: here the truth answers, a hundred questions of dedupe's own choosing.

It is the one peer that is shown any truth, which is said in the table. HOMEWARD_BENCH_TRUTH names the file that answers.
"""

import os
import random

import dedupe
import numpy
import tables
from dedupe import variables

QUESTIONS = 100
FEBRL = ["given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "date_of_birth", "soc_sec_id"]
TAUGHT_ON = 1500  # rows of each list: what it keeps while learning grows with their square, on 5,000 rows beyond 8 GiB


def some(rows):
    return dict(random.sample(sorted(rows.items(), key=lambda item: item[0]), min(TAUGHT_ON, len(rows))))


def teach(matcher, truth):
    """Answers what the learner asks."""
    for _ in range(QUESTIONS):
        for pair in matcher.uncertain_pairs():
            left, right = (truth[row["id"]] for row in pair)
            matcher.mark_pairs({"match": [pair], "distinct": []} if left == right else {"match": [], "distinct": [pair]})


def main():
    _, out, files = tables.arguments()
    random.seed(1)
    numpy.random.seed(1)
    truth = {row["id"]: row["cluster"] for row in tables.read(os.environ["HOMEWARD_BENCH_TRUTH"])}
    lists = [{row["id"]: {c: v or None for c, v in row.items()} for row in tables.read(f)} for f in files]
    fields = [variables.String(c, has_missing=True) for c in FEBRL]
    linking = len(lists) > 1
    matcher = (dedupe.RecordLink if linking else dedupe.Dedupe)(fields, num_cores=2)
    matcher.prepare_training(*map(some, lists))
    teach(matcher, truth)
    matcher.train()
    scored = matcher.score(matcher.pairs(*lists))
    tables.write_pairs(out, ((*ids, float(score)) for ids, score in zip(scored["pairs"], scored["score"])))
    if linking:
        joined = enumerate(ids for ids, _ in matcher.one_to_one(scored, threshold=0.5))
    else:
        joined = enumerate(ids for ids, _ in matcher.cluster(scored, threshold=0.5))
    tables.write_clusters(out, [(i, number) for number, ids in joined for i in ids])


if __name__ == "__main__":
    main()
