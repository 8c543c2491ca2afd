package store

// Fields is fields, for tests from outside.
var Fields = fields
