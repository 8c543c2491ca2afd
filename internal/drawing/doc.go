// Package drawing makes pictures that print and can be read aloud: the journey of a child on a map, flows from region to
// region, amounts by age or month, events along time.
//
// What flows in: a struct with what is to be seen, and a localizer. What flows out: a figure of HTML with an SVG and, beside
// it, a table that says the same in words; each picture is a pure function of its struct. Nothing is fetched and nothing runs: no
// tile, no script, no style attribute, so that the strictest content security policy lets it through. Colours come from the
// page's stylesheet by class, and follow the light, the dark and the printer.
//
// Invariants, each held by a test.
//   - Each picture has role img, a title and a description (WAI-ARIA Graphics, WCAG 2.2 criterion 1.1.1).
//   - Whatever a picture shows, its table says; what a picture cannot show (a place not known, an event without a date) the
//     table says too.
//   - An amount under the floor that the caller sets is neither drawn nor told: it is "fewer than" the floor.
//   - Maps have Ukraine in its internationally recognised borders (see package places).
package drawing
