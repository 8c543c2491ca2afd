// Package gazetteer keeps the register's own list of places: the tables that come with Homeward (package places) and the
// larger lists that were read in.
//
// What flows in: a file of KATOTTH, Ukraine's official codifier (CSV, https://data.gov.ua), or of GeoNames (tab-separated text, or the zip
// that holds it, https://download.geonames.org/export/dump/). What flows out: one [places.Gazetteer] with all of them.
//
// Invariants.
//   - A list is kept with the SHA-256 of its file, when it was read and by whom (an entry of the ledger); the newest of a format is used, older ones stay.
//   - The same file twice changes nothing.
//   - Our own places keep their names and ids; a list adds to them and takes nothing away. Ukraine's regions stay Ukraine's,
//     whatever country a list gives them to.
package gazetteer
