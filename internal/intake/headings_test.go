package intake_test

import (
	"strings"
	"testing"

	"github.com/homeward-registry/homeward"
	"github.com/homeward-registry/homeward/internal/intake"
)

// TestColumnsOfCensusListsAreRecognised names the columns of lists that linkage is tried on everywhere.
func TestColumnsOfCensusListsAreRecognised(t *testing.T) {
	for heading, want := range map[string]homeward.Path{
		"rec_id": homeward.PathRowID, "unique_id": homeward.PathRowID,
		"given_name": homeward.PathNameGiven, "first_name": homeward.PathNameGiven, "Forename": homeward.PathNameGiven,
		"surname": homeward.PathNameFamily, "last_name": homeward.PathNameFamily, "middle_name": homeward.PathNamePatronymic,
		"full_name": homeward.PathNameFull, "date_of_birth": homeward.PathBirthDate, "dob": homeward.PathBirthDate,
		"birth_place": homeward.PathBirthPlace, "gender": homeward.PathSex, "soc_sec_id": homeward.PathDocument, "phone": homeward.PathPhone,
		"suburb": homeward.PathHome, "address_1": homeward.PathHome, "address_2": homeward.PathHome, "postcode": homeward.PathHome, "postcode_fake": homeward.PathHome,
		"state": homeward.TextPath("state"), "occupation": homeward.TextPath("occupation"), "street_number": homeward.TextPath("street_number"),
	} {
		if got := intake.Recognise([]string{heading})[heading]; got != want {
			t.Errorf("%s: %s, want %s", heading, got, want)
		}
	}
}

// TestHeadingsThatSpeakOfTheChildAreRecognised names columns as people head them, with the child and with brackets.
func TestHeadingsThatSpeakOfTheChildAreRecognised(t *testing.T) {
	for heading, want := range map[string]homeward.Path{
		"ПІБ дитини": homeward.PathNameFull, "П.І.Б. дитини": homeward.PathNameFull, "ФІО ребенка": homeward.PathNameFull, "ФИО ребёнка": homeward.PathNameFull, "Прізвище та ім’я": homeward.PathNameFull,
		"Прізвище дитини": homeward.PathNameFamily, "Фамилия ребёнка": homeward.PathNameFamily, "Child's first name": homeward.PathNameGiven,
		"Дата народження дитини": homeward.PathBirthDate, "Дата народження (дд.мм.рррр)": homeward.PathBirthDate, "Date of birth of the child": homeward.PathBirthDate, "Год рождения [если известен]": homeward.PathBirthDate,
		"Стать (ч/ж)": homeward.PathSex, "Пол ребёнка (м/ж)": homeward.PathSex, "Вік дитини": homeward.PathAge, "Телефон родичів": homeward.PathPhone,
		"Дитина": homeward.PathNameFull, "Child": homeward.PathNameFull, "Name of child": homeward.PathNameFull,
		"Стан дитини": homeward.TextPath("Стан дитини"), "(…)": homeward.TextPath("(…)"),
	} {
		if got := intake.Recognise([]string{heading})[heading]; got != want {
			t.Errorf("%s: %s, want %s", heading, got, want)
		}
	}
}

func TestLinesGivesEveryRowWhereItStood(t *testing.T) {
	var numbers []int
	var cells []string
	err := intake.Lines(strings.NewReader("name;dob\nAnna;2015\n\n;\nBohdan;2016\n"), func(l intake.Line) error {
		numbers = append(numbers, l.Number)
		for i, text := range l.Texts {
			cells = append(cells, l.Headings[i]+"="+text)
		}
		return nil
	})
	if err != nil || len(numbers) != 2 || numbers[0] != 2 || numbers[1] != 5 || strings.Join(cells, " ") != "name=Anna dob=2015 name=Bohdan dob=2016" {
		t.Errorf("%v %v %v", numbers, cells, err)
	}
	for _, broken := range []string{"", "name;dob\n", "%PDF-1.4"} {
		if err := intake.Lines(strings.NewReader(broken), func(intake.Line) error { return nil }); err == nil {
			t.Errorf("%q is taken for a list", broken)
		}
	}
}
