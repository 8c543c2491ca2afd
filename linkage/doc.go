// Package linkage weighs which records speak of the same child: probabilistic record linkage after Fellegi and Sunter
// (1969), made for names across scripts, for families, and for identities that were altered. It takes typed columns and
// returns pairs with weights and reasons; it knows nothing of stores or pages, and it decides nothing.
//
// What flows: a [Record] is added to an [Index], which analyses its words once and files it under blocking keys.
// [Index.Pairs] proposes every pair that shares a key of some pass, and weighs it with a [Model]. A pair's [Signal]s say
// in words what spoke for it and against it. [Train] learns a model from the records themselves.
//
// The weight of a pair is a log2 Bayes factor. For every [Comparison] the records agree at some level, and
//
//	m = P(level | same child)      s = P(level | brother or sister)
//	u = P(level | unrelated)       a = P(level | same child, identity altered), where that differs from m
//
// Ordinary linkage knows m and u only. It takes a sister for the child, because she shares family name, patronymic, parents and
// home, each of which no stranger would; and it charges a disguised child once for each thing that one act changed. Here both
// hypotheses are mixtures, so that what siblings share counts for the family once and never for the child, and what an
// alteration explains is charged once:
//
//	weight = sum log2(m/u) + log2(1 + r/(1-r) A/M) - log2(1 - q + q S/U)
//
// with M, A, U, S the products, q the share of sibling pairs, and r how often a source gives an altered identity. The second term is
// never a disadvantage and the third never an advantage; both are shown as signals of their own. U is no plain product: what
// strangers share together is counted once (see depend.go).
//
// Invariants. Missing values weigh nothing. Weights are symmetric, independent of the order in which records arrive,
// and equal to the bit whether one pair is weighed or all, on any number of processors. A pair is proposed once. No block is
// dropped: in a large one, pairs are looked at by a glance first, and how many looks ended there is counted in [Blocking].
//
// docs/linkage.md names every comparison, level and blocking pass, with the papers.
package linkage
