package linkage_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
	"runtime"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/synth"
	"github.com/homeward-registry/homeward/linkage"
	"github.com/homeward-registry/homeward/names"
)

func synthRecords(w *synth.World) (recs []linkage.Record, child, family []int) {
	asOf := homeward.Exact(synth.EditionDay)
	at := 0
	for _, l := range w.Lists {
		for _, row := range l.Rows {
			r := linkage.Record{ID: l.Source + "/" + row[0], Source: l.Source}
			var p linkage.NameText
			var ages []homeward.Date
			for i, h := range l.Headings {
				v := strings.TrimSpace(row[i])
				if v == "" {
					continue
				}
				switch h {
				case "Прізвище":
					p.Family = v
				case "Ім'я":
					p.Given = v
				case "По батькові":
					p.Patronymic = v
				case "Имя ребенка", "Full name":
					r.Names = append(r.Names, linkage.NameText{Full: v})
				case "Прежнее имя", "Also known as":
					for _, s := range names.SplitAliases(v) {
						r.Names = append(r.Names, linkage.NameText{Full: s})
					}
				case "Стать", "Пол", "Sex":
					r.Sex = names.Sex(homeward.ReadSex(v))
				case "Дата народження", "Дата рождения", "Date of birth":
					r.Births = append(r.Births, homeward.ParseDates(v, asOf)...)
				case "Age":
					ages = homeward.ParseDates("about "+v, asOf)
				case "Місце народження", "Место рождения", "Place of birth":
					r.BirthPlaces = append(r.BirthPlaces, v)
				case "Домашня адреса", "Home town":
					r.Homes = append(r.Homes, v)
				case "Мати", "Mother":
					r.Mothers = append(r.Mothers, v)
				case "Батько", "Father":
					r.Fathers = append(r.Fathers, v)
				case "Брати і сестри", "Братья и сестры", "Siblings":
					for _, s := range names.SplitAliases(v) {
						if s != "нет" && s != "есть" {
							r.Siblings = append(r.Siblings, s)
						}
					}
				case "Телефон":
					r.Phones = append(r.Phones, v)
				case "Звідки забрали", "Taken from":
					r.TakenFrom = append(r.TakenFrom, v)
				case "Учреждение", "Institution":
					r.Institutions = append(r.Institutions, v)
				case "Группа", "Група переміщення", "Transfer group":
					r.Groups = append(r.Groups, v)
				case "Очі", "Цвет глаз", "Eyes":
					r.Eyes = v
				case "Волосся", "Цвет волос", "Hair":
					r.Hair = v
				case "Номер документа", "Document no.":
					r.Documents = append(r.Documents, v)
				}
			}
			if p != (linkage.NameText{}) {
				r.Names = append([]linkage.NameText{p}, r.Names...)
			}
			if len(r.Births) == 0 {
				r.Births = ages
			}
			recs = append(recs, r)
			child = append(child, w.Truth[at].Child)
			family = append(family, w.Truth[at].Family)
			at++
		}
	}
	return
}

func TestZSynth(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	if n == 0 {
		n = 2000
	}
	seed := uint64(1)
	if s, err := strconv.Atoi(os.Getenv("SEED")); err == nil {
		seed = uint64(s)
	}
	w := synth.Generate(synth.Options{Children: n, Seed: seed})
	recs, child, family := synthRecords(w)
	where := map[string]int{}
	trueBy := map[string]int{}
	perChild := map[int][]int{}
	for i, r := range recs {
		where[r.ID] = i
		perChild[child[i]] = append(perChild[child[i]], i)
	}
	src := func(i int) string { return recs[i].Source[:1] }
	total := 0
	for _, l := range perChild {
		total += len(l) * (len(l) - 1) / 2
		for i := range l {
			for j := range l[:i] {
				trueBy[src(l[j])+src(l[i])]++
			}
		}
	}
	runtime.GC()
	t0 := time.Now()
	ix := linkage.NewIndex()
	for _, r := range recs {
		ix.Add(r)
	}
	t.Logf("add %d: %v = %.0f/s", len(recs), time.Since(t0), float64(len(recs))/time.Since(t0).Seconds())
	var ms runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&ms)
	t.Logf("heap %d MB", ms.HeapAlloc>>20)
	for _, c := range []struct {
		name string
		m    func() *linkage.Model
	}{{"default", func() *linkage.Model { return linkage.DefaultModel() }}, {"trained", func() *linkage.Model { return linkage.Train(ix, linkage.Options{}) }}} {
		t0 = time.Now()
		m := c.m()
		t1 := time.Now()
		pairs, rep := ix.Pairs(m, linkage.Options{Floor: 0.01})
		t2 := time.Now()
		rec, sib, sib9, hi, hiok, mid, midok := 0, 0, 0, 0, 0, 0, 0
		foundBy := map[string]int{}
		hiBy := map[string]int{}
		bins := [10][2]float64{}
		for _, p := range pairs {
			a, b := where[p.Left], where[p.Right]
			ok := child[a] == child[b]
			bin := min(int(p.Probability*10), 9)
			bins[bin][0]++
			if ok {
				bins[bin][1]++
			}
			key := src(min(a, b)) + src(max(a, b))
			if ok {
				rec++
				foundBy[key]++
			}
			if !ok && family[a] == family[b] {
				if p.Probability >= .5 {
					sib++
				}
				if p.Probability >= .9 {
					sib9++
				}
			}
			if p.Probability >= .9 {
				hi++
				if ok {
					hiok++
					hiBy[key]++
				}
			}
			if p.Probability >= .5 {
				mid++
				if ok {
					midok++
				}
			}
		}
		t.Logf("%s: model %v, pairs %v; candidates %d large %d; kept %d true %d; recall %.4f; >=.5: P %.4f R %.4f; >=.9: P %.4f R %.4f; siblings>=.5 %d >=.9 %d; lambda %.3g sib %.3g", c.name, t1.Sub(t0), t2.Sub(t1), rep.Proposed, rep.Large, len(pairs), total, float64(rec)/float64(total),
			float64(midok)/float64(mid), float64(midok)/float64(total), float64(hiok)/float64(hi), float64(hiok)/float64(total), sib, sib9, m.Lambda, m.Siblings)
		t.Logf("bypass %v", rep.ByPass)
		for k, v := range trueBy {
			t.Logf("  %s true %d found %.3f hi %.3f", k, v, float64(foundBy[k])/float64(v), float64(hiBy[k])/float64(v))
		}
		s := ""
		for i, b := range bins {
			s += " " + strconv.Itoa(i*10) + "%:" + strconv.Itoa(int(b[0])) + "/" + strconv.FormatFloat(b[1]/max(b[0], 1), 'f', 2, 64)
		}
		t.Log("calibration", s)
	}
}
