// Package disclosure takes entries out of the register for a court: it chooses what belongs to a child, a tracing request or an
// exhibit, withholds what is not to be shown, and packs the rest as a proof bundle (package bundle).
//
// What flows in: an [Order] (about what, for whom, what for, what to withhold). What flows out: a [Selection], which shows
// what would leave and what would not; or the bundle itself.
//
// Invariants.
//   - Who may export is said by the permission table; what the exporter's role does not see is withheld without being asked
//     for, and so is who acted. Salts stay in the store.
//   - Each object is audited before it is opened; that the bundle was made is an entry of the ledger, with a purpose and a
//     recipient, before the bundle's first byte is written. An export that is cut short leaves the entry and no bundle.
//   - What people read in the report is made of disclosed fields alone: it cannot show what an item withholds.
//   - The bytes of an exhibit leave encrypted to their recipient (age), and leave a line in its custody first.
//   - Decisions that compare a child's record with one of another child are counted in the report and left out.
package disclosure
