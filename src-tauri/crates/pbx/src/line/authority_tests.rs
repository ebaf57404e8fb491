use super::*;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, date_time_ymd};

/// A certificate authority and its key, as PEM.
fn authority(name: &str, years: (i32, i32)) -> (String, String) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

const NOW: Moment = Moment(1_795_000_000_000); // November 2026

#[test]
fn certificates_are_read_with_their_names_and_dates_however_they_were_pasted() {
    let (one, _) = authority("Офис CA", (2020, 2030));
    let (two, _) = authority("Next CA", (2025, 2035));
    let plain = Authority::read(&format!("{one}{two}")).unwrap();
    let names: Vec<_> = plain.certificates().iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["Офис CA", "Next CA"]);
    assert_eq!(plain.certificates()[0].until, Moment(1_893_456_000_000), "2030-01-01");
    for pasted in [
        format!("{two}\n\n{one}").replace('\n', "\r\n"),
        format!("Certificate:\n    Issuer: CN = x\n{one}\n# the next one\n{two}trailing words"),
        format!("{one}{two}").lines().map(|line| format!("\t {line}  \n")).collect(),
        format!("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n{one}{two}"),
    ] {
        let read = Authority::read(&pasted).unwrap();
        assert_eq!(read.certificates().len(), 2, "{pasted}");
        assert_eq!(Authority::read(&read.pem()).unwrap(), read);
        let kept = read.pem();
        assert!(
            ["Issuer", "words", "REQUEST", "\t"].iter().all(|other| !kept.contains(other)),
            "{kept}"
        );
    }
}

#[test]
fn a_text_that_is_no_authority_is_refused_with_its_reason() {
    let (pem, key) = authority("CA", (2020, 2030));
    let block = |inside: &str| format!("-----BEGIN CERTIFICATE-----\n{inside}\n-----END CERTIFICATE-----\n");
    let key_inside: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    let with_tail = {
        use base64::Engine as _;
        let engine = base64::engine::general_purpose::STANDARD;
        let mut der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec();
        der.extend_from_slice(b"tail");
        block(&engine.encode(der))
    };
    let table = [
        (String::new(), AuthorityError::NoCertificate),
        ("  \n".into(), AuthorityError::NoCertificate),
        ("https://pbx.example".into(), AuthorityError::NoCertificate),
        ("\0\u{202e}%00../../etc/passwd".into(), AuthorityError::NoCertificate),
        (
            "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----".into(),
            AuthorityError::NoCertificate,
        ),
        (key.clone(), AuthorityError::PrivateKey),
        (format!("{pem}{key}"), AuthorityError::PrivateKey),
        (format!("{key}{pem}"), AuthorityError::PrivateKey),
        (
            format!("{pem}-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n"),
            AuthorityError::PrivateKey,
        ),
        (format!("{pem}-----begin openssh private key-----"), AuthorityError::PrivateKey),
        (block(&key_inside), AuthorityError::Malformed),
        (block("AAAA"), AuthorityError::Malformed),
        (block("not base64 at all!"), AuthorityError::Malformed),
        (block(""), AuthorityError::Malformed),
        (with_tail, AuthorityError::Malformed),
        (format!("{pem}{}", block("MIIB")), AuthorityError::Malformed),
        (pem[..pem.len() / 2].to_owned(), AuthorityError::Malformed),
        (pem.repeat(MOST + 1), AuthorityError::TooLarge),
        ("A".repeat(LONGEST + 1), AuthorityError::TooLarge),
        (format!("{pem}{}", "\n".repeat(LONGEST)), AuthorityError::TooLarge),
    ];
    for (text, expected) in table {
        assert_eq!(Authority::read(&text).err(), Some(expected), "{}", &text[..text.len().min(200)]);
        let said = format!("{expected:?} {expected}");
        assert!(!said.contains(&key_inside[..20]));
    }
}

#[test]
fn what_does_not_hold_today_is_left_out() {
    let (old, _) = authority("Old", (2010, 2020));
    let (next, _) = authority("Next", (2040, 2050));
    let (now, _) = authority("Now", (2020, 2030));
    let count = |text: &str| Authority::read(text).unwrap().in_force(NOW).count();
    assert_eq!((count(&old), count(&next), count(&format!("{old}{now}{next}"))), (0, 0, 1));
    assert!(Authority::read(&format!("{old}{next}")).unwrap().is_out_of_date(NOW));
    assert!(!Authority::read(&format!("{old}{now}")).unwrap().is_out_of_date(NOW));
}

#[test]
fn a_name_that_would_turn_a_line_around_or_fill_the_screen_is_tidied() {
    let (pem, _) = authority(&format!("CA\u{202e}\n<b>{}", "x".repeat(10_000)), (2020, 2030));
    let authority = Authority::read(&pem).unwrap();
    let name = &authority.certificates()[0].name;
    assert!(name.chars().count() < 300 && !name.contains(['\u{202e}', '\n']), "{name}");
    let nameless = CertificateParams::default();
    let mut nameless = nameless;
    nameless.distinguished_name = rcgen::DistinguishedName::new();
    let pem = nameless.self_signed(&KeyPair::generate().unwrap()).unwrap().pem();
    assert_eq!(Authority::read(&pem).unwrap().certificates()[0].name, "");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_stumble(text in ".{0,400}", inside in "[A-Za-z0-9+/=\n -]{0,400}") {
        let _ = Authority::read(&text);
        let _ = Authority::read(&format!("-----BEGIN CERTIFICATE-----\n{inside}\n-----END CERTIFICATE-----\n"));
    }
}
