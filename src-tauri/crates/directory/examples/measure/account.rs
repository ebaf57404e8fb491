//! A made-up account: the same one each time. Nobody in it is anybody.

use directory::{Phone, User};
use fastrand::Rng;
use std::collections::BTreeMap;

const SURNAMES: &[&str] = &[
    "Иванов",
    "Смирнов",
    "Кузнецов",
    "Попов",
    "Васильев",
    "Петров",
    "Соколов",
    "Михайлов",
    "Новиков",
    "Фёдоров",
    "Морозов",
    "Волков",
    "Алексеев",
    "Лебедев",
    "Семёнов",
    "Егоров",
    "Павлов",
    "Козлов",
    "Степанов",
    "Николаев",
    "Орлов",
    "Андреев",
    "Макаров",
    "Никитин",
    "Захаров",
    "Зайцев",
    "Соловьёв",
    "Борисов",
    "Яковлев",
    "Григорьев",
    "Романов",
    "Воробьёв",
    "Сергеев",
    "Кузьмин",
    "Фролов",
    "Александров",
    "Дмитриев",
    "Королёв",
    "Гусев",
    "Киселёв",
    "Ильин",
    "Максимов",
    "Поляков",
    "Сорокин",
    "Виноградов",
    "Ковалёв",
    "Белов",
    "Медведев",
    "Антонов",
    "Тарасов",
    "Жуков",
    "Баранов",
    "Филиппов",
    "Комаров",
    "Давыдов",
    "Беляев",
    "Герасимов",
    "Богданов",
    "Осипов",
    "Сидоров",
    "Матвеев",
    "Титов",
    "Марков",
    "Миронов",
    "Крылов",
    "Куликов",
    "Карпов",
    "Власов",
    "Мельников",
    "Денисов",
    "Гаврилов",
    "Тихонов",
    "Казаков",
    "Афанасьев",
    "Данилов",
    "Савельев",
    "Тимофеев",
    "Фомин",
    "Чернов",
    "Абрамов",
    "Мартынов",
    "Ефимов",
    "Федотов",
    "Щербаков",
    "Назаров",
    "Калинин",
    "Исаев",
    "Чернышёв",
    "Быков",
    "Маслов",
    "Родионов",
    "Коновалов",
    "Лазарев",
    "Воронин",
    "Климов",
    "Филатов",
    "Пономарёв",
    "Голубев",
    "Кудрявцев",
    "Прохоров",
];
const MEN: &[&str] = &[
    "Александр",
    "Сергей",
    "Дмитрий",
    "Андрей",
    "Алексей",
    "Иван",
    "Михаил",
    "Евгений",
    "Владимир",
    "Юрий",
    "Павел",
    "Николай",
    "Пётр",
    "Игорь",
    "Артём",
    "Фёдор",
    "Кирилл",
    "Илья",
    "Роман",
    "Виктор",
];
const WOMEN: &[&str] = &[
    "Елена",
    "Наталья",
    "Мария",
    "Анна",
    "Ольга",
    "Татьяна",
    "Ирина",
    "Екатерина",
    "Юлия",
    "Светлана",
    "Ксения",
    "Дарья",
    "Полина",
    "Людмила",
    "Галина",
    "Вера",
    "Алина",
    "Софья",
    "Яна",
    "Жанна",
];
const LATIN: &[&str] = &[
    "Ivan Ivanov",
    "Sergey Petrov",
    "Natalia Zhukova",
    "Alexey Kuznetsov",
    "Yulia Shcherbakova",
    "John Smith",
    "Maria Garcia",
    "Hans Müller",
    "Olga Sokolova",
    "Dmitry Volkov",
];
const BUSINESS: &[&str] = &[
    "Ромашка",
    "Вектор",
    "Альфа",
    "Стройсервис",
    "Техноград",
    "Меридиан",
    "Логистика",
    "Горизонт",
    "Фармация",
    "Энергия",
    "Северный ветер",
    "Комплект",
    "Перспектива",
    "Восход",
    "Каскад",
    "Прогресс",
    "Гарант",
    "Аквамарин",
    "Монолит",
    "Сфера",
];
const POSITIONS: &[&str] = &[
    "менеджер",
    "директор",
    "бухгалтер",
    "инженер",
    "логист",
    "юрист",
    "администратор",
    "снабженец",
];
const NOTES: &[&str] = &[
    "просил звонить после обеда",
    "постоянный клиент",
    "интересуется оптовой закупкой",
    "договор на продление",
    "жаловался на доставку",
    "говорит только по-английски",
    "перезвонить в понедельник",
    "скидка согласована с руководителем",
];
const HOSTS: &[&str] = &[
    "mail.example",
    "yandex.example",
    "gmail.example",
    "company.example",
    "inbox.example",
];

/// Users one after the other, created over ten years.
pub struct Account {
    rng: Rng,
    next: u64,
    users: u64,
}

const BEGAN: i64 = 1_420_070_400_000;
const TEN_YEARS: i64 = 315_000_000_000;

impl Account {
    pub fn new(users: u64) -> Self {
        Self {
            rng: Rng::with_seed(12),
            next: 0,
            users,
        }
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        // Some are far more usual than others.
        let (one, other) = (self.rng.usize(..of.len()), self.rng.usize(..of.len()));
        of[one.min(other)]
    }

    fn surname(&mut self) -> String {
        let base = self.one(SURNAMES);
        if self.rng.u8(..4) > 0 {
            return base.to_owned();
        }
        // A name that is rare: many people have one.
        let starts = [
            "Бар", "Вол", "Гор", "Дуб", "Жел", "Зим", "Кар", "Лав", "Мор", "Нов", "Ост", "Пан", "Руд", "Сам", "Тур", "Хол", "Чап", "Шум",
        ];
        let middles = ["ан", "ел", "ин", "ох", "уш", "ыш", "ев", "ад", "ор", "юк", "ям", "ем"];
        let (start, middle, other) = (self.one(&starts), self.one(&middles), self.one(&middles));
        format!("{start}{middle}{other}ов")
    }

    fn user(&mut self) -> User {
        let at = self.next;
        self.next += 1;
        let id = 10_000_000 + at * 3;
        let created = BEGAN + TEN_YEARS / i64::try_from(self.users).unwrap_or(1) * i64::try_from(at).unwrap_or(0);
        let woman = self.rng.bool();
        let surname = self.surname();
        let name = match self.rng.u8(..10) {
            0 => self.one(LATIN).to_owned(),
            1 => String::new(),
            _ if woman => format!("{surname}а {}", self.one(WOMEN)),
            _ => format!("{surname} {}", self.one(MEN)),
        };
        let digits = format!("79{:09}", self.rng.u64(..1_000_000_000));
        let mut user = User {
            id,
            kind: "phone".to_owned(),
            created: Some(created),
            updated: Some(created),
            last_contact: Some(created + self.rng.i64(0..TEN_YEARS)).filter(|_| self.rng.u8(..3) > 0),
            ..User::default()
        };
        let spelling = match self.rng.u8(..3) {
            0 => format!("+{digits}"),
            1 => format!("8 ({}) {}-{}-{}", &digits[1..4], &digits[4..7], &digits[7..9], &digits[9..]),
            _ => format!("8{}", &digits[1..]),
        };
        user.name = if name.is_empty() { spelling.clone() } else { name };
        user.phones.push(Phone {
            text: spelling,
            keys: vec![format!("+{digits}")],
        });
        if self.rng.u8(..2) == 0 {
            user.email = format!(
                "{}{}@{}",
                self.rng.choice(["info", "ivan", "olga", "sales", "petrov", "user"]).unwrap_or("x"),
                at % 100_000,
                self.one(HOSTS)
            );
        }
        if self.rng.u8(..2) == 0 {
            user.company = format!("ООО «{} {}»", self.one(BUSINESS), self.rng.u16(..3_000));
            user.position = self.one(POSITIONS).to_owned();
        }
        if self.rng.u8(..4) == 0 {
            user.note = format!("{}, {}", self.one(NOTES), self.one(NOTES));
        }
        if self.rng.u8(..3) == 0 {
            user.fields = BTreeMap::from([("cf_7".to_owned(), format!("Д-{}/{}", self.rng.u32(..100_000), 2015 + at % 10))]);
        }
        user
    }
}

impl Iterator for Account {
    type Item = User;

    fn next(&mut self) -> Option<User> {
        (self.next < self.users).then(|| self.user())
    }
}

/// What people look for: each is typed letter by letter.
pub const QUERIES: &[&str] = &[
    "иванов",
    "иванов сергей",
    "кузнецов алек",
    "щербакова",
    "наталья жук",
    "ivanov",
    "zhukova natalia",
    "shcherbakov",
    "yuri petrov",
    "bdfyjd",
    "гусев",
    "виноградова мария",
    "ромашка",
    "ООО вектор",
    "бухгалтер меридиан",
    "info@mail.example",
    "petrov",
    "договор на прод",
    "кузнцов",
    "соловьев",
    "перезвонить",
    "воробьёва анна",
    "Д-2024",
    "морелинов",
    "smith",
    "фёдоров п",
    "александров александр",
    "а",
    "и",
    "с п",
];

/// Numbers as people type them, digit by digit.
pub const NUMBERS: &[&str] = &[
    "+7 916 123-45-67",
    "8 916 1234567",
    "8916",
    "9161234567",
    "4567",
    "45 67 89",
    "0134",
    "12345",
];

/// Both in one line.
pub const BOTH: &[&str] = &[
    "иванов 4567",
    "иванов 8 916 1234567",
    "ООО вектор 4567",
    "4567 иванов",
    "info@mail.example 67",
    "смирнова анна 916",
    "ромашка 12 45 67",
];
