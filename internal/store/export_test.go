package store

// RowsOfErasure are the statements by which an erasure empties tables.
var RowsOfErasure = rowsOfErasure
