//! The made-up clients of the seed: names, companies, numbers, custom values. None of them exists;
//! mail addresses are in `.example` domains, numbers mostly in ranges kept for fiction (`555-01xx`).

/// One made-up client: an e-mail profile, a phone profile, or both (linked).
pub(super) struct Person {
    pub name: &'static str,
    pub email: &'static str,
    /// In the spelling somebody once typed it.
    pub phones: &'static [&'static str],
    pub company: &'static str,
    pub position: &'static str,
    pub note: &'static str,
    /// Option key of «Тариф»; empty = none.
    pub tariff: &'static str,
    pub contract: &'static str,
    pub until: &'static str,
    pub vip: bool,
    pub address: &'static str,
}

const fn person(
    name: &'static str,
    email: &'static str,
    phones: &'static [&'static str],
    company: &'static str,
    position: &'static str,
) -> Person {
    Person {
        name,
        email,
        phones,
        company,
        position,
        note: "",
        tariff: "",
        contract: "",
        until: "",
        vip: false,
        address: "",
    }
}

/// A blocked client: calls, but may not write.
pub(super) const BLOCKED: &str = "Ломакин Эдуард";
/// A client deleted softly.
pub(super) const DELETED: &str = "Удалова Марина";

/// The clients. The first one is the caller of most examples: +79161234567.
pub(super) const PEOPLE: &[Person] = &[
    Person {
        note: "Предпочитает звонок письму. Просит называть по имени и отчеству.",
        tariff: "3",
        contract: "Д-2024/117",
        until: "2027-03-31",
        vip: true,
        address: "127006, Москва, ул. Примерная, д. 7, офис 12",
        ..person(
            "Иванов Иван Сергеевич",
            "ivanov@romashka.example",
            &["+79161234567"],
            "ООО «Ромашка»",
            "Директор",
        )
    },
    Person {
        note: "Перезванивать после 14:00 (МСК+2).",
        tariff: "2",
        contract: "Д-2025/031",
        ..person(
            "Константинопольская-Преображенская Александра Владиславовна",
            "a.konstantinopolskaya-preobrazhenskaya@dlinnoe-nazvanie.example",
            &["8 (921) 555-01-34"],
            "Федеральное государственное бюджетное учреждение «Институт длинных названий»",
            "Заместитель начальника отдела сопровождения договоров",
        )
    },
    Person {
        tariff: "4",
        contract: "К-0009",
        until: "2026-12-31",
        vip: true,
        ..person(
            "Петрова-Водкина Ольга",
            "petrova@severveter.example",
            &["+78125550177"],
            "АО «Северный ветер»",
            "Бухгалтер",
        )
    },
    // Shares the office number with the one before; it is stored in another spelling.
    person("Сидоренко Павел", "", &["8 812 555-01-77"], "АО «Северный ветер»", "Логист"),
    Person {
        tariff: "1",
        ..person("Ким Виктория", "kim@vostok.example", &["+7 423 555-01-02"], "ИП Ким В. А.", "")
    },
    Person {
        note: "Старый номер: 8-495-555-01-10, новый у секретаря.",
        ..person(
            "Абдуллаев Рустам Маратович",
            "abdullaev@kazan-stroy.example",
            &["+78435550119"],
            "КазаньСтрой",
            "Прораб",
        )
    },
    person("Щукина Евгения", "shchukina@mail.example", &["+79035550143"], "", ""),
    Person {
        tariff: "2",
        contract: "Д-2023/440",
        until: "2026-11-30",
        ..person(
            "Ёлкин Пётр",
            "elkin@les.example",
            &["7 (912) 555-01-61"],
            "ООО «Лес и Ко»",
            "Главный инженер",
        )
    },
    person("Мухаметзянова Гульнара Ильдаровна", "", &["+79275550128"], "", ""),
    Person {
        note: "Отключена рассылка. Не присылать SMS.",
        ..person(
            "Орлов Дмитрий",
            "orlov@fabrika.example",
            &["+79265550155"],
            "Фабрика мебели",
            "Закупки",
        )
    },
    Person {
        tariff: "3",
        contract: "Д-2025/208",
        until: "2028-01-15",
        address: "620014, Екатеринбург, ул. Образцовая, 3",
        ..person(
            "Гончарук Наталья Петровна",
            "goncharuk@ural-opt.example",
            &["+73435550190"],
            "Урал-Опт",
            "Администратор",
        )
    },
    person(
        "Салтыков-Щедрин Михаил",
        "saltykov@zhurnal.example",
        &[],
        "Журнал «Слово»",
        "Редактор",
    ),
    person("Цой Андрей", "", &["+79895550116"], "", ""),
    Person {
        note: "Говорит быстро, просит дублировать ответ на почту.",
        tariff: "2",
        ..person(
            "Белова Инна",
            "belova@apteka.example",
            &["8(495)555-01-23"],
            "Аптека на углу",
            "Заведующая",
        )
    },
    person(
        "Никифоров Артём Юрьевич",
        "nikiforov@tk-mayak.example",
        &["+7 999 555 01 47"],
        "ТК «Маяк»",
        "Диспетчер",
    ),
    person(BLOCKED, "lomakin@spam.example", &["+79585550113"], "", ""),
    person(DELETED, "udalova@gone.example", &["+79095550114"], "", ""),
    Person {
        tariff: "4",
        contract: "К-0012",
        vip: true,
        ..person(
            "Рябинина Людмила Аркадьевна",
            "ryabinina@zavod.example",
            &["+74855550171"],
            "Завод «Прогресс»",
            "Директор по качеству",
        )
    },
    person("Жуков Олег", "zhukov@dom.example", &["+79605550159"], "", ""),
    person(
        "Фёдорова Светлана",
        "fedorova@shkola.example",
        &["8-916-555-01-72"],
        "Школа № 5",
        "Секретарь",
    ),
    Person {
        note: "Звонит из Казахстана.",
        ..person(
            "Ахметов Данияр",
            "akhmetov@almaty.example",
            &["+77015550188"],
            "ТОО «Алатау»",
            "Менеджер",
        )
    },
    person(
        "Schmidt Johannes",
        "schmidt@muster.example",
        &["+4930555010"],
        "Muster GmbH",
        "Einkauf",
    ),
    person(
        "Крылова Вероника",
        "krylova@teatr.example",
        &["+79855550126"],
        "Театр у пруда",
        "Касса",
    ),
    Person {
        tariff: "1",
        contract: "Д-2022/009",
        until: "2025-06-01",
        note: "Договор истёк, продление обсуждается.",
        ..person(
            "Воробьёв Кирилл",
            "vorobyov@veloprokat.example",
            &["+79515550131"],
            "Велопрокат",
            "Владелец",
        )
    },
    person("Зайцева Анна", "zaytseva@cvety.example", &["+79775550149"], "Цветы", ""),
    person(
        "Зайцева Анна Михайловна",
        "zaytseva.am@klinika.example",
        &["+79775550150"],
        "Клиника «Здоровье»",
        "Регистратура",
    ),
    person("Мельниченко Тарас", "", &["9265550166"], "", ""),
    person(
        "Капустин Геннадий",
        "kapustin@agro.example",
        &["+74725550108"],
        "Агро-Юг",
        "Механик",
    ),
    Person {
        tariff: "3",
        ..person(
            "Лебедев Игорь",
            "lebedev@port.example",
            &["+78625550136"],
            "Порт",
            "Начальник смены",
        )
    },
    person("Соловьёва Майя", "solovyova@hor.example", &["+79315550142"], "Хор ветеранов", ""),
    person(
        "Тихонов Аркадий Павлович",
        "tikhonov@muzey.example",
        &[],
        "Музей связи",
        "Хранитель",
    ),
    person(
        "Чернышёва Дарья",
        "chernysheva@it.example",
        &["+79255550163"],
        "АйТи Сервис",
        "Техподдержка",
    ),
    person("Блинов Сергей", "", &["88005550199"], "", ""),
    person(
        "Кузнецов Никита",
        "kuznetsov@sklad.example",
        &["+79165550184"],
        "Склад № 1",
        "Кладовщик",
    ),
    person(
        "Якушева Полина",
        "yakusheva@gostinica.example",
        &["+78175550127"],
        "Гостиница «Центральная»",
        "Портье",
    ),
    person(
        "Романенко Богдан",
        "romanenko@gruz.example",
        &["+79385550118"],
        "ГрузЭкспресс",
        "Водитель",
    ),
    Person {
        note: "Любит, когда перезванивают в тот же день.",
        ..person(
            "Эйхенбаум Лев",
            "eikhenbaum@izdat.example",
            &["+79115550175"],
            "Издательство",
            "Корректор",
        )
    },
    person(
        "Хабибуллина Алсу",
        "khabibullina@bank.example",
        &["+78435550137"],
        "Банк «Пример»",
        "Операционист",
    ),
    person(
        "Данилов Ярослав",
        "danilov@radio.example",
        &["+79645550121"],
        "Радио «Волна»",
        "Звукорежиссёр",
    ),
    person(
        "Гусева Тамара Николаевна",
        "guseva@tszh.example",
        &["+74995550132"],
        "ТСЖ «Уют»",
        "Председатель",
    ),
];

/// Companies with more to them than a name.
pub(super) const COMPANIES: &[(&str, &str, &str)] = &[
    ("ООО «Ромашка»", "romashka.example", "Москва, ул. Примерная, д. 7"),
    ("АО «Северный ветер»", "severveter.example", "Санкт-Петербург, Образцовый пр., 1"),
    ("КазаньСтрой", "kazan-stroy.example", "Казань"),
    ("Урал-Опт", "ural-opt.example", "Екатеринбург, ул. Образцовая, 3"),
    ("Завод «Прогресс»", "zavod.example", "Ярославль"),
];

/// Subjects and first lines of earlier cases.
pub(super) const TOPICS: &[(&str, &str)] = &[
    (
        "Не приходит счёт за октябрь",
        "Добрый день! Счёт за прошлый месяц так и не пришёл, проверьте, пожалуйста.",
    ),
    ("Как сменить тариф?", "Хотим перейти на тариф выше со следующего месяца."),
    ("Ошибка при входе в личный кабинет", "Пишет «неверный пароль», хотя пароль новый."),
    ("Вопрос по договору", "Когда заканчивается договор и как его продлить?"),
    ("Доставка задерживается", "Обещали вчера, машины всё нет."),
    ("Нужна копия акта", "Пришлите, пожалуйста, скан акта с печатью."),
    ("Спасибо за помощь!", "Всё заработало, вопрос можно закрыть."),
    ("Не работает интеграция", "С утра не выгружаются заказы."),
    ("Изменились реквизиты", "Высылаю новую карточку предприятия."),
    ("Жалоба на качество связи", "Плохо слышно, связь прерывается."),
];
