//! Where an office publishes its settings: read in three kinds of place, and written in one of them, Omnidesk.
//!
//! Nothing in Omnidesk is atomic. Who publishes reads first (has somebody else been there since they looked?), writes the whole
//! document, and reads it back: what came through whole is published, whatever became of the answer. Two who write at the same
//! moment: the later one stands, and who reads back another's document is told so.

use crate::account::office_note;
use crate::settings::published::{Document, LONGEST, Wrong};
use crate::settings::source::Source;
use crate::view::{CommandError, OfficeFault, OfficeTrouble, TroubleView, trouble};
use omnidesk::{Client, Company, CompanyFilter, Error, NewCompany, PageRequest, TextQuery};
use std::io::Read as _;
use std::path::Path;

/// What was found: a good document, none at all, or what is wrong.
pub(crate) type Found = Result<Option<Document>, OfficeTrouble>;

/// Reads what is published; none where nobody can be asked. Omnidesk costs one request.
pub(crate) async fn read(source: &Source, client: Option<&Client>) -> Option<Found> {
    match source {
        Source::Off => None,
        Source::Omnidesk => Some(match record(client?).await {
            Ok(record) => record.map_or(Ok(None), |record| office_note::read(&record.note)).map_err(wrong),
            Err(error) => Err(error),
        }),
        Source::Address(url) => Some(match omnidesk::fetch(url, LONGEST as u64).await {
            Ok(bytes) => of_bytes(&bytes),
            Err(error) => Err(unread(&error)),
        }),
        Source::File(path) => {
            let path = path.clone();
            // A folder of the network may hang.
            let read = tokio::task::spawn_blocking(move || file(&path)).await;
            Some(match read {
                Ok(Ok(bytes)) => of_bytes(&bytes),
                Ok(Err(found)) => found,
                Err(_) => Err(other()),
            })
        }
    }
}

fn of_bytes(bytes: &[u8]) -> Found {
    let text = std::str::from_utf8(bytes).map_err(|_| wrong((OfficeFault::NotOne, None)))?;
    Document::read(text.trim_start_matches('\u{feff}')).map(Some).map_err(wrong)
}

/// The bytes of a file, a few more than a document may have; where it is none, what is said of that.
fn file(path: &Path) -> Result<Vec<u8>, Found> {
    let read = || {
        // A pipe or a device would keep everybody waiting.
        if !std::fs::metadata(path)?.is_file() {
            return Err(std::io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(LONGEST as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(None),
        std::io::ErrorKind::PermissionDenied => Err(OfficeTrouble {
            trouble: Some(TroubleView::Forbidden),
            ..other()
        }),
        _ => Err(other()),
    })
}

/// The record in Omnidesk, by its reserved name.
async fn record(client: &Client) -> Result<Option<Company>, OfficeTrouble> {
    let filter = CompanyFilter {
        name: Some(TextQuery::Contains(office_note::NAME.into())),
        ..CompanyFilter::default()
    };
    let page = client.companies().find(&filter, PageRequest::default()).await;
    let page = page.map_err(|error| unread(&error))?;
    let mut records = page
        .items
        .into_iter()
        .filter(|company| company.name.trim() == office_note::NAME && !company.deleted);
    match (records.next(), records.next()) {
        (record, None) => Ok(record),
        (_, Some(_)) => Err(wrong((OfficeFault::Records, None))),
    }
}

/// What came of publishing.
pub(crate) struct Published {
    /// What stands now, as far as it was read.
    pub found: Option<Found>,
    /// Whether it is what was to be published.
    pub done: Result<(), CommandError>,
}

/// Publishes a document in Omnidesk, if what stands there is what somebody has seen: this number, or nothing.
pub(crate) async fn publish(client: &Client, document: &Document, seen: Option<u32>) -> Published {
    let refused = |found: Option<Found>, about: &str| Published {
        found,
        done: Err(CommandError {
            trouble: TroubleView::Refused,
            about: Some(about.into()),
        }),
    };
    let record = match record(client).await {
        Ok(record) => record,
        Err(OfficeTrouble {
            trouble: Some(trouble), ..
        }) => {
            return Published {
                found: None,
                done: Err(trouble.into()),
            };
        }
        Err(found) => {
            let about = if found.fault == OfficeFault::Records {
                "records"
            } else {
                "tooLarge"
            };
            return refused(Some(Err(found)), about);
        }
    };
    let stands = record.as_ref().map_or(Ok(None), |record| office_note::read(&record.note));
    // What cannot be read is written over: it holds nowhere.
    let number = stands.as_ref().ok().and_then(Option::as_ref).map(|stands| stands.number);
    if stands.is_ok() && number != seen {
        return refused(Some(stands.map_err(wrong)), "published");
    }
    let note = office_note::written(document);
    let wrote = match &record {
        Some(record) => client.companies().set_note(record.id, &note).await,
        None => {
            let company = NewCompany {
                name: office_note::NAME.into(),
                note: Some(note),
                ..NewCompany::default()
            };
            client.companies().create(&company).await
        }
    };
    if let Err(error) = &wrote
        && !may_have_come(error)
    {
        return Published {
            found: None,
            done: Err(error.into()),
        };
    }
    let found = match self::record(client).await {
        Ok(Some(record)) => match office_note::read(&record.note) {
            // A part of it is of use to nobody: what stood before stands again.
            Err((OfficeFault::Cut | OfficeFault::TooLong | OfficeFault::NotOne, _)) => {
                let before = stands.ok().flatten();
                let note = before.as_ref().map(office_note::written).unwrap_or_default();
                let put_back = client.companies().set_note(record.id, &note).await.is_ok();
                return refused(put_back.then_some(Ok(before)), "cut");
            }
            read => read.map_err(wrong),
        },
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    let is_ours = matches!(&found, Ok(Some(stands)) if stands == document);
    match (is_ours, wrote) {
        (true, _) => Published {
            found: Some(found),
            done: Ok(()),
        },
        (false, Err(error)) => Published {
            found: None,
            done: Err((&error).into()),
        },
        (false, Ok(_)) if matches!(&found, Err(trouble) if trouble.fault == OfficeFault::Unread) => Published {
            // Written, and not seen: the next look tells.
            found: None,
            done: Err(TroubleView::Timeout.into()),
        },
        (false, Ok(_)) => refused(Some(found), "published"),
    }
}

/// Whether a write may have been carried out although no good answer came.
fn may_have_come(error: &Error) -> bool {
    error.is_transient() || matches!(error, Error::NotJson { .. } | Error::Decode { .. })
}

fn wrong((fault, key): Wrong) -> OfficeTrouble {
    OfficeTrouble { fault, key, trouble: None }
}

fn unread(error: &Error) -> OfficeTrouble {
    match error {
        Error::TooLarge { .. } => wrong((OfficeFault::TooLong, None)),
        error => OfficeTrouble {
            trouble: Some(trouble::of_omnidesk(error)),
            ..other()
        },
    }
}

fn other() -> OfficeTrouble {
    OfficeTrouble {
        fault: OfficeFault::Unread,
        key: None,
        trouble: Some(TroubleView::Other),
    }
}
