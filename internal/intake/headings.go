package intake

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/homeward-registry/homeward"
)

// headingTable says which headings hold what, in Ukrainian, Russian and English. A heading is compared without letter
// case, punctuation and apostrophes. Written by us.
var headingTable = map[homeward.Path]string{
	homeward.PathRowID:            "id|№|no|номер|номер п/п|№ п/п|№ з/п|ref|reference|record id|rec id|uid|код|№ звернення|№ анкеты|№ анкети|profile id|case id|case no|row id|source id|unique id|record number|person id|row number",
	homeward.PathNameFull:         "name|full name|піб|пib|п і б|прізвище ім'я по батькові|прізвище ім'я|прізвище та ім'я|ім'я прізвище|ім'я та прізвище|фіо|фио|фамилия имя|фамилия и имя|имя фамилия|имя и фамилия|ф и о|фамилия имя отчество|имя ребенка|ім'я дитини|ребенок|дитина|child|child name|name of child|повне ім'я|полное имя|name full|full_name|fullname|complete name|person name",
	homeward.PathNameGiven:        "given name|first name|forename|given names|ім'я|імя|имя|name given|given_name|first_name|firstname|forenames|first names|givenname|christian name",
	homeward.PathNamePatronymic:   "patronymic|middle name|father name part|по батькові|отчество|побатькові|middle_name|name patronymic|middle names|second name",
	homeward.PathNameFamily:       "surname|last name|family name|прізвище|фамилия|last_name|family_name|lastname|name family|last names|familyname|sname",
	homeward.PathNameAlias:        "alias|aliases|also known as|aka|other names|other name|nickname|інші імена|інше ім'я|прізвисько|другие имена|прежнее имя|прежняя фамилия|кличка|name alias|alternate names|колишнє ім'я",
	homeward.PathNameImposed:      "new name|imposed name|changed name|нове ім'я|новое имя|присвоєне ім'я|присвоенное имя",
	homeward.PathBirthDate:        "date of birth|birth date|dob|born|birthdate|birth_date|дата народження|дн|народився|народилася|д н|дата рождения|др|д р|год рождения|рік народження|year of birth|birth year|date_of_birth|birth|birth day|birthday|date birth|d o b",
	homeward.PathBirthPlace:       "place of birth|birthplace|birth place|pob|місце народження|место рождения|birth_place|place_of_birth|town of birth|birth town|birth city|city of birth",
	homeward.PathBirthDateImposed: "imposed birth date|new date of birth|нова дата народження|новая дата рождения",
	homeward.PathBirthPlaceImp:    "imposed birthplace|new place of birth|нове місце народження|новое место рождения",
	homeward.PathAge:              "age|вік|возраст|age years",
	homeward.PathSex:              "sex|gender|стать|пол",
	homeward.PathLanguage:         "language|мова|язык",
	homeward.PathCitizenship:      "citizenship|nationality|громадянство|гражданство",
	homeward.PathHome:             "home|home address|home town|hometown|address|residence|домашня адреса|адреса|місце проживання|домашний адрес|адрес|место жительства|home place|last residence|address 1|address 2|address line 1|address line 2|street|street name|street address|suburb|city|town|місто|город|населений пункт|населённый пункт|postcode|post code|postal code|zip|zip code|postcode fake|village",
	homeward.PathInstitution:      "institution|school|orphanage|заклад|установа|інтернат|учреждение|детский дом|дитячий будинок|интернат",
	homeward.PathTransferGroup:    "transfer group|transport group|group|convoy|група|група переміщення|группа|группа перемещения|ешелон",
	homeward.PathMother:           "mother|mothers name|mother name|мати|мама|мать|піб матері|фио матери",
	homeward.PathFather:           "father|fathers name|father name|батько|тато|отец|піб батька|фио отца",
	homeward.PathSiblings:         "siblings|brothers and sisters|брати і сестри|брати та сестри|братья и сестры|братья сестры",
	homeward.PathFamilyRef:        "family id|family|family no|household|№ родини|номер родини|код родини|№ семьи|номер семьи|family ref",
	homeward.PathInquirer:         "inquirer|applicant|reported by|заявник|заявитель",
	homeward.PathEyes:             "eyes|eye colour|eye color|очі|колір очей|глаза|цвет глаз",
	homeward.PathHair:             "hair|hair colour|hair color|волосся|колір волосся|волосы|цвет волос",
	homeward.PathMarks:            "marks|distinguishing marks|scars|особливі прикмети|прикмети|особые приметы|приметы",
	homeward.PathHealthGroup:      "health group|група здоров'я|группа здоровья",
	homeward.PathDocument:         "document|document no|document number|birth certificate|certificate|passport|passport no|номер документа|свідоцтво|свідоцтво про народження|свидетельство|свидетельство о рождении|паспорт|документ|soc sec id|soc sec no|ssn|social security number|nhs number|national id|id number",
	homeward.PathDocVerified:      "document verified|verified|документ перевірено|документ проверен|перевірено|проверен",
	homeward.PathPhone:            "phone|telephone|tel|mobile|contact|телефон|тел|номер телефону|номер телефона|телефон родичів|телефон батьків|телефон матері|телефон заявника|телефон родственников|телефон родителей|телефон матери|телефон заявителя|контакт|контактний телефон|контактный телефон|phone number|telephone number|mobile number|cell",
	homeward.PathNote:             "note|notes|remarks|remark|comment|comments|примітки|примітка|примечание|примечания|характеристика|комментарий|коментар|description",
	homeward.PathListDate:         "list date|row date|дата запису|дата записи",

	homeward.EventPath(homeward.EventSeparated, "date"):          "separated on|separation date|date of separation|дата розлучення|дата розлучення з родиною|дата разлучения",
	homeward.EventPath(homeward.EventSeparated, "place"):         "separated in|separation place|місце розлучення|место разлучения",
	homeward.EventPath(homeward.EventTaken, "date"):              "taken on|taken date|date taken|дата вивезення|дата вилучення|дата вывоза|дата изъятия",
	homeward.PathTakenFrom:                                       "taken from|taken place|place taken from|звідки забрали|звідки вивезли|місце вилучення|откуда забрали|откуда вывезли",
	homeward.EventPath(homeward.EventTaken, "actor"):             "taken by|хто забрав|кто забрал",
	homeward.EventPath(homeward.EventTransferred, "date"):        "transferred on|transfer date|дата переміщення|дата перемещения",
	homeward.EventPath(homeward.EventTransferred, "place"):       "transferred to|transfer place|переміщено до|куди перемістили|перемещен в|куда перемещен",
	homeward.EventPath(homeward.EventDeported, "date"):           "deported on|deportation date|date of deportation|дата депортації|дата депортации",
	homeward.EventPath(homeward.EventDeported, "place"):          "deported to|deportation place|депортовано до|куди депортували|депортирован в|куда депортирован",
	homeward.EventPath(homeward.EventPlaced, "date"):             "placed on|placement date|дата розміщення|дата размещения",
	homeward.EventPath(homeward.EventPlaced, "place"):            "placed in|placement|placement place|регіон розміщення|регион размещения|місце розміщення|место размещения|регион",
	homeward.EventPath(homeward.EventRenamed, "date"):            "renamed on|name changed on|ім'я змінено|дата зміни імені|имя изменено|дата смены имени",
	homeward.EventPath(homeward.EventRenamed, "actor"):           "renamed by|хто змінив ім'я|кто изменил имя",
	homeward.EventPath(homeward.EventCitizenshipImposed, "date"): "citizenship imposed on|russian citizenship on|громадянство рф|дата громадянства рф|гражданство рф|дата гражданства рф",
	homeward.EventPath(homeward.EventContactLost, "date"):        "contact lost on|contact lost|last contact|зв'язок втрачено|останній контакт|связь потеряна|последний контакт",
	homeward.EventPath(homeward.EventMistreated, "date"):         "mistreated on|mistreatment date|дата жорстокого поводження",
	homeward.EventPath(homeward.EventMistreated, "note"):         "mistreatment|mistreatment reported|жорстоке поводження|жестокое обращение",
	homeward.EventPath(homeward.EventLocated, "date"):            "located on|seen on|found on|дата встановлення місця|дата обнаружения|бачили",
	homeward.EventPath(homeward.EventLocated, "place"):           "located in|seen in|whereabouts|місцеперебування|місце перебування|местонахождение",
	homeward.EventPath(homeward.EventReturned, "date"):           "returned on|return date|date of return|дата повернення|дата возвращения",
	homeward.EventPath(homeward.EventReturned, "place"):          "returned to|місце повернення|место возвращения",
	homeward.EventPath(homeward.EventDeceased, "date"):           "died on|date of death|дата смерті|дата смерти",
	homeward.EventPath(homeward.EventDeceased, "place"):          "place of death|місце смерті|место смерти",
	homeward.EventPath(homeward.EventReunified, "date"):          "reunified on|reunification date|дата возз'єднання|дата воссоединения",
}

var headings = readHeadings()

func readHeadings() map[string]homeward.Path {
	m := map[string]homeward.Path{}
	for path, list := range headingTable {
		for h := range strings.SplitSeq(list, "|") {
			m[plain(h)] = path
		}
	}
	return m
}

// plain strips a heading to its letters and digits.
func plain(heading string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(heading) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '№':
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		case strings.ContainsRune("'’ʼ‘`´", r):
		default:
			gap = true
		}
	}
	text := strings.ReplaceAll(b.String(), "ё", "е")
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		return lookalikes.Replace(text)
	}
	return text
}

// lookalikes repairs Latin letters in Cyrillic headings: old code pages had no і.
var lookalikes = strings.NewReplacer("i", "і", "a", "а", "e", "е", "o", "о", "c", "с", "p", "р", "x", "х", "y", "у")

// Recognise says what each column holds. A heading that is itself a path, "birth.date", is taken at its word; one that
// is not known is kept as text under its own name.
func Recognise(columns []string) homeward.Mapping {
	m := homeward.Mapping{}
	for _, h := range columns {
		switch path, known := recognised(h); {
		case known:
			m[h] = path
		case isPath(homeward.Path(strings.ToLower(h))):
			m[h] = homeward.Path(strings.ToLower(h))
		default:
			m[h] = homeward.TextPath(h)
		}
	}
	return m
}

// recognised looks a heading up as it stands, then without what it says in brackets, "Стать (ч/ж)", then without the child it
// speaks of, "ПІБ дитини": every row of a list is about a child.
func recognised(heading string) (homeward.Path, bool) {
	whole, bare := plain(heading), plain(brackets.ReplaceAllString(heading, " "))
	for _, h := range []string{whole, bare, withoutChild(whole), withoutChild(bare)} {
		if path, known := headings[h]; known {
			return path, true
		}
	}
	return "", false
}

var brackets = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]`)

// withoutChild takes the child from a plain heading.
func withoutChild(h string) string {
	for _, end := range []string{" of the child", " of child", " дитини", " дитина", " ребенка", " ребенок"} {
		h = strings.TrimSuffix(h, end)
	}
	for _, start := range []string{"childs ", "child ", "дитина ", "ребенок "} {
		h = strings.TrimPrefix(h, start)
	}
	return h
}

// isPath reports whether a path is one of the vocabulary.
func isPath(p homeward.Path) bool {
	if _, ok := headingTable[p]; ok || p == homeward.PathIgnore {
		return true
	}
	_, _, ok := p.Event()
	return ok
}

// Paths lists every path a column can be mapped to, for pages and help: those of the vocabulary, without "text:".
func Paths() []homeward.Path {
	out := make([]homeward.Path, 0, len(headingTable)+20)
	out = append(out, homeward.PathIgnore)
	for p := range headingTable {
		out = append(out, p)
	}
	for _, t := range homeward.EventTypes {
		for _, part := range []string{"date", "place", "actor", "note"} {
			if p := homeward.EventPath(t, part); headingTable[p] == "" {
				out = append(out, p)
			}
		}
	}
	slices.Sort(out)
	return out
}

// ParseMapping reads a mapping as JSON: {"columns":{"dob":"birth.date","occupation":"text:occupation"}}. A path that does
// not exist is refused by name: paths are the program's words, not a child's.
func ParseMapping(r io.Reader) (homeward.Mapping, error) {
	var in struct {
		Columns homeward.Mapping `json:"columns"`
	}
	d := json.NewDecoder(io.LimitReader(r, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil || len(in.Columns) == 0 {
		return nil, refuse("mapping", `the mapping is not {"columns":{"heading":"path"}}`, nil)
	}
	for h, p := range in.Columns {
		if !isPath(p) && !strings.HasPrefix(string(p), "text:") {
			return nil, refuse("path", fmt.Sprintf("the mapping names the path %q, which does not exist; homeward import --help lists them", p), map[string]any{"Path": string(p)})
		}
		if strings.TrimSpace(h) == "" {
			return nil, refuse("mapping", "the mapping has an empty heading", nil)
		}
	}
	return in.Columns, nil
}
