package review

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

// columns puts the claims of a row into the columns that linkage compares. Versions come oldest first; the newest
// speaks, and what older ones say is added where several values may stand side by side: a name, a birth date or a
// number that a source took back may be the true one. It is pure.
func columns(versions ...homeward.Record) linkage.Record {
	newest := versions[len(versions)-1]
	out := Columns(newest)
	out.ID = string(versions[0].ID)
	for _, r := range slices.Backward(versions[:len(versions)-1]) {
		old := Columns(r)
		out.Names = beside(out.Names, old.Names)
		out.Births = besideDates(out.Births, old.Births)
		out.Documents, out.Phones = beside(out.Documents, old.Documents), beside(out.Phones, old.Phones)
		out.BirthPlaces, out.Homes = beside(out.BirthPlaces, old.BirthPlaces), beside(out.Homes, old.Homes)
		out.TakenFrom = beside(out.TakenFrom, old.TakenFrom)
		out.Mothers, out.Fathers = beside(out.Mothers, old.Mothers), beside(out.Fathers, old.Fathers)
	}
	return out
}

// Columns puts the claims of one row into the columns that linkage compares.
func Columns(r homeward.Record) linkage.Record {
	out := linkage.Record{ID: string(r.ID), Source: string(r.Source), Names: nameTexts(r), Births: births(r)}
	if c, ok := r.First(homeward.PathSex); ok {
		out.Sex = names.Sex(homeward.ReadSex(c.Value))
	}
	for _, c := range r.Claims {
		switch c.Path {
		case homeward.PathBirthPlace, homeward.PathBirthPlaceImp:
			out.BirthPlaces = append(out.BirthPlaces, c.Value)
		case homeward.PathHome:
			out.Homes = append(out.Homes, c.Value)
		case homeward.PathTakenFrom:
			out.TakenFrom = append(out.TakenFrom, c.Value)
		case homeward.PathInstitution:
			out.Institutions = append(out.Institutions, c.Value)
		case homeward.PathTransferGroup:
			out.Groups = append(out.Groups, c.Value)
		case homeward.PathMother:
			out.Mothers = append(out.Mothers, c.Value)
		case homeward.PathFather:
			out.Fathers = append(out.Fathers, c.Value)
		case homeward.PathSiblings:
			out.Siblings = append(out.Siblings, siblingNames(c.Value)...)
		case homeward.PathEyes:
			out.Eyes = c.Value
		case homeward.PathHair:
			out.Hair = c.Value
		case homeward.PathDocument:
			out.Documents = append(out.Documents, c.Value)
		case homeward.PathPhone:
			out.Phones = append(out.Phones, c.Value)
		}
	}
	return out
}

// nameTexts returns every name of a record: in parts when its columns tell them apart, then in full, then aliases and
// imposed ones.
func nameTexts(r homeward.Record) []linkage.NameText {
	var parts linkage.NameText
	var full, others []linkage.NameText
	for _, c := range r.Claims {
		switch c.Path {
		case homeward.PathNameGiven:
			parts.Given = first(parts.Given, c.Value)
		case homeward.PathNamePatronymic:
			parts.Patronymic = first(parts.Patronymic, c.Value)
		case homeward.PathNameFamily:
			parts.Family = first(parts.Family, c.Value)
		case homeward.PathNameFull:
			full = append(full, linkage.NameText{Full: c.Value})
		case homeward.PathNameAlias, homeward.PathNameImposed:
			others = append(others, linkage.NameText{Full: c.Value})
		}
	}
	if parts != (linkage.NameText{}) {
		full = append([]linkage.NameText{parts}, full...)
	}
	return beside(nil, append(full, others...))
}

func first(have, value string) string {
	if have != "" {
		return have
	}
	return value
}

// births returns the birth dates a record tells; its age only when it tells no date, because an age fits too much to
// stand beside one.
func births(r homeward.Record) []homeward.Date {
	var dates, ages []homeward.Date
	for _, c := range r.Claims {
		switch {
		case c.When.IsZero():
		case c.Path == homeward.PathBirthDate || c.Path == homeward.PathBirthDateImposed:
			dates = append(dates, c.When)
		case c.Path == homeward.PathAge:
			ages = append(ages, c.When)
		}
	}
	if len(dates) > 0 {
		return dates
	}
	return ages
}

// notNames are answers in a column of siblings that name nobody.
var notNames = map[string]bool{
	"": true, "нет": true, "есть": true, "да": true, "немає": true, "ні": true, "так": true, "є": true,
	"no": true, "none": true, "yes": true, "unknown": true, "невідомо": true, "неизвестно": true, "-": true, "—": true,
}

// siblingNames splits a cell of siblings, where a comma parts one child from the next, and not a family name from a given
// one.
func siblingNames(cell string) []string {
	return slices.DeleteFunc(names.SplitAliases(strings.ReplaceAll(cell, ",", ";")), func(s string) bool {
		return notNames[strings.ToLower(strings.Trim(s, " ."))]
	})
}

// beside adds the values that are not there yet.
func beside[T comparable](have, more []T) []T {
	for _, v := range more {
		if !slices.Contains(have, v) {
			have = append(have, v)
		}
	}
	return have
}

func besideDates(have, more []homeward.Date) []homeward.Date {
	for _, d := range more {
		if !slices.ContainsFunc(have, func(h homeward.Date) bool { return h.From == d.From && h.To == d.To }) {
			have = append(have, d)
		}
	}
	return have
}
