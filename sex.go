package homeward

import "strings"

// Sex is a child's sex as a source states it, read from words in Ukrainian, Russian or English.
type Sex string

const (
	SexUnknown Sex = ""
	SexFemale  Sex = "female"
	SexMale    Sex = "male"
)

var sexWords = func() map[string]Sex {
	m := map[string]Sex{}
	for sex, words := range map[Sex]string{
		SexFemale: "ж жін жіноча жіночий жен женский женская дівчинка дівчина девочка девушка f fem female girl woman",
		SexMale:   "ч чол чоловіча чоловічий м муж мужской мужская хлопчик хлопець юнак мальчик юноша m male boy man",
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] = sex
		}
	}
	return m
}()

// ReadSex returns the sex that words state, or [SexUnknown]. The claim itself keeps the words as received.
func ReadSex(words string) Sex { return sexWords[strings.ToLower(strings.Trim(words, " \t.,"))] }
