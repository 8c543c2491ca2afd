// Package stamp asks for time-stamps of RFC 3161 and verifies them: pure functions over bytes.
//
// What flows in: a message, such as a checkpoint, and the roots of authorities that one trusts. What flows out: a
// request to be sent, and from an answer the time at which the authority saw the message's SHA-256.
//
//	request  = TimeStampReq(SHA-256(message), nonce, certReq)
//	answer   = TimeStampResp, with a token signed by a certificate that leads to a trusted root
//
// A stock tool verifies the same bytes: openssl ts -verify -data MESSAGE -in ANSWER -CAfile ROOTS.
//
// Authorities are named in a text, each with an address and the certificates that are trusted for it:
//
//	authority one https://tsa.example/tsr
//	-----BEGIN CERTIFICATE-----
//	…
//
// A reader who has nothing else finds the roots beside the answer, in a proof bundle ([VerifyEnclosed]). Two verifiers have
// to agree there, so the answer has a form (form.go) that is narrower than what the parsers take.
//
// Invariants.
//   - A token is valid only with a certificate in it that leads to a root of the authority at the time of the token, is
//     for time-stamping and for nothing else, is named by its signer, and signed exactly this hash. The parser below checks none of that when a
//     token carries no certificates: everything is checked here.
//   - Answers are hostile until verified: their size is bounded, and a parser that panics is a refusal.
package stamp
