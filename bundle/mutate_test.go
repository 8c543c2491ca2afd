package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/homeward-registry/homeward/ledger"
)

// mutation is one way to change a bundle. What it returns must never be verified, and the two verifiers have to
// agree on what it is instead.
type mutation struct {
	name     string
	mutilate func(m *maker, good []byte) []byte
}

var mutations = []mutation{
	{"flip a bit", func(m *maker, b []byte) []byte {
		b[m.IntN(len(b))] ^= 1 << m.IntN(8)
		return b
	}},
	{"cut off the end", func(m *maker, b []byte) []byte { return b[:m.IntN(len(b))] }},
	{"append bytes", func(m *maker, b []byte) []byte { return append(b, make([]byte, 1+m.IntN(40))...) }},
	{"put bytes before", func(m *maker, b []byte) []byte { return append([]byte("#!/bin/sh\n"), b...) }},
	{"take bytes out", func(m *maker, b []byte) []byte {
		at := m.IntN(len(b) - 1)
		return slices.Delete(b, at, min(len(b), at+1+m.IntN(64)))
	}},
	{"put bytes in", func(m *maker, b []byte) []byte { return slices.Insert(b, m.IntN(len(b)), byte(m.IntN(256))) }},
	{"swap two stretches", func(m *maker, b []byte) []byte {
		n := 1 + m.IntN(len(b)/3)
		return slices.Concat(b[n:2*n], b[:n], b[2*n:])
	}},
	{"compressed by another program", func(m *maker, b []byte) []byte { return recompressed(b) }},
	{"order of files", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		return pack(base, f, func(names []string) {
			m.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		})
	}},
	{"a file twice", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		return packList(base, f, append(slices.Sorted(maps.Keys(f)), pick(m, f, "")))
	}},
	{"path trick", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		f[tricks[m.IntN(len(tricks))]] = []byte("x")
		return m.again(base, f)
	}},
	{"another folder", func(m *maker, b []byte) []byte {
		f, _ := unpack(b)
		return m.again([]string{"homeward-" + m.id(), "..", "/etc", "homeward-x", ""}[m.IntN(5)], f)
	}},
	{"a file taken out", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		delete(f, m.vouched(f))
		return m.again(base, f)
	}},
	{"an item and its proof taken out", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := pick(m, f, "data/items/")
		number, _ := numbered(name, itemFile)
		delete(f, name)
		delete(f, fmt.Sprintf(proofFile, number))
		return m.again(base, f)
	}},
	{"a file put in", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		f[[]string{"data/report/en.pdf", "data/items/000099.json", "data/originals/000077.age", "data/sbom.json", "data/log/proofs/000098.txt"}[m.IntN(5)]] = []byte("{}")
		return m.again(base, f)
	}},
	{"two files swapped", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		x := pick(m, f, "data/")
		y := pick(m, f, x[:strings.LastIndexByte(x, '/')])
		f[x], f[y] = f[y], f[x]
		return m.again(base, f)
	}},
	{"a byte of a file, lists written anew", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := m.vouched(f)
		text := f[name]
		switch at := m.IntN(len(text) + 1); {
		case at == len(text) || m.IntN(4) == 0:
			f[name] = slices.Insert(text, at, "\x00\n a0{}\"\\,\xff"[m.IntN(11)])
		case m.IntN(3) == 0:
			f[name] = slices.Delete(text, at, at+1)
		default:
			text[at] ^= 1 << m.IntN(8)
		}
		return m.again(base, f)
	}},
	{"a line of a file, lists written anew", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := m.vouched(f)
		lines := strings.SplitAfter(string(f[name]), "\n")
		i, j := m.IntN(len(lines)), m.IntN(len(lines))
		if lines[i] == lines[j] {
			lines = append(lines, "\n")
		}
		lines[i], lines[j] = lines[j], lines[i]
		f[name] = []byte(strings.Join(lines, ""))
		return m.again(base, f)
	}},
	{"JSON in another form", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := pick(m, f, "data/items/")
		if m.IntN(3) == 0 {
			name = sealFile
		}
		f[name] = otherJSON[m.IntN(len(otherJSON))](f[name])
		return m.again(base, f)
	}},
	{"another value", func(m *maker, b []byte) []byte { return m.edited(b, changeValue) }},
	{"a value taken out", func(m *maker, b []byte) []byte {
		return m.edited(b, func(m *maker, it Item) Item { delete(it.Disclosed, anyKey(m, it.Disclosed)); return it })
	}},
	{"a value put in", func(m *maker, b []byte) []byte {
		return m.edited(b, func(m *maker, it Item) Item { it.Disclosed["body/more"] = Field{Value: "x"}; return it })
	}},
	{"a reason changed", func(m *maker, b []byte) []byte {
		return m.edited(b, func(m *maker, it Item) Item { it.Withheld["body/more"] = Withheld{Why: "x"}; return it })
	}},
	{"a value withheld later", func(m *maker, b []byte) []byte {
		return m.edited(b, func(m *maker, it Item) Item {
			path := anyKey(m, it.Disclosed)
			it.Withheld[path] = Withheld{ledger.DisclosedDigest(it.Disclosed[path].Key, it.Value(path)), "chosen"}
			delete(it.Disclosed, path)
			return it
		})
	}},
	{"another minute", func(m *maker, b []byte) []byte {
		return m.edited(b, func(m *maker, it Item) Item {
			it.Time = []string{"2026-11-23T12:01Z", "0000-00-00T00:00Z", "2026-13-99T12:00Z", "2026-11-23T12:00", ""}[m.IntN(5)]
			return it
		})
	}},
	{"a whole forged log", func(m *maker, b []byte) []byte { return newMaker(m.Uint64()).bundle() }},
	{"the key of another log", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		f[keyFile] = []byte(newMaker(m.Uint64()).verifier + "\n")
		return m.again(base, f)
	}},
	{"another signature", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		old := f[checkpointFile]
		forged := append(slices.Clone(old), "— x.example/y AAAAAA==\n"...)
		switch m.IntN(3) {
		case 0:
			forged = append(slices.Clone(old), old[bytes.Index(old, []byte("\n\n"))+2:]...)
		case 1:
			forged = newMaker(m.Uint64()).resign(old)
		}
		for name := range f {
			f[name] = bytes.ReplaceAll(f[name], old, forged)
		}
		return m.again(base, f)
	}},
	{"a proof of another place", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := pick(m, f, "data/log/proofs/")
		head, rest, _ := bytes.Cut(f[name], []byte("index "))
		number, rest, _ := bytes.Cut(rest, []byte("\n"))
		index := []string{"0" + string(number), string(number) + "0", "-1", "+1", "9223372036854775807", "9223372036854775808", "99999999999999999999", "٣", ""}[m.IntN(9)]
		f[name] = slices.Concat(head, []byte("index "+index+"\n"), rest)
		return m.again(base, f)
	}},
	{"an older checkpoint altered", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := pick(m, f, []string{"data/log/earlier/", "data/log/consistency/"}[m.IntN(2)])
		if name == "" {
			name = m.vouched(f)
		}
		switch number, _ := numbered(name, earlierFile); {
		case m.IntN(4) == 0:
			delete(f, name)
			delete(f, fmt.Sprintf(consistencyFile, number))
		case m.IntN(4) == 0:
			i := bytes.IndexByte(f[name], '\n') + 1
			f[name] = slices.Insert(f[name], i, f[name][i:]...)
			f[name] = f[name][:len(f[name])-m.IntN(len(f[name]))]
		}
		if text := f[name]; len(text) > 0 && m.IntN(2) == 0 {
			text[m.IntN(len(text))] ^= 1 << m.IntN(8)
		}
		return m.again(base, f)
	}},
	{"a witness's word altered", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := pick(m, f, []string{"data/log/cosigned/", policyFile}[m.IntN(2)])
		if name == "" {
			name = m.vouched(f)
		}
		if f[name] = m.altered(f[name]); len(f[name]) == 0 {
			delete(f, name)
		}
		return m.again(base, f)
	}},
	{"a witness's word altered by the register itself", func(m *maker, _ []byte) []byte {
		m.lies = true
		defer func() { m.lies = false }()
		return m.bundle()
	}},
	{"a time-stamp altered", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := pick(m, f, "data/log/stamps/")
		if name == "" {
			name = m.vouched(f)
		}
		f[name] = m.alteredStamp(Stamp{f[name], f[name]}).Answer
		if m.IntN(4) == 0 {
			delete(f, name)
		}
		return m.again(base, f)
	}},
	{"a time-stamp altered by the register itself", func(m *maker, _ []byte) []byte {
		m.liesOf = true
		defer func() { m.liesOf = false }()
		return m.bundle()
	}},
	{"a key's successor altered", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := pick(m, f, []string{"data/log/successors/", "data/log/handovers/", identityFile}[m.IntN(3)])
		if name == "" {
			name = m.vouched(f)
		}
		text := f[name]
		switch i := bytes.Index(text, []byte("\n\n")) + 2; m.IntN(4) {
		case 0:
			delete(f, name)
		case 1: // a signature twice
			f[name] = append(text, text[i:]...)
		case 2: // without one, or without all
			f[name] = text[:i]
		default:
			if len(text) > 0 {
				text[m.IntN(len(text))] ^= 1 << m.IntN(8)
			}
		}
		return m.again(base, f)
	}},
	{"lists in another form", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		name := []string{"manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"}[m.IntN(4)]
		text := string(f[name])
		f[name] = []byte([]string{strings.ToUpper(text), strings.ReplaceAll(text, "  ", " *"), strings.ReplaceAll(text, "\n", "\r\n"), text + "\n", text[1:], ""}[m.IntN(6)])
		return pack(base, f, nil)
	}},
	{"too many files", func(m *maker, b []byte) []byte {
		f, base := unpack(b)
		for i := range 50 {
			f[fmt.Sprintf("data/items/%06d.json", 500000+i)] = []byte("{}")
		}
		return m.again(base, f)
	}},
}

// tricks are names that no bundle may hold.
var tricks = []string{
	"../escaped", "data/../../escaped", "/etc/passwd", "data/items/../../../x", "data\\items\\000001.json", "C:/x", "data/items/000001.JSON",
	"DATA/items/000001.json", "data/items/000001.json/", "data//items/000001.json", "data/items/000001.json\x00.txt", "data/items/٠٠٠٠٠١.json",
	"data/items/000001.json\n", "data/items/1.json", ".", "", "data/items/" + strings.Repeat("0", 300) + ".json", "data/log/proofs/000001.txt ", "\xff\xfe",
}

// otherJSON writes the same or nearly the same JSON in forms that are refused.
var otherJSON = []func(b []byte) []byte{
	func(b []byte) []byte { return append([]byte(" "), b...) },
	func(b []byte) []byte { return append(b, '\n') },
	func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte(`"v":1`), 1) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte(`"v":"1","v":"1"`), 1) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte(`"v":NaN`), 1) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte(`"v":"\u0031"`), 1) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte(`"v":"\ud800"`), 1) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte("\"v\":\"1\xc0\xaf\""), 1) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte(`"v":null`), 1) },
	func(b []byte) []byte { return bytes.Replace(b, []byte(`"v":"1"`), []byte(`"v":true,"w":"1"`), 1) },
	func(b []byte) []byte { return []byte(strings.Repeat("[", 20000)) },
	func(b []byte) []byte { return []byte(strings.Repeat("[", 3000) + strings.Repeat("]", 3000)) },
	func(b []byte) []byte {
		return []byte(`{"disclosed":[],"time":"2026-11-23T12:00Z","v":"1","withheld":{}}`)
	},
	func(b []byte) []byte {
		return []byte(`{"disclosed":{"a":{"key":"00","value":"x"}},"time":"2026-11-23T12:00Z","v":"1","withheld":{}}`)
	},
	func(b []byte) []byte {
		return []byte(`{"disclosed":{},"time":"2026-11-23T12:00Z\n","v":"1","withheld":{}}`)
	},
	func(b []byte) []byte { return []byte("1" + strings.Repeat("0", 5000)) },
	func(b []byte) []byte { return bytes.ToUpper(b) },
	func(b []byte) []byte { return nil },
}

func changeValue(m *maker, it Item) Item {
	path := anyKey(m, it.Disclosed)
	f := it.Disclosed[path]
	f.Value += "."
	it.Disclosed[path] = f
	return it
}

func anyKey[V any](m *maker, in map[string]V) string {
	keys := slices.Sorted(maps.Keys(in))
	if len(keys) == 0 {
		return ""
	}
	return keys[m.IntN(len(keys))]
}

// edited changes an item, with all lists written anew.
func (m *maker) edited(b []byte, change func(*maker, Item) Item) []byte {
	f, base := unpack(b)
	name := pick(m, f, "data/items/")
	if m.IntN(4) == 0 {
		name = sealFile
	}
	it, err := ParseItem(f[name])
	if err != nil {
		panic(err)
	}
	if f[name], err = change(m, it).MarshalText(); err != nil {
		panic(err)
	}
	return m.again(base, f)
}

// resign signs the text of another log's checkpoint with one's own key, under that log's name.
func (m *maker) resign(signed []byte) []byte {
	text, signature, _ := bytes.Cut(signed, []byte("\n\n"))
	own, err := m.signer.Sign(append(text, '\n'))
	if err != nil {
		panic(err)
	}
	line := strings.Fields(string(signature))
	raw, err := base64.StdEncoding.DecodeString(line[2])
	if err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, "%s\n\n— %s %s\n", text, line[1], base64.StdEncoding.EncodeToString(append(raw[:4], own...)))
}

// again packs files with their lists written anew, as somebody would who wants the change to go unnoticed. Sometimes the
// lists are left as they were.
func (m *maker) again(base string, f map[string][]byte) []byte {
	if m.IntN(8) > 0 {
		relist(f)
	}
	return pack(base, f, nil)
}

// vouched picks a file that the seal or a signature vouches for.
func (m *maker) vouched(f map[string][]byte) string {
	for {
		name := pick(m, f, "")
		if !strings.Contains(name, "manifest-") {
			return name
		}
	}
}

func pick(m *maker, f map[string][]byte, prefix string) string {
	g := maps.Clone(f)
	maps.DeleteFunc(g, func(name string, _ []byte) bool { return !strings.HasPrefix(name, prefix) })
	return anyKey(m, g)
}

func relist(f map[string][]byte) {
	sum := func() map[string]sums {
		out := map[string]sums{}
		for name, content := range f {
			out[name] = measured(content).sums
		}
		return out
	}
	f["manifest-sha256.txt"] = []byte(manifestText(sum(), "sha256", isPayload))
	f["manifest-sha512.txt"] = []byte(manifestText(sum(), "sha512", isPayload))
	tags := sum()
	f["tagmanifest-sha256.txt"] = []byte(manifestText(tags, "sha256", isTag))
	f["tagmanifest-sha512.txt"] = []byte(manifestText(tags, "sha512", isTag))
}

func unpack(b []byte) (f map[string][]byte, base string) {
	f = map[string][]byte{}
	err := scan(bytes.NewReader(b), func(m member, r io.Reader) (err error) {
		var name string
		base, name, _ = strings.Cut(m.name, "/")
		f[name], err = io.ReadAll(r)
		return err
	})
	if err != nil {
		panic(err)
	}
	return f, base
}

func pack(base string, f map[string][]byte, order func([]string)) []byte {
	names := slices.Sorted(maps.Keys(f))
	if order != nil {
		order(names)
	}
	return packList(base, f, names)
}

func packList(base string, f map[string][]byte, names []string) []byte {
	var b bytes.Buffer
	var members []member
	for _, name := range names {
		m := member{name: base + "/" + name, size: uint64(len(f[name])), crc: crc32.ChecksumIEEE(f[name]), offset: uint64(b.Len())}
		b.Write(m.local())
		b.Write(f[name])
		members = append(members, m)
	}
	b.Write(directory(members, uint64(b.Len())))
	return b.Bytes()
}

func recompressed(b []byte) []byte {
	f, base := unpack(b)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		to, err := w.Create(base + "/" + name)
		if err != nil {
			panic(err)
		}
		to.Write(f[name])
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// altered changes a policy, or lines of witnesses, in a way that a verifier must see.
func (m *maker) altered(text []byte) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	i := m.IntN(len(lines))
	switch text = bytes.Clone(text); m.IntN(6) {
	case 0: // a line less
		return bytes.Join(slices.Delete(lines, i, i+1), nil)
	case 1: // a line twice
		return slices.Concat(bytes.Join(lines[:i+1], nil), bytes.Join(lines[i:], nil))
	case 2: // of somebody else by the name of a witness
		private, _, err := ledger.NewCosignerKey("witness0.example/w")
		if err != nil {
			panic(err)
		}
		c, err := ledger.NewCosigner(private)
		if err != nil {
			panic(err)
		}
		lines[i] = []byte(c.Cosign(ledger.Checkpoint{Origin: m.signer.Name()}, m.now))
		return bytes.Join(lines, nil)
	case 3: // other words
		for _, words := range [][2]string{{"group some 1", "group some 9"}, {" w1", " w0"}, {"quorum w0", "quorum none"}, {"witness w0", "witness  w0"}, {"log ", "log x"}, {"w0", "ґ"}, {"inner", "outer"}, {"w1", "w2"}, {"= ", "== "}} {
			if m.IntN(3) == 0 {
				text = bytes.ReplaceAll(text, []byte(words[0]), []byte(words[1]))
			}
		}
		return text
	case 4:
		return bytes.TrimSuffix(text, []byte("\n"))
	}
	if len(text) > 0 {
		text[m.IntN(len(text))] ^= 1 << m.IntN(8)
	}
	return text
}
