package synth

import "fmt"

func utf8(text string) ([]byte, error) { return []byte(text), nil }

// beyond lists the letters of windows-1251 that do not stand in the row of А to я.
var beyond = map[rune]byte{
	'Ё': 0xA8, 'ё': 0xB8, '№': 0xB9, 'І': 0xB2, 'і': 0xB3, 'Ї': 0xAF, 'ї': 0xBF, 'Є': 0xAA, 'є': 0xBA, 'Ґ': 0xA5, 'ґ': 0xB4,
	'«': 0xAB, '»': 0xBB, '–': 0x96, '—': 0x97, '\u00a0': 0xA0,
}

// windows1251 encodes text as Windows did before Unicode. It fails on a letter that the code page does not have.
func windows1251(text string) ([]byte, error) {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		switch b, special := beyond[r]; {
		case r < 0x80:
			out = append(out, byte(r))
		case r >= 'А' && r <= 'я':
			out = append(out, byte(r-'А')+0xC0)
		case special:
			out = append(out, b)
		default:
			return nil, fmt.Errorf("encode windows-1251: no byte for U+%04X", r)
		}
	}
	return out, nil
}
