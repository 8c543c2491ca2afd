"""One evaluator for every peer: it sees pairs with probabilities and clusters, never who made them.

Pairs are weighed against all true pairs, so what blocking never proposed counts as missed. Clusters are weighed twice: by the
pairs within them, and by B-cubed (Bagga and Baldwin 1998), which asks of each record how much of its cluster is right and how much
of the truth is in it. As the way from pairs to clusters differs between peers, the pairs of every peer are also joined by connected
components, at 0.5 and at the threshold that serves that peer best.
"""

from collections import Counter, defaultdict

FLOOR = 0.01  # pairs below are of no interest to calibration: peers keep different numbers of them


def f1(both, found, wanted):
    """Precision, recall and their harmonic mean; nothing found is never wrong, nothing wanted is found."""
    precision = both / found if found else 1.0
    recall = both / wanted if wanted else 1.0
    total = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / total if total else 0.0}


def pairs_within(sizes):
    return sum(n * (n - 1) // 2 for n in sizes)


def cleaned(pairs):
    """Each pair once, with its highest probability, the likeliest first."""
    best = {}
    for left, right, probability in pairs:
        if left != right:
            key = (left, right) if left < right else (right, left)
            best[key] = max(probability, best.get(key, 0.0))
    return sorted(((p, l, r) for (l, r), p in best.items()), reverse=True)


def thresholds(ranked):
    """Yields a probability and how many pairs reach it: of one probability all or none."""
    for i, (probability, _, _) in enumerate(ranked):
        if i + 1 == len(ranked) or ranked[i + 1][0] != probability:
            yield probability, i + 1


def score_pairs(truth, ranked):
    """Precision, recall, F1 at 0.5 and where F1 is best; the share of true pairs proposed; the calibration error."""
    wanted = pairs_within(Counter(truth.values()).values())
    right, both = [0], 0
    for _, l, r in ranked:
        both += truth[l] == truth[r]
        right.append(both)
    best, at_half = dict(f1(0, 0, wanted), threshold=1.0), f1(0, 0, wanted)
    for probability, n in thresholds(ranked):
        now = f1(right[n], n, wanted)
        if now["f1"] > best["f1"]:
            best = dict(now, threshold=probability)
        if probability >= 0.5:
            at_half = now
    return {
        "true_pairs": wanted,
        "pairs": len(ranked),
        "proposed": both / wanted if wanted else 1.0,
        "at_half": at_half,
        "best": best,
        "calibration_error": calibration_error(truth, ranked),
    }


def calibration_error(truth, ranked):
    """How far mean probability and share of true pairs lie apart, over tenths, by the number of pairs in each."""
    tenths = defaultdict(lambda: [0, 0.0, 0])
    for probability, l, r in ranked:
        if probability >= FLOOR:
            tenth = tenths[min(int(probability * 10), 9)]
            tenth[0] += 1
            tenth[1] += probability
            tenth[2] += truth[l] == truth[r]
    total = sum(n for n, _, _ in tenths.values())
    return sum(abs(promised - held) for _, promised, held in tenths.values()) / total if total else 0.0


def score_clusters(truth, clusters):
    """Scores clusters (id -> cluster; an id left out stands alone) by pairs and by B-cubed."""
    found, wanted, shared = Counter(), Counter(truth.values()), Counter()
    for i, true in truth.items():
        cluster = clusters.get(i, ("alone", i))
        found[cluster] += 1
        shared[cluster, true] += 1
    precision = sum(n * n / found[cluster] for (cluster, _), n in shared.items()) / len(truth)
    recall = sum(n * n / wanted[true] for (_, true), n in shared.items()) / len(truth)
    return {
        "pairs": f1(pairs_within(shared.values()), pairs_within(found.values()), pairs_within(wanted.values())),
        "b_cubed": {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)},
    }


class Forest:
    """Connected components that grow pair by pair and know how many of their pairs are true."""

    def __init__(self, truth):
        self.parent = {i: i for i in truth}
        self.holds = {i: Counter([true]) for i, true in truth.items()}
        self.size = dict.fromkeys(truth, 1)
        self.both = self.found = 0

    def root(self, i):
        while self.parent[i] != i:
            self.parent[i] = i = self.parent[self.parent[i]]
        return i

    def join(self, l, r):
        l, r = self.root(l), self.root(r)
        if l == r:
            return
        if len(self.holds[l]) < len(self.holds[r]):
            l, r = r, l
        self.both += sum(n * self.holds[l][true] for true, n in self.holds[r].items())
        self.found += self.size[l] * self.size[r]
        self.holds[l].update(self.holds.pop(r))
        self.size[l] += self.size[r]
        self.parent[r] = l


def score_components(truth, ranked):
    """Scores connected components at 0.5, and at the threshold where F1 over the pairs within them is best."""
    forest, wanted, joined = Forest(truth), pairs_within(Counter(truth.values()).values()), 0
    best, threshold = 0.0, 1.0
    for probability, n in thresholds(ranked):
        for _, l, r in ranked[joined:n]:
            forest.join(l, r)
        joined = n
        now = f1(forest.both, forest.found, wanted)["f1"]
        if now > best:
            best, threshold = now, probability
    return {"at_half": components_at(truth, ranked, 0.5), "best": dict(components_at(truth, ranked, threshold), threshold=threshold)}


def components_at(truth, ranked, threshold):
    forest = Forest(truth)
    for probability, l, r in ranked:
        if probability >= threshold:
            forest.join(l, r)
    return score_clusters(truth, {i: forest.root(i) for i in truth})


def score_linkage(truth, pairs, clusters):
    ranked = cleaned(pairs)
    return {
        **score_pairs(truth, ranked),
        "clusters": score_clusters(truth, clusters),
        "components": score_components(truth, ranked),
    }


def score_labelled(labels, scores, threshold):
    """F1 over labelled pairs (id -> is one name), at the threshold its makers give and at the best one."""
    wanted = sum(labels.values())

    def at(t):
        chosen = [i for i in labels if scores[i] >= t]
        return dict(f1(sum(labels[i] for i in chosen), len(chosen), wanted), threshold=t)

    return {"pairs": len(labels), "at_own": at(threshold), "best": max((at(t) for t in set(scores.values())), key=lambda s: s["f1"])}


def score_ranks(truth, ranks):
    """The share of queries whose true answer (query -> set of ids) stands first, and among the first five."""
    first = {q: min((rank for rank, i in ranks.get(q, []) if i in right), default=None) for q, right in truth.items()}
    return {
        "queries": len(truth),
        "at_1": sum(r == 1 for r in first.values()) / len(truth),
        "at_5": sum(r is not None and r <= 5 for r in first.values()) / len(truth),
    }
