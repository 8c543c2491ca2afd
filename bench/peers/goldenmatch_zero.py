"""GoldenMatch without configuration, its main promise: it is told only which column is the id.

Of several lists all rows are searched for duplicates together. Pairs it sets aside for review are kept beside those it joins. Its
scores are not all probabilities: an exact key gives 1.
"""

import goldenmatch
import pyarrow
import tables


def main():
    _, out, files = tables.arguments()
    rows = [row for file in files for row in tables.read(file)]
    ids = [row["id"] for row in rows]
    columns = [c for c in rows[0] if c != "id"]
    table = pyarrow.table({c: pyarrow.array([row[c] or None for row in rows], pyarrow.string()) for c in columns})
    result = goldenmatch.dedupe_df(table, confidence_required=False)
    pairs = [*result.scored_pairs, *result.review_pairs]
    tables.write_pairs(out, ((ids[l], ids[r], score) for l, r, score in pairs))
    tables.write_clusters(out, ((ids[i], number) for number, c in result.clusters.items() for i in c["members"]))


if __name__ == "__main__":
    main()
