// Package i18n speaks Ukrainian, English and Russian: the catalogs of every word that Homeward shows, and the forms of
// dates, numbers and sorted lists in each language.
//
// What flows in: a key, its arguments, and values of package homeward. What flows out: plain text, never markup; the
// templates escape it. No page holds a word of its own.
//
// Invariants, each held by a test.
//   - Every key exists in every language, with every plural form that the language has (Unicode CLDR: one, few, many
//     and other in Ukrainian and Russian; one and other in English) and the same placeholders.
//   - A date is never shown more precise than it was said: "about 2015" stays "about 2015", and an age stays an age
//     with the day on which it was true.
//   - A probability is never shown as certainty: what would round to 100 % is shown as "> 99.9 %".
//   - Lists that people read are sorted by the rules of their language, not by bytes (in Ukrainian ґ follows г, and є
//     follows е).
//
// The catalogs are JSON in the form of go-i18n v2: key -> text, or key -> {one, few, many, other}. Plural rules are those
// of go-i18n; language matching, numbers and collation are those of golang.org/x/text. Dates are written here, because
// x/text has no dates.
//
// A language is there when its file is: active.fa.json among the catalogs adds Persian, with its direction from its script,
// its name from "language.own" and its place in the switch; the tests then hold it to the promises above.
//
// Keys are words with dots: the page or noun first ("pair.title", "event.deported"). Families whose last part is an
// identifier of the vocabulary ("role.auditor", "path.birth.date") are complete for that vocabulary.
package i18n
