"""Hand-made cases for the evaluator, with exact numbers. No peer is needed: python3 bench/test_evaluate.py"""

import unittest

import evaluate

# Two persons of three and two records, and one of one record: 3 + 1 + 0 = 4 true pairs.
TRUTH = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "c1": "c"}
PAIRS = [("a1", "a2", 0.9), ("b1", "b2", 0.8), ("a3", "b1", 0.6), ("a2", "a3", 0.3)]


class Pairs(unittest.TestCase):
    def test_all_true_pairs_count_as_wanted(self):
        s = evaluate.score_pairs(TRUTH, evaluate.cleaned(PAIRS))
        self.assertEqual((s["true_pairs"], s["pairs"], s["proposed"]), (4, 4, 3 / 4))

    def test_at_half_takes_pairs_of_half_and_more(self):
        s = evaluate.score_pairs(TRUTH, evaluate.cleaned(PAIRS))["at_half"]
        self.assertAlmostEqual(s["precision"], 2 / 3)
        self.assertAlmostEqual(s["recall"], 2 / 4)
        self.assertAlmostEqual(s["f1"], 4 / 7)

    def test_best_is_the_best_of_all_thresholds(self):
        s = evaluate.score_pairs(TRUTH, evaluate.cleaned(PAIRS))["best"]
        self.assertEqual(s["threshold"], 0.3)
        self.assertAlmostEqual(s["f1"], 3 / 4)

    def test_pairs_of_one_probability_are_taken_all_or_none(self):
        s = evaluate.score_pairs(TRUTH, evaluate.cleaned([("a1", "a2", 0.7), ("a1", "b1", 0.7)]))["best"]
        self.assertAlmostEqual(s["f1"], 2 * 1 / (2 + 4))

    def test_a_pair_told_twice_counts_once_with_its_highest_probability(self):
        self.assertEqual(evaluate.cleaned([("x", "y", 0.2), ("y", "x", 0.4), ("x", "x", 1.0)]), [(0.4, "x", "y")])

    def test_nothing_found(self):
        s = evaluate.score_pairs(TRUTH, [])
        self.assertEqual((s["best"]["f1"], s["at_half"]["recall"], s["proposed"], s["calibration_error"]), (0, 0, 0, 0))

    def test_calibration_weighs_each_tenth_by_its_pairs(self):
        # 0.95 twice, one of them true: off by 0.45; 0.15 once, false: off by 0.15. What lies below the floor is left out.
        ranked = evaluate.cleaned([("a1", "a2", 0.95), ("a1", "b1", 0.95), ("a1", "c1", 0.15), ("b1", "c1", 0.001)])
        self.assertAlmostEqual(evaluate.calibration_error(TRUTH, ranked), (2 * 0.45 + 1 * 0.15) / 3)


class Clusters(unittest.TestCase):
    def test_pairs_within_clusters(self):
        s = evaluate.score_clusters(TRUTH, {"a1": 1, "a2": 1, "a3": 2, "b1": 2, "b2": 2})["pairs"]
        self.assertAlmostEqual(s["precision"], 2 / 4)  # a1-a2 and b1-b2, of 1 + 3
        self.assertAlmostEqual(s["recall"], 2 / 4)

    def test_b_cubed(self):
        s = evaluate.score_clusters(TRUTH, {"a1": 1, "a2": 1, "a3": 2, "b1": 2, "b2": 2})["b_cubed"]
        self.assertAlmostEqual(s["precision"], (1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
        self.assertAlmostEqual(s["recall"], (2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)

    def test_a_record_of_no_cluster_stands_alone(self):
        s = evaluate.score_clusters(TRUTH, {})
        self.assertEqual((s["pairs"]["precision"], s["pairs"]["recall"], s["b_cubed"]["precision"]), (1, 0, 1))

    def test_the_truth_itself_is_perfect(self):
        s = evaluate.score_clusters(TRUTH, TRUTH)
        self.assertEqual((s["pairs"]["f1"], s["b_cubed"]["f1"]), (1, 1))


class Components(unittest.TestCase):
    def test_one_weak_pair_joins_all_it_touches(self):
        s = evaluate.score_components(TRUTH, evaluate.cleaned(PAIRS))
        # at 0.5: {a1 a2} {b1 b2 a3}: 2 true of 4; best at 0.8: {a1 a2} {b1 b2}: 2 true of 2
        self.assertAlmostEqual(s["at_half"]["pairs"]["f1"], 2 * 2 / (4 + 4))
        self.assertEqual(s["best"]["threshold"], 0.8)
        self.assertAlmostEqual(s["best"]["pairs"]["f1"], 2 * 2 / (2 + 4))

    def test_the_sweep_counts_as_the_clusters_do(self):
        forest = evaluate.Forest(TRUTH)
        for l, r, _ in PAIRS:
            forest.join(l, r)
        whole = evaluate.score_clusters(TRUTH, {i: forest.root(i) for i in TRUTH})["pairs"]
        self.assertEqual((forest.both, forest.found), (4, 10))
        self.assertAlmostEqual(whole["precision"], 4 / 10)
        self.assertAlmostEqual(whole["recall"], 4 / 4)


class Names(unittest.TestCase):
    def test_labelled_pairs(self):
        s = evaluate.score_labelled({1: True, 2: True, 3: False, 4: False}, {1: 0.9, 2: 0.6, 3: 0.7, 4: 0.1}, 0.65)
        self.assertAlmostEqual(s["at_own"]["f1"], 1 / 2)
        self.assertAlmostEqual(s["best"]["f1"], 4 / 5)
        self.assertEqual(s["best"]["threshold"], 0.6)

    def test_ranks(self):
        truth = {"q1": {"x"}, "q2": {"y", "z"}, "q3": {"w"}, "q4": {"v"}}
        ranks = {"q1": [(1, "x")], "q2": [(1, "x"), (5, "z")], "q3": [(6, "w")]}
        s = evaluate.score_ranks(truth, ranks)
        self.assertEqual((s["queries"], s["at_1"], s["at_5"]), (4, 1 / 4, 2 / 4))


if __name__ == "__main__":
    unittest.main()
