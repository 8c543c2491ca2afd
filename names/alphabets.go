package names

import "maps"

// farFold folds the alphabets of neighbours whose letters each have a sound: Georgian, Armenian and Greek.
var farFold = alphabets(
	"აa ბb გg დd ეe ვv ზz თt იi კk ლl მm ნn ოo პp ჟ3 რr სs ტt უu ფp ქk ღg ყk შ6 ჩ4 ც5 ძdz წ5 ჭ4 ხ8 ჯd3 ჰg",
	"աa բb գg դd եe զz էe ըe թt ժ3 իi լl խ8 ծ5 կk հg ձdz ղg ճ4 մm յi նn շ6 ոo չ4 պp ջd3 ռr սs վv տt րr ց5 ւu փp քk օo ֆf և:ev",
	"αa βv γg δd εe ζz ηi θt ιi κk λl μm νn ξks οo πp ρr σs ςs τt υi φf χ8 ψps ωo άa έe ήi ίi όo ύi ώo ϊi ϋi ΐi ΰi",
)

// alphabets reads tables of a letter and its sounds.
func alphabets(tables ...string) map[rune]string {
	out := map[rune]string{}
	for _, table := range tables {
		maps.Copy(out, alphabet(table))
	}
	return out
}

func alphabet(table string) map[rune]string {
	out, letter := map[rune]string{}, rune(0)
	for _, r := range table {
		switch {
		case r == ' ' || r == ':':
		case r >= 0x80:
			letter = r
		default:
			out[letter] += string(r)
		}
	}
	return out
}
