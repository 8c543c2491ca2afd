package review

import "github.com/homeward-registry/homeward"

// The words a search is read by, in Ukrainian, Russian and English, in the forms they take.
var (
	aboutWords = sorted(`about around approximately approx circa ca c близько біля приблизно орієнтовно бл около примерно ок
		aged age віком возрастом лет років ~ ≈`)
	ageUnits = sorted(`рік року роки років год года лет year years yr yrs old yo of age`)
	sexWords = map[homeward.Sex][]string{
		homeward.SexMale:   sorted(`хлопчика хлопця хлопчиком мальчика мальчиком син сина сын сына son boys`),
		homeward.SexFemale: sorted(`дівчинку дівчину дівчинки дівчинкою девочку девушку девочки девочкой дочка доньку донька дочь daughter girls`),
	}
	siblingWords = sorted(`sister sisters brother brothers sibling siblings сестра сестри сестру сестрою сестрами сестричка сестричкою
		брат брата братом брати братами братик братиком сестры сестрой сестре сёстры сёстрами братья братьями братишкой сестрёнкой`)
	whenceWords = sorted(`from near in at з із зі у в під из с со во под города міста`)
	placeKinds  = sorted(`the м г с смт місто місті міста город города городе село села селе селище city town village of`)
	fillers     = sorted(`a an and the with his her their who was were is taken deported abducted kidnapped removed moved born child kid
		old named called together missing years year
		та і й разом вивезли вивезений вивезена вивезено забрали забраний забрана викрали викрадений викрадена викрадено дитина дитину
		його її народився народилася імені імя ім'я зник зникла
		и вместе вывезли вывезен вывезена вывезено забрали похитили похищен похищена похищено ребёнок ребенок ребёнка ребенка его её ее
		родился родилась имени пропал пропала зовут`)
)
