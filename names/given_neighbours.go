package names

// neighbourTable holds given names of the neighbours and peoples who live in Ukraine, in the form of [givenTable]: Crimean
// Tatar and Azerbaijani, Armenian, Georgian, Jewish, Polish, Hungarian, Romanian and Western. A line that begins with + adds
// short forms to a name of the tables. Written by us.
const neighbourTable = `
m Абдулла Абдула Abdulla Abdullah Абдуллах |
m Абдулазіз Абдулазиз Abdulaziz |
m Азіз Азиз Aziz |
m Алі Али Ali |
m Алім Алим Alim |
m Асан Хасан Гасан Hasan Hassan Asan |
m Бекір Бекир Bekir |
m Велі Вели Veli |
m Дилявер Ділявер Dilaver |
m Ебазер Эбазер Ebazer |
m Едем Эдем Edem |
m Ельдар Эльдар Eldar Eldaras | Ельдарчик
m Ельзар Эльзар Elzar |
m Енвер Энвер Enver Anvar Анвар |
m Ернес Эрнес Ernes |
m Ескендер Эскендер Искандер Іскандер Eskender Iskander |
m Зекір'я Зекирья Zekirya |
m Ібрагім Ибрагим Ибраим Ібраїм Ibrahim Ibraim Ebrahim |
m Ільяс Ильяс Ilyas Illias | Ільясик
m Ісмаїл Исмаил Исмаїл Ismail Ізмаїл Измаил |
m Іззет Иззет Izzet |
m Казім Казим Kazim Kazym |
m Камал Кемаль Kemal Kamal |
m Карім Керім Керим Карим Karim Kerim |
m Ленур Lenur |
m Марлен Marlen |
m Мемет Mehmet Мехмет Мехмед Mehmed Memet |
m Мурат Мурад Murat Murad |
m Муса Musa Mousa |
m Наріман Нариман Nariman |
m Насрулла Nasrulla |
m Осман Усман Osman Usman Othman |
m Рамазан Ramazan Ramadan |
m Ремзі Ремзи Remzi Ramzi Рамзі |
m Рефат Рифат Ріфат Refat Rifat |
m Решат Рішат Решад Reshat Rishat |
m Саїд Саид Сеїт Сейт Said Seit |
m Сейдамет Seidamet Сеїдамет |
m Сервер Server |
m Сулейман Suleiman Suleyman Soliman |
m Таїр Таир Tahir Tair |
m Умер Омер Умар Омар Umer Omer Umar Omar |
m Февзі Февзи Fevzi |
m Халіл Халил Khalil Halil |
m Шевкет Шовкет Shevket |
m Юнус Yunus Younus |
m Юсуф Yusuf Yousef Юсуп Yusup |
m Якуб Якуп Yakub |
m Абульфаз Абульфас Abulfaz |
m Агіль Агиль Agil Aqil |
m Азер Azer |
m Анар Anar |
m Араз Araz |
m Ариф Аріф Arif |
m Асіф Асиф Asif |
m Бахтіяр Бахтияр Bakhtiyar Bahtiyar |
m Вагіф Вагиф Vagif |
m Вугар Vugar Vuqar |
m Вусал Vusal |
m Галіб Галиб Galib |
m Гейдар Хейдар Heydar Geidar |
m Гусейн Хусейн Huseyn Hussein Husein Гусейін |
m Ельчин Эльчин Elchin |
m Ельхан Эльхан Elkhan |
m Ельнур Эльнур Elnur |
m Ельшан Эльшан Elshan |
m Заур Zaur |
m Ільгам Ильхам Ільхам Ilham |
m Кямран Камран Kamran |
m Магеррам Магерам Maharram |
m Махмуд Mahmud Mahmoud |
m Мехман Mehman |
m Мірза Мирза Mirza |
m Мухтар Mukhtar |
m Натіг Натик Natig |
m Рагім Рагим Rahim |
m Расім Расим Rasim |
m Рашад Rashad |
m Рауф Rauf |
m Рафаель Рафаэль Rafael Raphael | Рафа
m Рафік Рафик Rafik Rafiq |
m Ровшан Рушан Rovshan |
m Сабір Сабир Sabir |
m Самед Samed Samad |
m Самір Самир Samir |
m Тарлан Tarlan |
m Тофік Тофик Тофіг Tofig |
m Турал Tural |
m Фарід Фарид Farid |
m Фахрі Фахри Fakhri |
m Фірудін Фирудин Firudin |
m Шаміль Шамиль Shamil |
m Шахін Шахин Shahin |
m Ельмар Эльмар Elmar |
f Айгюль Айгуль Aigul |
f Айнур Aynur |
f Аліє Алие Aliie Алийе |
f Гульнара Gulnara Гюльнара | Гуля
f Гульсум Gulsum Гюльсум |
f Джаміля Джамиля Jamila Dzhamilia |
f Диляра Ділара Dilara Діляра |
f Ельзара Эльзара Elzara |
f Ельміра Эльмира Elmira |
f Ельнара Эльнара Elnara |
f Есма Эсма Esma |
f Зейнеб Зейнаб Zeinab Zeynep |
f Зера Zera |
f Зульфія Зульфия Zulfiya |
f Лейля Лейла Ляйла Leila Leyla Layla |
f Ленара Lenara |
f Лютфіє Лютфие Lutfie |
f Мавіле Мавиле Mavile |
f Мер'єм Мерьем Мар'ям Марьям Maryam Meryem Mariam Маріам Мариам |
f Міневер Миневер Minever |
f Наджіє Наджие Nadzhiie |
f Пакізе Пакизе Pakize |
f Рейхан Рейган Reyhan |
f Сабріє Сабрие Sabrie |
f Севіля Севиля Севіль Севиль Sevil Sevilia |
f Сельвіна Сельвина |
f Сусанна Сюзанна Сузанна Susanna Suzanne Susan Suzanna |
f Фериде Феріде Фарида Фаріда Feride Farida |
f Хатідже Хатидже Хадіджа Хадиджа Hatice Khadija |
f Ширін Ширин Shirin |
f Еміне Эмине Амина Аміна Emine Amina |
f Ельвіна Эльвина Elvina |
f Айсель Aysel |
f Гюнай Gunay |
f Лала Lala |
f Нармін Нармин Narmin |
f Нігяр Нигяр Nigar |
f Севда Sevda |
f Ульвія Ульвия Ulviya |
m Айк Гайк Hayk Haik |
m Акоп Гакоб Акопик Hakob Akop Hagop |
m Армен Armen | Арменчик
m Арташес Artashes |
m Арутюн Harutyun Arutyun Арутін |
m Ашот Ashot |
m Баграт Bagrat |
m Вазген Vazgen |
m Ваган Ваагн Vahan Vagan |
m Ваге Vahe |
m Вардан Vardan |
m Варужан Varuzhan |
m Вачик Vachik |
m Гагік Гагик Gagik |
m Гарегін Гарегин Garegin |
m Геворг Геворк Кеворк Gevorg Kevork |
m Грант Hrant Grant |
m Грач Рачія Hrach Рачик |
m Карапет Karapet Garabed |
m Карен Karen Карэн |
m Мгер Mher |
m Мкртич Мкртыч Mkrtich |
m Мушег Mushegh |
m Нарек Narek |
m Норайр Norayr |
m Оганес Ованес Hovhannes Oganes | Оган
m Рубен Ruben Reuben Рувим Рувім |
m Самвел Samvel |
m Саркіс Саркис Sarkis Sargis |
m Севак Sevak |
m Сурен Suren |
m Хачатур Хачик Khachatur |
m Ерванд Эрванд Ервант Yervand |
m Ваграм Vahram |
f Ануш Анушик Anush |
f Анаїт Анаит Anahit |
f Армине Арміне Armine |
f Асмік Асмик Hasmik |
f Астхік Астхик Astghik |
f Гаяне Gayane |
f Гоар Gohar |
f Лусіне Лусине Lusine |
f Наїра Наира Naira |
f Нарине Наріне Narine |
f Рузанна Ruzanna |
f Сіранус Сирануш Siranush |
f Шушанік Шушаник Shushanik |
f Ріпсіме Рипсиме Hripsime |
m Автанділ Автандил Avtandil | Авто
m Бадрі Бадри Badri |
m Бесік Бесик Бесаріон Бессарион Besik Besarion |
m Важа Vazha |
m Вахтанг Vakhtang | Вахо
m Гела Gela |
m Гіві Гиви Givi |
m Гурам Guram |
m Джаба Jaba |
m Джемал Джамал Jamal Dzhemal |
m Заза Zaza |
m Звіад Звиад Zviad |
m Зураб Zurab | Зура
m Іраклій Ираклий Irakli Іраклі Heraclius |
m Каха Кахабер Kakha Kakhaber |
m Коба Koba |
m Лаша Lasha |
m Мамука Mamuka |
m Мераб Merab |
m Міхеїл Михеил Mikheil | Міхо
m Нодар Nodar |
m Нугзар Nugzar |
m Отар Otar |
m Реваз Ревазі Revaz | Резо
m Сандро Sandro |
m Тамаз Tamaz |
m Теймураз Теймур Teimuraz | Темо
m Тенгіз Тенгиз Tengiz |
m Шалва Shalva |
m Шота Shota |
m Елгуджа Элгуджа Elguja |
f Ека Eka Эка | Екатеринка
f Етері Этери Eteri |
f Кетеван Ketevan | Кето Кеті
f Ламара Lamara |
f Лалі Лали Lali |
f Манана Manana |
f Медея Medea |
f Мзія Мзия Mzia |
f Натела Натэла Natela |
f Нана Nana |
f Ніно Нино Nino |
f Русудан Rusudan | Русико
f Тінатін Тинатин Tinatin | Тіна Тіко
f Хатуна Khatuna |
f Цисана Tsisana |
f Циала Tsiala |
m Абрам Абрагам Авраам Авраам Abraham Avraham Abram Ібрагам | Абраша
m Арон Аарон Aron Aaron |
m Барух Борух Baruch Borukh |
m Гершель Гершон Герш Gershon Hershel |
m Залман Zalman |
m Зелик Зелік Zelik |
m Ізраїль Израиль Israel Izrail Сруль |
m Ісак Исаак Ісаак Айзик Isaac Isaak Іцхак Ицхак Yitzhak | Ізя
m Лазар Лазарь Елеазар Lazar Eliezer Елієзер |
m Лейба Лейб Leib |
m Мендель Мендл Mendel |
m Меїр Меер Меир Meir Meyer |
m Мойсей Моисей Моше Мошко Moses Moishe Moshe Мойше |
m Мордехай Мордко Mordechai Mordko | Мотл
m Наум Нахум Naum Nahum Nochum |
m Ноах Ной Noah |
m Пінхас Пинхас Pinchas |
m Рахміль Рахмиль |
m Соломон Шломо Salomon Solomon Shlomo |
m Хаїм Хаим Chaim Haim Khaim |
m Шимон Шимен Shimon Szymon |
m Шмуль Шмуель Shmuel Шмуэль |
m Янкель Yankel |
m Єфрем Ефрем Эфраим Єфраїм Ephraim Efrem |
m Овсій Евсей Овсей Йовсій Yevsei |
f Броня Броніслава Бронислава Bronislava Bronislawa | Броня
f Голда Golda |
f Двойра Дебора Deborah Двора Dvora |
f Естер Эстер Есфір Эсфирь Esther Ester | Фіра
f Лія Лия Лея Leah Lia |
f Мірʼям Мириам Міріам Miriam |
f Песя Pesia |
f Рахіль Рахиль Рейчел Rachel Rakhil | Рая Рахіля
f Ревека Ребекка Rebecca Rivka Рівка Ривка | Рива
f Роза Рейза Rosa Rose Рузя | Розочка
f Сара Сарра Sarah Sara Sora |
f Фаїна Фаина Фейга Faina | Фаня
f Фріда Фрида Frieda Frida |
f Хая Chaya Khaia |
f Циля Ціля Цецилія Цецилия Cecilia Tsilia |
f Юдіф Юдифь Юдіт Judith Yudif |
m Адам Adam | Адамко
m Анджей Andrzej |
m Болеслав Boleslaw Boleslav Балеслаў | Болек
m Броніслав Бронислав Bronislaw Bronislav | Бронек
m Вацлав Waclaw Vaclav Vatslav |
m Веслав Wieslaw |
m Войцех Wojciech Vojtech |
m Генрик Генрих Henryk Heinrich Henry Генріх Henri |
m Гжегож Grzegorz |
m Даріуш Дариуш Dariusz Darius |
m Єжи Ежи Jerzy |
m Збігнев Збигнев Zbigniew |
m Здзіслав Здислав Zdzislaw |
m Казимир Казімір Kazimierz Casimir Казімеж | Казик
m Кшиштоф Кристоф Крістоф Krzysztof Christopher Christoph Христофор |
m Лешек Leszek |
m Людвік Людвиг Людвіг Ludwik Ludwig Louis Луї |
m Марек Marek |
m Мацей Maciej |
m Мечислав Mieczyslaw |
m Пшемислав Przemyslaw |
m Рафал Rafal |
m Ришард Річард Ричард Ryszard Richard | Рік Дік Rick Dick
m Тадеуш Tadeusz | Тадик
m Франц Франтішек Францишек Францішек Franciszek Franz Francis Francois | Франек
m Яцек Jacek |
m Ярек Jarek |
m Ласло Laszlo László |
m Шандор Sandor Sándor |
m Іштван Иштван Istvan István |
m Йожеф József |
m Ференц Ferenc |
m Золтан Zoltan Zoltán |
m Тібор Тибор Tibor |
m Атілла Аттила Атила Attila |
m Бела Bela Béla |
m Янош Janos János |
m Міклош Миклош Miklos Miklós |
m Іон Ион Ion Йон |
m Думітру Думитру Dumitru |
m Мірча Мирча Mircea |
m Раду Radu |
m Траян Traian |
f Агнешка Агнеса Агнесса Agnieszka Agnes |
f Аделя Аделаїда Аделаида Adela Adelaide Adele Адель |
f Беата Beata |
f Божена Bozena | Бозя
f Ванда Wanda Vanda |
f Гражина Grazyna |
f Данута Danuta |
f Ельжбета Эльжбета Elzbieta |
f Ірена Ирена Irena |
f Казимира Казіміра Kazimiera |
f Леокадія Леокадия Leokadia |
f Мальгожата Malgorzata |
f Моніка Моника Monika Monica |
f Францишка Францішка Franciszka |
f Юзефа Jozefa |
f Ядвіга Ядвига Jadwiga Hedwig |
f Йолана Jolana Йоланта Jolanta |
f Ілона Илона Ilona |
f Ержебет Erzsebet Erzsébet |
f Іляна Иляна Ileana |
f Флоріка Флорика Florica |
m Роберт Robert | Боб Боббі Роб Bob Bobby Rob Robbie
m Вільям Уильям Вільгельм Вильгельм William Wilhelm Guillaume | Вілл Білл Bill Billy Will Willy Liam
m Джеймс James | Джим Джиммі Jim Jimmy Jamie
m Чарльз Карл Charles Karl Carl Карло | Чарлі Charlie Chuck
m Оскар Oscar Oskar |
m Дональд Donald | Дон Don Donnie
m Рональд Рональдо Ronald | Рон Ron Ronnie
m Кеннет Kenneth | Кен Ken Kenny
m Стівен Steven Steve Стивен |
m Патрік Патрик Patrick | Пет Пат Pat Paddy
m Еммануїл Эммануил Мануїл Мануил Emmanuel Manuel |
m Гері Гарри Гаррі Harry Harold | Hal
m Ерік Эрик Eric Erik |
m Марсель Marcel |
m Себастьян Sebastian Себастіан |
m Фелікс Феликс Felix |
m Мартін Мартин Martin |
f Джулія Джулия Giulia |
f Ізабелла Изабелла Isabel Isabella Isabelle | Белла Bella
f Шарлотта Charlotte | Lottie
f Клара Clara Klara |
f Луїза Луиза Louise Luisa |
f Матильда Matilda Mathilde |
f Патріція Патриция Patricia | Patty Trish
f Сільвія Сильвия Sylvia Silvia |
f Стелла Stella |
f Мішель Michelle Michele |
f Джессіка Jessica | Jess
f Дженніфер Jennifer | Jen Jenny
+ Георгій | Гіоргі Гиорги Giorgi Гія Гога Гоча Геворг Єжи Дьордь George
+ Іван | Оганес Ованес Янош Йоган Johann Johannes Jan Jean Juan Giovanni Вано
+ Микола | Міклош Нікос Miklos Nicu
+ Михайло | Міхеїл Мікаел Микаэль Mikheil Mikael Miguel
+ Олександр | Сандро Шандор Sandor Alejandro Alexandros
+ Йосип | Йожеф Jozef Юзеф Юсуф Giuseppe
+ Юрій | Єжи Jerzy Jorge
+ Андрій | Анджей Andrzej Andras Andreas
+ Матвій | Мацей Matthias Mateusz
+ Марко | Марек Marcus
+ Павло | Pablo Pawel Pavol
+ Франц | Ференц Ferenc Francisco
+ Лев | Левон Леван
+ Давид | Давіт
+ Яків | Якуб Янкель Akop Акоп
+ Семен | Шимон Simeon
+ Авраам | Ібрагім
+ Єлизавета | Ельжбета Ержебет Isabel
+ Маргарита | Мальгожата
+ Ірина | Ірена
+ Катерина | Кетеван Ека Catalina
+ Ніна | Ніно
+ Софія | Sofi
+ Марія | Маріам Міріам Мер'єм Марієтта
+ Ганна | Аннушка Anush
+ Веніамін | Ben Benny Bibi Бен Бенні
+ Федір | Ted Teddy Тед Теодорко
+ Едуард | Ed Eddie Ned Едді
+ Олександр | Олексаша Шурко Alec Sandy Алекс Сандр Олелько Олександрик
+ Михайло | Mike Mick Майк Михайлонько Мисько
+ Даниил | Dan Danny
+ Давид | Dave Davy
+ Андрій | Andy Drew Енді
+ Антон | Tony Тоні
+ Матвій | Matt Matty
+ Микола | Nick Nico Колюня Миколик Микольцьо Нік
+ Петро | Pete Петрунько Петрусик
+ Степан | Steve Stevie
+ Хома | Tom Tommy Том Томаш Томек
+ Іван | Johnny Jack Ivo Івасик Іванцьо Ясь
+ Йосип | Joe Joey Йося Йоська
+ Самуїл | Sam Sammy
+ Максим | Максимчик Макс
+ Григорій | Greg Гринько Грицунь
+ Віктор | Vic Вікторко
+ Роман | Романко Ромцьо Романчик
+ Юрій | Юраш Юрась Юрчик Юрасик Юрцьо
+ Василь | Васильцьо Василечко Васюта
+ Богдан | Бодик Богданик Дан
+ Назар | Назарик Назарчик
+ Остап | Остапик
+ Тарас | Тарасько Тарасонько
+ Ігор | Ігорьчик Ігорцьо Гоги
+ Олег | Олегчик Олежик Олько
+ Дмитро | Дмитрусь Дмитрунь Дмитрик Димон
+ Артем | Артемчик Артемон Тьомка
+ Ілля | Іллюшко Ілько Ілюшечка
+ Кирило | Кирик Кирилець
+ Владислав | Владько Владуся
+ Станіслав | Стасько Стасунь
+ Марко | Марчик Маркіян
+ Катерина | Kathy Katie Cathy Кася Катречка Катруня Катерунька
+ Єлизавета | Liz Beth Betty Eliza Lizzie Єлька Ліля Лізка Веточка
+ Маргарита | Maggie Peggy Meg Марго Ритуся
+ Олена | Helen Nell Олюнька Ленуся Ленка Оленця
+ Ганна | Annie Nancy Ануся Ганька Аннуся Анничка Анька
+ Анастасія | Stacy Стаска Настуська Насточка Настюша
+ Софія | Зося Софочка Сонька Софуня
+ Марія | Марусенька Марієчка Марушка Манечка Маруня Марійця Molly Маша Машка
+ Олександра | Sandra Sandy Alexa Сандра Олеся Лєся Олександрочка Шурочка
+ Вікторія | Vicky Vika Вікторка Тора
+ Наталія | Наталочка Наталка Натуся Наталунька Nata
+ Оксана | Оксаночка Ксеня Ксаня Оксанця Оксануня Оксанонька
+ Тетяна | Тетянонька Танька Тетяночка Танюха Tania
+ Юлія | Юльця Юленька Юлька Юляся Julie
+ Дарія | Дарця Дарочка Даринонька Дашка Дашенька
+ Христина | Chris Tina Христинонька Хрися
+ Ірина | Іруся Іринонька Іруня Ірка Іринця
+ Світлана | Світланонька Світлуся Світланочка Свєтка Lana
+ Галина | Галинонька Галюня Галонька Галька Гануся
+ Людмила | Людочка Люська Милочка Людка
+ Надія | Надійця Надєнька Надька Надієчка
+ Любов | Любця Любонька Любка Любася
+ Соломія | Солюся Соломка Солонька
+ Уляна | Уляночка Улюся Ульянка
+ Поліна | Полінонька Полька Полюша
+ Варвара | Варочка Варуся Варюша Варенька
`
