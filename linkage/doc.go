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
//	m = P(level | same child)   s = P(level | brother or sister)   u = P(level | unrelated)
//
// Ordinary linkage knows m and u only, and takes a sister for the child: she shares family name, patronymic, parents
// and home, each of which no stranger would. Here the alternative to "same" is a mixture of strangers and siblings, so
// that what siblings share counts for the family once and never for the child:
//
//	weight = sum log2(m/u) - log2(((1-q) U + q S) / U)      U, S = products of u, s;  q = share of sibling pairs
//
// The second term is never an advantage and is shown as a signal of its own.
//
// Invariants. Missing values weigh nothing. Weights are symmetric, independent of the order in which records arrive,
// and equal to the bit whether one pair is weighed or all. A pair is proposed once. No block is dropped: one that is too
// large is divided by a second key, and what is still large is counted in [Blocking].
//
// docs/linkage.md names every comparison, level and blocking pass, with the papers.
package linkage
