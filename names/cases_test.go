package names_test

import (
	"testing"

	"github.com/homeward-registry/homeward/names"
)

// TestNamesInOtherCasesMeetTheirNominative writes names as sentences ask for them.
func TestNamesInOtherCasesMeetTheirNominative(t *testing.T) {
	for i, c := range []struct{ cased, nominative string }{
		{"Коваленка Івана Петровича", "Коваленко Іван Петрович"}, {"Коваленка Івана", "Иван Коваленко"}, {"Шевченка Олександра", "Шевченко Олександр"},
		{"Ковальського Андрія", "Ковальський Андрій"}, {"Ковальської Марії Іванівни", "Ковальська Марія Іванівна"}, {"Петренко Ольги", "Петренко Ольга"},
		{"Иванова Сергея Ивановича", "Иванов Сергей Иванович"}, {"Іванової Наталії", "Иванова Наталья"}, {"Ткачука Миколи", "Mykola Tkachuk"},
		{"Бондаря Василя", "Бондар Василь"}, {"Мороза Петра", "Мороз Петро"}, {"Ковальчуком Іваном", "Ковальчук Іван"}, {"Кравцем Олегом", "Кравець Олег"},
		{"Іваненку Дмитрові", "Іваненко Дмитро"}, {"Лисенко Тетяною Петрівною", "Лисенко Тетяна Петрівна"}, {"Кравця Юрія Ілліча", "Кравець Юрій Ілліч"},
	} {
		if j := names.Judge(c.cased, c.nominative); !j.Same {
			t.Errorf("case %d: level %s, %.3f", i, j.Level, j.Probability)
		}
	}
	for i, c := range [][2]string{
		{"Олександра Коваль", "Олександр Коваль"}, {"Владислава Мельник", "Владислав Мельник"},
		{"Коваль Петра", "Коваль Павло"}, {"Олени Коваленко", "Олег Коваленко"},
	} {
		if names.Judge(c[0], c[1]).Same {
			t.Errorf("other pair %d is called the same", i)
		}
	}
	if sex := names.SexOf(names.Parse("Шевченка Олександра")); sex != names.Male {
		t.Errorf("%q", sex)
	}
}

// TestSlipsOfHandAndScannerAreMended holds digits read for letters and the other layout of the keyboard.
func TestSlipsOfHandAndScannerAreMended(t *testing.T) {
	for i, c := range []struct{ spoilt, want string }{
		{"Ig0r Sh8chenko", "Igor Shbchenko"}, {"Ко3ак Петр0вич", "Козак Петрович"}, {"Itdxtyrj Ybrjkfq", "Шевченко Николай"}, {"Ybrjkfq Itdxtyrj", "Николай Шевченко"},
		{"Rjdfktyrj Jktyf", "Коваленко Олена"}, {"Шмфт Зуекутлщ", "Ivan Petrenko"}, {"Rjdfkmxer, Ctvty", "Ковальчук Семен"},
		{"Шевченко Іван", "Шевченко Іван"}, {"Shcherbak Mykyta", "Shcherbak Mykyta"}, {"Krzysztof Brzęk", "Krzysztof Brzęk"}, {"школа 5", "школа"},
		{"Іван2", "Іван"}, {"Hryts Smyk", "Hryts Smyk"}, {"Strc prst skrz krk", "Strc prst skrz krk"},
	} {
		if have := names.Parse(c.spoilt).String(); have != c.want {
			t.Errorf("case %d: another text", i)
		}
	}
}

// TestAlphabetsOfNeighboursAreFolded holds Georgian, Armenian and Greek against Cyrillic and Latin.
func TestAlphabetsOfNeighboursAreFolded(t *testing.T) {
	for i, c := range [][2]string{
		{"გიორგი ბერიძე", "Георгій Берідзе"}, {"Հակոբ Պետրոսյան", "Акоп Петросян"}, {"Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"},
		{"შოთა რუსთაველი", "Шота Руставелі"}, {"Արամ Խաչատրյան", "Aram Khachatryan"},
	} {
		if j := names.Judge(c[0], c[1]); !j.Same {
			t.Errorf("case %d: level %s, %.3f", i, j.Level, j.Probability)
		}
	}
}
