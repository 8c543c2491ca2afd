// Package ledger makes a register tamper-evident: pure functions over payloads, leaves, a Merkle tree and signed
// checkpoints. It keeps nothing and speaks to nothing.
//
// # From words to a leaf
//
// A [Payload] says what was done: its canonical form is RFC 8785 JSON in which every scalar is a string, text exactly
// as received. With a random 32-byte [Salt], each path of it has a digest, all digests have one commitment, and the
// commitment is the leaf:
//
//	payload = {"actor":…,"at":RFC 3339,"body":{path:value},"id":…,"prev":[…],"role":…,"source":{…},"type":…,"v":"1"}
//	d(path) = HMAC-SHA-256(HKDF-SHA-256(salt, "field:"+path), JCS(value))
//	commit  = SHA-256("homeward/commit/v1" || 0x00 || JCS({path: hex d(path)}))
//	leaf    = JCS({"c":hex(commit),"t":"2026-11-23T12:00Z","v":"1"})
//	hash    = SHA-256(0x00 || leaf)                                          RFC 6962, section 2.1
//
// A leaf says nothing of whom it is about: no id, no type, its time to the minute. Whoever holds payload and salt can
// prove any single path and withhold the others; when the salt is destroyed the leaf can never be opened again, and
// every other proof still verifies.
//
// # From leaves to a checkpoint
//
// Leaves form the tree of RFC 6962, stored as golang.org/x/mod/sumdb/tlog stores it. A checkpoint is a C2SP signed
// note (c2sp.org/tlog-checkpoint) over the log's origin, size and root hash:
//
//	homeward.local/019a…
//	3
//	RootHashInBase64=
//
//	— homeward.local/019a… SignatureInBase64=
//
// A proof that a leaf is in the log of a checkpoint is a text of c2sp.org/tlog-proof@v1; one that a log begins with an
// older one is the request of c2sp.org/tlog-witness; the log as static files is c2sp.org/tlog-tiles.
//
// # Whose word counts
//
// Witnesses cosign checkpoints (c2sp.org/tlog-cosignature). A [Policy] (c2sp.org/tlog-policy) says which logs and
// witnesses count and how many of them are enough; [Policy.Open] is how a stranger reads a checkpoint. A log outlives
// its key: [FollowKeys] follows the keys that an offline identity named, each for its time.
//
// # Invariants
//
// Parsers are strict: what is not exactly what this package writes is refused, because two readings of one byte
// sequence would be two truths. Functions are deterministic; only
// [NewSalt], [NewKey] and [NewCosignerKey] draw random bits. A signature is read to the last bit of its text.
package ledger
