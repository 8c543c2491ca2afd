// Package names answers one question: are these two spellings one name, and why?
//
// A name arrives in any script, by any romanisation, in any order, with its patronymic or without. It is analysed once,
// token by token:
//
//	text     NFC (Unicode TR 15), apostrophes removed, look-alike letters of another script repaired, digits read for letters
//	         and the other layout of the keyboard mended
//	fold     one ASCII byte a sound, the same for Ukrainian, Russian, Belarusian and their romanisations: neutral
//	key      the fold made coarse: vowels merged, g and h merged, doubles and palatal endings dropped
//	class    the given name it stands for: Микола, Николай, Mykola and Nikolai are one class, by a table of our own, in any case
//
// and two names are compared part by part; where parts were guessed and do not fit, word by word. The result is a [Level],
// from different to exact, with the reason in words, never a bare number: what a level is worth is for package linkage to
// learn. Where nothing but two names is known [Judge] answers whether they are one, and [Index] ranks a list.
//
// Romanisations that meet in the fold: KMU 55/2010 and older Ukrainian passports, ICAO Doc 9303, BGN/PCGN, ISO 9,
// GOST 7.79, the scholarly form with diacritics, and the French, German and English forms of newspapers. A letter that
// standards read in two ways is read the Ukrainian and English way, unless the word itself shows French or scholarly habits;
// its other readings (the German z for ц, the Polish ch for х, the c of maps for ц) stand beside the fold, and agreeing by one
// of them is agreeing by the key.
//
// Invariants. Everything is deterministic and pure. Fold is idempotent; Fold and Key give at most 64 bytes. Comparing is symmetric and does
// not depend on the order of words. Comparing two analysed tokens allocates nothing.
package names
