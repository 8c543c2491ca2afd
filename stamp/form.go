package stamp

import "bytes"

// An enclosed answer has the form that two readers read alike, whichever parsers they have: DER throughout, granted, the
// content a TSTInfo, one signer, and algorithms that say one thing. verify.py in package bundle asks for the same.

// element is one value in DER.
type element struct {
	tag            byte
	content, whole []byte
}

// elements reads what stands one after another; ok is false where it is not DER. RFC 5652 needs no tag of two bytes.
func elements(raw []byte) (out []element, ok bool) {
	for len(raw) > 0 {
		if len(raw) < 2 || raw[0]&0x1f == 0x1f {
			return nil, false
		}
		at, size := 2, int(raw[1])
		if raw[1] >= 0x80 {
			if at += int(raw[1] & 0x7f); at < 3 || at > 5 || at > len(raw) || raw[2] == 0 {
				return nil, false
			}
			size = 0
			for _, b := range raw[2:at] {
				size = size<<8 | int(b)
			}
			if size < 0x80 {
				return nil, false
			}
		}
		if at+size > len(raw) {
			return nil, false
		}
		out = append(out, element{raw[0], raw[at : at+size], raw[:at+size]})
		raw = raw[at+size:]
	}
	return out, true
}

// deepest is how deep values may lie in one another.
const deepest = 32

// strict reports whether everything is DER down to the values that hold no others.
func strict(raw []byte, depth int) bool {
	list, ok := elements(raw)
	for _, e := range list {
		ok = ok && (e.tag&0x20 == 0 || depth < deepest && strict(e.content, depth+1))
	}
	return ok
}

// inside returns the values in the value at a place of each level, or nothing where there is none.
func inside(raw []byte, places ...int) []element {
	list, _ := elements(raw)
	for _, at := range places {
		if at >= len(list) {
			return nil
		}
		list, _ = elements(list[at].content)
	}
	return list
}

var (
	tstInfo = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04")
	sha2    = []byte("\x60\x86\x48\x01\x65\x03\x04\x02") // and a number
	rsa     = []byte("\x2a\x86\x48\x86\xf7\x0d\x01\x01") // and a number
	ecdsa   = []byte("\x2a\x86\x48\xce\x3d\x04\x03")     // and a number
)

// signatures are the algorithms that may sign with each hash of SHA-2, by the last number of the hash's name.
var signatures = map[byte][][]byte{
	1: {append(bytes.Clone(rsa), 1), append(bytes.Clone(rsa), 11), append(bytes.Clone(ecdsa), 2)},
	2: {append(bytes.Clone(rsa), 1), append(bytes.Clone(rsa), 12), append(bytes.Clone(ecdsa), 3)},
	3: {append(bytes.Clone(rsa), 1), append(bytes.Clone(rsa), 13), append(bytes.Clone(ecdsa), 4)},
}

// inForm reports whether an answer has the form.
func inForm(answer []byte) bool {
	status, signedData := inside(answer, 0, 0), inside(answer, 0, 1, 1, 0)
	if !strict(answer, 0) || len(inside(answer)) != 1 || len(inside(answer, 0)) != 2 || len(status) == 0 || len(signedData) < 4 {
		return false
	}
	digests, signers := signedData[1], inside(signedData[len(signedData)-1].content)
	kind := inside(signedData[2].content)
	if !bytes.Equal(status[0].whole, []byte{2, 1, 0}) || !isContent(kind) || signedData[3].tag != 0xa0 || len(signers) != 1 {
		return false
	}
	signer := inside(signers[0].content)
	if len(signer) < 6 {
		return false
	}
	digest, signature := inside(signer[2].content), inside(signer[4].content)
	return len(digest) > 0 && len(signature) > 0 && goTogether(digest[0].content, signature[0].content) && allHashes(digests.content, digest[0].content)
}

// isContent reports whether a content says that it is a TSTInfo and is one string of bytes.
func isContent(kind []element) bool {
	if len(kind) != 2 || !bytes.Equal(kind[0].content, tstInfo) || kind[1].tag != 0xa0 {
		return false
	}
	content := inside(kind[1].content)
	return len(content) == 1 && content[0].tag == 4
}

// goTogether reports whether a hash is of SHA-2 and the signature is one with it.
func goTogether(digest, signature []byte) bool {
	number, is := bytes.CutPrefix(digest, sha2)
	if !is || len(number) != 1 {
		return false
	}
	for _, one := range signatures[number[0]] {
		if bytes.Equal(one, signature) {
			return true
		}
	}
	return false
}

// allHashes reports whether a set of algorithms is of the one that is used.
func allHashes(set, used []byte) bool {
	list, _ := elements(set)
	for _, algorithm := range list {
		if name := inside(algorithm.content); len(name) == 0 || !bytes.Equal(name[0].content, used) {
			return false
		}
	}
	return len(list) > 0
}
