//! The words that stand around numbers: what they tell of the digits beside them.

/// What PBXs and people write in place of a number that is hidden or not there (reference pbx-websockets section 5).
const WITHHELD: [&str; 13] = [
    "restricted",
    "unavailable",
    "private",
    "withheld",
    "s",
    "asterisk",
    "null",
    "none",
    "hidden",
    "скрыт",
    "прихований",
    "unterdrückt",
    "h",
];

/// Words in front of an inner number.
const INNER: [&str; 24] = [
    "доб",
    "добав",
    "добавочный",
    "добавочного",
    "доп",
    "вн",
    "внут",
    "внутр",
    "внутренний",
    "дод",
    "додатковий",
    "внутрішній",
    "тон",
    "тональный",
    "ext",
    "extn",
    "extension",
    "int",
    "x",
    "х",
    "dw",
    "durchwahl",
    "nst",
    "nebenstelle",
];
/// Pauses in what phones keep; only right behind the number.
const PAUSES: [&str; 2] = ["p", "w"];

/// Words that stand right in front of a number, even without a blank.
const LABELS: [&str; 37] = [
    "т",
    "тел",
    "телефон",
    "телефоны",
    "моб",
    "мобильный",
    "сот",
    "сотовый",
    "раб",
    "рабочий",
    "дом",
    "домашний",
    "гор",
    "городской",
    "факс",
    "ф",
    "номер",
    "контакт",
    "звоните",
    "вайбер",
    "ватсап",
    "вотсап",
    "t",
    "tel",
    "telephone",
    "phone",
    "ph",
    "mob",
    "mobile",
    "mobil",
    "cell",
    "fax",
    "whatsapp",
    "viber",
    "wa",
    "handy",
    "tg",
];

/// Beginnings of words behind which digits are no number of a person: an order, a document, an account, a place.
const OTHERS: [&str; 70] = [
    "заказ",
    "замовлен",
    "договор",
    "договір",
    "контракт",
    "счет",
    "счёт",
    "рахун",
    "инн",
    "кпп",
    "огрн",
    "бик",
    "снилс",
    "окпо",
    "иин",
    "бин",
    "унп",
    "іпн",
    "едрпоу",
    "єдрпоу",
    "пинфл",
    "паспорт",
    "полис",
    "поліс",
    "карт",
    "карта",
    "квартир",
    "этаж",
    "индекс",
    "индекс",
    "артикул",
    "накладн",
    "чек",
    "квитанц",
    "акт",
    "код",
    "обращен",
    "заявк",
    "тикет",
    "звернен",
    "сумм",
    "сума",
    "штрихкод",
    "серийн",
    "трек",
    "iban",
    "bic",
    "swift",
    "vat",
    "tax",
    "order",
    "invoice",
    "ticket",
    "inv",
    "ref",
    "account",
    "contract",
    "card",
    "passport",
    "sku",
    "isbn",
    "ean",
    "imei",
    "serial",
    "tracking",
    "bestell",
    "rechnung",
    "auftrag",
    "kunden",
    "vertrag",
];
/// As above, whole words.
const OTHERS_WHOLE: [&str; 16] = [
    "кв", "оф", "д", "п", "с", "р", "к", "арт", "ид", "id", "acct", "acc", "zip", "konto", "ustid", "case",
];
/// What digits are counted in: they are a sum, an amount, a share.
const UNITS: [&str; 30] = [
    "руб",
    "рублей",
    "рубля",
    "рубль",
    "р",
    "коп",
    "тг",
    "тенге",
    "сум",
    "сом",
    "сомов",
    "грн",
    "гривен",
    "лей",
    "драм",
    "манат",
    "лари",
    "usd",
    "eur",
    "rub",
    "kzt",
    "uah",
    "uzs",
    "byn",
    "шт",
    "штук",
    "кг",
    "евро",
    "euro",
    "долларов",
];
/// Signs of money and shares.
pub(super) const MONEY: [char; 10] = ['₽', '$', '€', '£', '₸', '₴', '₾', '₼', '֏', '%'];
/// Where digits are a number, even in an address of the web.
const LINKS: [&str; 12] = [
    "tel:",
    "sip:",
    "sips:",
    "callto:",
    "skype:",
    "whatsapp:",
    "viber:",
    "wa.me/",
    "t.me/",
    "phone=",
    "api.whatsapp",
    "sms:",
];

/// Whether a text says that there is no number.
pub(super) fn is_withheld(text: &str) -> bool {
    let nothing = !text.chars().any(char::is_alphanumeric);
    nothing || crate::nobody::is_nobody(text) || WITHHELD.contains(&text.trim_matches(['<', '>']).to_lowercase().as_str())
}

pub(super) fn is_inner(word: &str) -> bool {
    INNER.contains(&word.to_lowercase().as_str())
}

pub(super) fn is_pause(word: &str) -> bool {
    PAUSES.contains(&word.to_lowercase().as_str())
}

/// Whether a word only says whose or what kind of number follows.
pub(crate) fn is_label(word: &str) -> bool {
    LABELS.contains(&word.to_lowercase().as_str())
}

/// Whether digits behind this word are something else than a number.
pub(super) fn counts_others(word: &str) -> bool {
    let word = word.to_lowercase();
    OTHERS_WHOLE.contains(&word.as_str()) || (OTHERS.iter().any(|begin| word.starts_with(begin)) && !is_label(&word))
}

pub(super) fn is_unit(word: &str) -> bool {
    UNITS.contains(&word.to_lowercase().as_str())
}

/// Whether a piece of text without blanks is an address of the web in which digits are no number.
pub(super) fn is_other_link(piece: &str) -> bool {
    let piece = piece.to_lowercase();
    piece.contains("://") && !LINKS.iter().any(|link| piece.contains(link))
}
