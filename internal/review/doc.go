// Package review turns records into pairs, and pairs into decisions: the machine proposes, people decide.
//
// What flows in: records, through the log's entries; the judgements of people. What flows out: models, pairs and
// decisions, whose one writer it is; and values for pages: the queue, a pair with its signals, search hits.
//
// A [Review] holds the records in memory, decrypted, in an index of package linkage. [Review.Refresh] builds it at unlock,
// from a sealed snapshot or from the records, and catches it up afterwards. [Review.Propose] blocks and weighs what is new and
// stores every pair with a probability of at least [Floor]. The model is trained anew whenever the register has
// doubled; each pair names the model that weighed it, so that its signals can be drawn again at any time. Signals are
// made of words about children and are therefore recomputed, never stored.
//
// The queue. Pairs that wait are in the order of their urgency: the machine's doubt times what hangs on them. [Review.Rank] works it out
// after persons are derived, for pairs that were weighed anew or that decisions touched.
//
// Calibration. When people have decided enough pairs, probabilities are calibrated on what they decided: a new model with the same
// weights and a monotone map from weights to probabilities, by which every pair is stored anew. A weight is never calibrated, and no
// decision is taken by a probability.
//
// Lineages. The versions of one row of a source, through its editions, are one lineage: its records are never paired
// with one another, and the index holds a lineage once, under the id of its oldest accepted record, with the words of
// its newest version and the names, birth dates and numbers of the older ones beside them. So a pair stays the same
// pair through all editions: what was decided on it stays decided, and only its weight is renewed.
//
// Nearest. A pair that blocking never proposed is weighed when somebody asks for it, and stored when it is decided. [Review.Nearest] finds the
// records that one child's most likely speak of as well, whatever their names.
//
// Decisions. Nothing is joined without one. A person's judgement may be same, different or unsure; it is never
// changed, only revoked. A join that would bring two records into one person that stand decided different is refused.
// A pair decided different or unsure comes back to the queue only when a new version of one of its records has moved
// its weight by [Reopen] bits, or when the day has come that was named to look again ([Review.Defer]). By rule, and by no other rule, the machine itself decides "same": two records whose
// document number the source checked, the numbers equal and nothing against it; once, and never again after a person
// revoked it.
//
// Two people. A pair is grave when a record that is one child with either side tells of whereabouts, a return or a death. There a
// judgement is an opinion, kept and heeded by nothing, until a second person, who is not shown it, says the same; where two
// differ, a supervisor who gave neither decides for one of them. Only decisions are read by others: an opinion is none.
//
// Batches. One person's judgement for many pairs: a rule, the pairs that it takes, and a random sample of them that people judge first
// ([Review.StateBatch]). Another supervisor applies it when the error that the sample shows is within what the rule bears; then
// [Review.CarryOutBatches] decides the rest, step by step, asking of each pair anew whether a batch may decide it.
//
// Families. The children of two families are judged beside one another ([Review.Families]) and decided together, all or none
// ([Review.DecideTogether]); each judgement is one of its own, and waits for a second person where it is grave.
//
// Sections. Before the pairs that wait for anybody the queue has what is for one reader ([Review.Parts]): where two others differ,
// pairs of children that are their work, second opinions, and what is to be looked at again.
//
// Invariants. Running a stage again changes nothing. Killing it anywhere loses nothing: the cursor moves last, and what
// is stored as it should be is not written again. No error carries a word of a record.
package review
