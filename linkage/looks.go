package linkage

import (
	"slices"
	"strings"

	"github.com/homeward-registry/homeward/names"
)

// looksTable joins the words for colours of eyes and hair in Ukrainian, Russian and English: one colour a line, under its first word.
const looksTable = `
blue     блакитні блакитний голубі голубий сині синій голубые голубой синие синий
grey     gray сірі сірий серые серый сиві седые
green    зелені зелений зелёные зеленые зелёный
brown    карі карий кареглазый кароокий карие коричневі коричневий коричневые коричневый каштанове каштановий каштановые каштановый chestnut шатен шатенка
hazel    горіхові ореховые
black    чорні чорне чорний чёрные черные чёрный брюнет брюнетка
dark     темні темне темний тёмные темные тёмный темноволосый темноволосий
fair     light blond blonde світлі світле світлий світловолосий світловолоса світлорусяве светлые светлый светлорусые біляве білявий блондин блондинка
mousy    русяве русяві русявий русые русый русое sandy
red      ginger auburn руде руді рудий рыжие рыжий
`

// lookOf holds the colours by the keys of their words.
var lookOf = func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(looksTable) {
		words := strings.Fields(line)
		for _, w := range words {
			out[names.Key(w)] = "=" + words[0]
		}
	}
	return out
}()

// lookKeys folds the words of a look into the colours they mean, and into their keys where they mean none.
func lookKeys(s string) []string {
	out := textKeys(s)
	for i, k := range out {
		if colour, ok := lookOf[k]; ok {
			out[i] = colour
		}
	}
	if brown, light := slices.Index(out, "=brown"), slices.Index(out, "=fair"); brown >= 0 && light >= 0 {
		out[brown], out[light] = "=mousy", "=mousy" // light brown is русяве, which English has no word for
	}
	slices.Sort(out)
	return slices.Compact(out)
}
