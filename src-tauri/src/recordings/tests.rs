use super::*;
use hostile::Hostile;
use request::{Asked, File, Part};
use tauri::http::{HeaderMap, HeaderValue, Uri};

const ADDRESS: &str = "recording://localhost/482113907/912-0";

fn sound(length: u8) -> Sound {
    Sound {
        kind: "audio/wav",
        bytes: (0..length).collect::<Vec<u8>>().into(),
    }
}

fn asked(method: &Method, range: Option<&[u8]>) -> Asked {
    let mut headers = HeaderMap::new();
    if let Some(range) = range {
        headers.insert(header::RANGE, HeaderValue::from_bytes(range).unwrap());
    }
    Asked::read(method, &Uri::from_static(ADDRESS), &headers).unwrap()
}

#[test]
fn an_address_names_a_file_of_a_case_and_nothing_else_does() {
    let read = |address: &str| Asked::read(&Method::GET, &address.parse().ok()?, &HeaderMap::new()).ok();
    let of = |case: &str, attachment: &str| File {
        case: case.into(),
        attachment: attachment.into(),
    };
    assert_eq!(read(ADDRESS).unwrap().file, of("482113907", "912-0"));
    // As Windows writes it.
    assert_eq!(read("http://recording.localhost/1/2-3").unwrap().file, of("1", "2-3"));
    for rest in [
        "",
        "1",
        "1/",
        "/2-3",
        "1/2",
        "1/2-",
        "1/-3",
        "1/2-3/",
        "1/2-3/4",
        "1//2-3",
        "1/2-3-4",
        "1/2-3?",
        "1/2-3?x=1",
        "a/2-3",
        "1/2-x",
        "+1/2-3",
        "-1/2-3",
        "1/2--3",
        "1%2F2-3",
        "%31/2-3",
        "1/%2e%2e-3",
        "../1/2-3",
        "1/..",
        "1.0/2-3",
        "\u{661}/2-3",
        "123456789012345678901/2-3",
    ] {
        assert_eq!(read(&format!("recording://localhost/{rest}")), None, "{rest}");
    }
    for hostile in hostile::texts() {
        let Hostile { name, text } = hostile;
        for rest in [text.clone(), format!("{text}/2-3"), format!("1/{text}"), format!("1/2-{text}")] {
            let ids = text.bytes().all(|byte| byte.is_ascii_digit()) && (1..=20).contains(&text.len());
            assert!(ids || read(&format!("recording://localhost/{rest}")).is_none(), "{name}");
        }
    }
}

#[test]
fn a_file_is_read_and_not_changed() {
    let refused = |method: &Method| Asked::read(method, &Uri::from_static(ADDRESS), &HeaderMap::new()).unwrap_err();
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        assert_eq!(refused(&method), StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}

#[test]
fn a_range_is_a_part_of_the_file() {
    let huge = "9".repeat(40);
    let (to_huge, from_huge, last_huge) = (format!("bytes=4-{huge}"), format!("bytes={huge}-"), format!("bytes=-{huge}"));
    let table: [(&str, Part); 24] = [
        ("bytes=0-", Part::Of(0..10)),
        ("bytes=0-0", Part::Of(0..1)),
        ("bytes=2-4", Part::Of(2..5)),
        ("bytes=9-", Part::Of(9..10)),
        ("bytes=4-99", Part::Of(4..10)),
        (&to_huge, Part::Of(4..10)),
        ("bytes=-3", Part::Of(7..10)),
        ("bytes=-99", Part::Of(0..10)),
        (&last_huge, Part::Of(0..10)),
        // Behind the end, turned round, or no range at all.
        ("bytes=10-", Part::None),
        (&from_huge, Part::None),
        ("bytes=4-2", Part::None),
        ("bytes=-0", Part::None),
        ("bytes=", Part::None),
        ("bytes=-", Part::None),
        ("bytes=1", Part::None),
        ("bytes=+1-2", Part::None),
        ("bytes= 1-2", Part::None),
        ("bytes=1-2 ", Part::None),
        ("bytes=0x1-2", Part::None),
        ("bytes=1--2", Part::None),
        // What may be answered with the whole.
        ("bytes=0-1,3-4", Part::Whole),
        ("lines=0-1", Part::Whole),
        ("", Part::Whole),
    ];
    for (range, expected) in table {
        assert_eq!(asked(&Method::GET, Some(range.as_bytes())).part(10), expected, "{range}");
    }
    assert_eq!(asked(&Method::GET, None).part(10), Part::Whole);
    assert_eq!(asked(&Method::GET, Some(b"bytes=0-\xff")).part(10), Part::Whole, "no text");
    assert_eq!(asked(&Method::HEAD, Some(b"bytes=2-4")).part(10), Part::Whole, "parts are for GET");
    assert_eq!(asked(&Method::GET, Some(b"bytes=0-")).part(0), Part::None, "nothing has no part");
}

#[test]
fn whatever_a_range_says_it_stays_within_the_file() {
    for Hostile { text, name } in hostile::texts() {
        for range in [
            text.clone(),
            format!("bytes={text}"),
            format!("bytes={text}-{text}"),
            format!("bytes=-{text}"),
        ] {
            let Ok(range) = HeaderValue::from_bytes(range.as_bytes()) else {
                continue;
            };
            let answer = part(&asked(&Method::GET, Some(range.as_bytes())), &sound(10));
            assert!(answer.body().len() <= 10, "{name}");
        }
    }
}

#[test]
fn an_answer_says_what_it_holds() {
    let answer = |method: Method, range: Option<&str>| part(&asked(&method, range.map(str::as_bytes)), &sound(10));
    let said = |answer: &Response<Vec<u8>>, name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());

    let whole = answer(Method::GET, None);
    assert_eq!((whole.status(), whole.body().len()), (StatusCode::OK, 10));
    assert_eq!(said(&whole, header::CONTENT_TYPE).as_deref(), Some("audio/wav"));
    assert_eq!(said(&whole, header::ACCEPT_RANGES).as_deref(), Some("bytes"));
    assert_eq!(said(&whole, header::CACHE_CONTROL).as_deref(), Some("no-store"));
    assert_eq!(said(&whole, header::CONTENT_RANGE), None);

    let some = answer(Method::GET, Some("bytes=2-4"));
    assert_eq!(
        (some.status(), some.body().as_slice()),
        (StatusCode::PARTIAL_CONTENT, [2, 3, 4].as_slice())
    );
    assert_eq!(said(&some, header::CONTENT_RANGE).as_deref(), Some("bytes 2-4/10"));
    assert_eq!(said(&some, header::CONTENT_LENGTH).as_deref(), Some("3"));

    let none = answer(Method::GET, Some("bytes=10-"));
    assert_eq!((none.status(), none.body().len()), (StatusCode::RANGE_NOT_SATISFIABLE, 0));
    assert_eq!(said(&none, header::CONTENT_RANGE).as_deref(), Some("bytes */10"));

    let head = answer(Method::HEAD, None);
    assert_eq!((head.status(), head.body().len()), (StatusCode::OK, 0));
    assert_eq!(said(&head, header::CONTENT_LENGTH).as_deref(), Some("10"));
}

#[test]
fn what_goes_wrong_is_a_status_and_what_the_player_words() {
    for (trouble_, status) in [
        (TroubleView::Gone, 404),
        (TroubleView::NotSound, 415),
        (TroubleView::ForeignHost, 403),
        (TroubleView::RateLimited, 429),
        (TroubleView::Timeout, 504),
        (TroubleView::Closed, 503),
        (TroubleView::ServerError, 502),
    ] {
        let error = CommandError {
            trouble: trouble_,
            about: Some("files.example".into()),
        };
        let answer = trouble(&error);
        assert_eq!(answer.status().as_u16(), status, "{trouble_:?}");
        let told: CommandError = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!((told.trouble, told.about.as_deref()), (trouble_, Some("files.example")));
    }
}

#[test]
fn only_the_apps_own_pages_may_read_what_is_answered() {
    let is_own = |origin: &'static str| is_own(&HeaderValue::from_static(origin));
    assert!(is_own("tauri://localhost") && is_own("http://tauri.localhost"));
    for foreign in ["null", "", "https://example.com", "recording://localhost", "tauri://other"] {
        assert!(!is_own(foreign), "{foreign}");
    }
}

#[test]
fn two_files_are_kept_each_read_once_and_given_back() {
    let recordings = Recordings::default();
    let file = |account: u32, case: &str| {
        let file = File {
            case: case.into(),
            attachment: "2-0".into(),
        };
        (Some(account), file)
    };
    let start = Instant::now();
    let (first, new) = recordings.entry(file(1, "1"), start);
    assert!(new);
    let (again, new) = recordings.entry(file(1, "1"), start);
    assert!(!new && Arc::ptr_eq(&first, &again), "who comes meanwhile waits for the same");
    assert!(
        recordings.entry(file(2, "1"), start).1,
        "another account has other files by the same ids"
    );
    let (_, new) = recordings.entry(file(1, "1"), start);
    assert!(!new, "what was used last stays");
    recordings.entry(file(1, "3"), start);
    assert_eq!(recordings.kept().len(), KEPT);
    assert!(recordings.entry(file(2, "1"), start).1, "the one that was not used went");

    let later = start + Duration::from_secs(1);
    recordings.entry(file(1, "3"), later);
    assert!(recordings.keep_used_since(start));
    assert_eq!(recordings.kept().len(), 1);
    assert!(!recordings.keep_used_since(later));
}
