// Package blobs keeps sealed files under random names: in a folder, or in a bucket of a service that speaks S3.
//
// What flows in: bytes that are sealed already, and the name under which they are to be kept. What flows out: the same
// bytes. The room knows no key and nothing of what it keeps.
//
// Invariants.
//   - A file is there whole or not at all, also when the process is killed or the power fails: a folder writes it under
//     another name, syncs it, renames it and syncs the folder; a bucket shows an object once all of it has arrived.
//   - When Create returns, the file is durable. A name is never written twice.
//   - Memory is constant however large a file is.
//   - A name is lower-case letters and digits, and nothing else: no name leads out of the folder ([os.Root] would refuse it
//     as well).
//
// Failures: a file that is not there is homeward.ErrNotFound, a name that is taken homeward.ErrConflict, a service that
// does not answer homeward.ErrUnavailable.
package blobs
