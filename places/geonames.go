package places

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/homeward-registry/homeward"
)

// townsfolk is from how many people on a populated place of GeoNames is taken for a city; it does not tell them apart.
const townsfolk = 10000

// ReadGeoNames reads the populated places of a GeoNames dump (https://download.geonames.org/export/dump/readme.txt): lines
// of 19 fields with tabs between, UTF-8. Their regions are known by code only; a gazetteer that takes them in learns which is which
// from the places it has. A list that is not of this shape is ErrInvalid.
func ReadGeoNames(r io.Reader) ([]Place, error) {
	var out []Place
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	n := 1
	for ; lines.Scan(); n++ {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 19 {
			return nil, fmt.Errorf("read geonames, line %d: %d fields, not 19: %w", n, len(f), homeward.ErrInvalid)
		}
		if f[6] != "P" {
			continue
		}
		p, err := geoname(f)
		if err != nil {
			return nil, fmt.Errorf("read geonames, line %d: %w: %w", n, homeward.ErrInvalid, err)
		}
		out = append(out, p)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read geonames, line %d: %w", n, err)
	}
	return out, nil
}

func geoname(f []string) (p Place, err error) {
	p = Place{ID: ID("geonames/" + f[0]), Kind: KindVillage, Country: f[8], Region: ID("geonames/" + f[8] + "." + f[10])}
	p.Name.EN = f[1]
	if err := p.At.read(f[4], f[5]); err != nil {
		return p, err
	}
	if region := recognised(p); region != "" {
		p.Country, p.Region = "UA", region
	}
	if people, err := strconv.Atoi(f[14]); err == nil && people >= townsfolk {
		p.Kind = KindCity
	}
	for name := range strings.SplitSeq(f[3], ",") {
		switch name = strings.TrimSpace(name); {
		case name == "" || !usable(name):
		case p.Name.UK == "" && strings.ContainsAny(name, "іїєґІЇЄҐ"):
			p.Name.UK = name
		case p.Name.RU == "" && strings.ContainsAny(name, "ыэёъЫЭЁЪ"):
			p.Name.RU = name
		default:
			p.Also = append(p.Also, name)
		}
	}
	return p, nil
}

// recognised returns the region of Ukraine in which a place lies that the list gives to Russia; empty when it lies there in
// none, or so near the border that outlines as coarse as ours cannot tell.
func recognised(p Place) ID {
	region := Where(p.At)
	if p.Country != "RU" || !strings.HasPrefix(string(region), "UA-") {
		return ""
	}
	if region == "UA-43" || region == "UA-40" { // the sea lies between
		return region
	}
	for _, d := range []Point{{.3, 0}, {-.3, 0}, {0, .4}, {0, -.4}} {
		if Where(Point{p.At.Lat + d.Lat, p.At.Lon + d.Lon}) == "RU" {
			return ""
		}
	}
	return region
}

// usable leaves out names in scripts that no record of ours is written in, and airport codes.
func usable(name string) bool {
	small := false
	for _, r := range name {
		if unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Georgian, unicode.Armenian) {
			return false
		}
		small = small || unicode.IsLower(r)
	}
	return small
}
