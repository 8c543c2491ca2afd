"""The Python Record Linkage Toolkit, unsupervised: its expectation/conditional maximisation classifier on compared pairs.

Comparisons are those of its manual for FEBRL: Jaro-Winkler on names and addresses, the rest exact; blocking by several columns,
where the manual has one. It has no clustering: its pairs of 0.5 and more are joined by connected components.
"""

import pandas
import recordlinkage
import tables

FEBRL = {
    "blocks": ["given_name", "surname", "date_of_birth", "soc_sec_id", "postcode"],
    "alike": ["given_name", "surname", "address_1"],
    "exact": ["date_of_birth", "suburb", "state", "soc_sec_id", "postcode", "street_number"],
}
HISTORICAL = {
    "blocks": [["first_name", "surname"], ["surname", "dob"], ["first_name", "dob"], ["postcode_fake", "first_name"], ["postcode_fake", "surname"], ["dob", "birth_place"]],
    "alike": ["first_name", "surname"],
    "exact": ["dob", "birth_place", "postcode_fake", "occupation"],
}
PLANS = {"febrl3": FEBRL, "febrl4": FEBRL, "historical_50k": HISTORICAL}


def features(plan, lists):
    """One row of zeros and ones a proposed pair."""
    index = recordlinkage.Index()
    for block in plan["blocks"]:
        index.block(block)
    compare = recordlinkage.Compare()
    for column in plan["alike"]:
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in plan["exact"]:
        compare.exact(column, column, label=column)
    return compare.compute(index.index(*lists), *lists)


def components(ids, pairs):
    parent = {i: i for i in ids}

    def root(i):
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for left, right in pairs:
        parent[root(left)] = root(right)
    return ((i, root(i)) for i in ids)


def main():
    task, out, files = tables.arguments()
    lists = [pandas.read_csv(f, dtype=str).set_index("id") for f in files]
    vectors = features(PLANS[task], lists)
    model = recordlinkage.ECMClassifier(atol=1e-5)
    model.fit(vectors)
    probability = model.prob(vectors)
    kept = [(left, right, p) for (left, right), p in probability.items() if p >= 0.01]
    tables.write_pairs(out, kept)
    ids = [i for one in lists for i in one.index]
    tables.write_clusters(out, components(ids, ((l, r) for l, r, p in kept if p >= 0.5)))


if __name__ == "__main__":
    main()
