// Package places answers three questions: which places may these words mean, how near are two of them to one another,
// and in which country and region does a point lie?
//
// What flows in: words of a record ("м. Маріуполь, Донецька обл.", "g. Artemovsk, DNR"), in any script, spelling and
// order. What flows out: [Place]s with their names in Ukrainian, Russian and English, former names, coordinates, and the
// region and raion they lie in; ambiguous words return several, the likeliest first.
//
// The tables in tables/ are written for Homeward, one line a place:
//
//	region UA-14; Донецька область; Донецкая область; Donetsk Oblast; also …
//	raion Бахмутський; Бахмутский; old Артемівський, Артемовский
//	Бахмут; =; 48.60 38.00; old Артемівськ, Артемовск
//
// They hold the 27 regions and 136 raions of Ukraine (as of 2020, names as of 2025), its cities and the larger settlements, the
// regions and larger cities of Russia and Belarus. English is transliterated (KMU 55/2010; BGN/PCGN for Russian) where a line
// gives none. Old names are those a place bore officially; what others call it, occupiers included, finds it and is never shown.
// [ReadKATOTTH] and [ReadGeoNames] read larger lists into a gazetteer of one's own.
//
// Borders are drawn by hand at low resolution, in arcs that neighbours share. Ukraine has its internationally recognised
// borders: Crimea, Sevastopol, Donetsk, Luhansk, Zaporizhzhia and Kherson are regions of Ukraine and of nothing else.
//
// Invariants. Everything is pure: a gazetteer is not changed by what it is asked, and may be asked by many at once. Relating
// is symmetric. Whoever is found by one of its names is found by each of the others. Words that name no known place find nothing.
package places
