//! A client of the REST API of the help desk Omnidesk (omnidesk.ru, international brand Deskie).
//!
//! Three ideas carry it:
//!
//! * **Lenient in, exact out.** Omnidesk writes lists as numbered objects, numbers as strings, "nothing" in five ways and
//!   dates with wrong weekdays. All of that decodes; what does not is skipped and counted ([`Page::skipped`]), and unknown
//!   words stay as `Other`. Requests follow the documented shape to the letter.
//! * **Errors say what to do.** [`Error`] tells apart whether to try again, when, and whether a write may have happened
//!   although no answer came. The client itself never repeats a request.
//! * **A shared budget.** The account's requests per minute are few and shared by everybody. Requests wait their turn by
//!   [`Priority`]: a ringing phone before a click before what an outbox owes. See [`budget`].
//!
//! ```no_run
//! use omnidesk::{CaseFilter, CaseSort, Client, Config, PageRequest, PhoneQuery, Priority, UserFilter};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let address = "https://company.omnidesk.ru".parse()?;
//! let client = Client::new(Config::new(address, "anna@company.ru", "the-api-key"))?;
//!
//! // A phone rings: ahead of everything else.
//! let by_phone = UserFilter {
//!     phone: Some(PhoneQuery::Exact("+79261234567".into())),
//!     ..UserFilter::default()
//! };
//! let urgent = client.with_priority(Priority::Popup);
//! let users = urgent.users().list(&by_phone, PageRequest::first(10)).await?;
//!
//! // The cases of one person hang on all their linked profiles.
//! for user in users.items.iter().filter(|user| !user.deleted) {
//!     let of_person = CaseFilter {
//!         user_ids: std::iter::once(user.id).chain(user.other_profiles()).collect(),
//!         sort: Some(CaseSort::UpdatedDesc),
//!         ..CaseFilter::default()
//!     };
//!     let cases = client.cases().list(&of_person, PageRequest::first(5)).await?;
//!     println!("{}: {} cases", user.full_name, cases.total);
//! }
//! # Ok(())
//! # }
//! ```

mod addresses;
pub mod budget;
mod client;
mod clock;
mod code;
mod config;
mod download;
mod error;
mod file_hosts;
mod ids;
mod lenient;
mod outside;
mod page;
mod query;
mod resources;
mod tally;
mod transport;
mod types;
mod verdict;
mod words;

pub use bytes::Bytes;

pub use budget::{BudgetSnapshot, Priority, Purpose, Share};
pub use client::Client;
pub use code::{Code, Measure};
pub use config::{Config, Limits, Timeouts, is_loopback};
pub use error::{ConnectKind, Error, HostName};
pub use file_hosts::{BadFileHost, FileHost};
pub use ids::{
    BadFieldKey, CaseId, CaseNumber, CaseRef, ChannelId, ChannelKey, CompanyId, FieldId, FileId, FilterId, GroupId, LabelId, LanguageId,
    MessageId, StaffId, StaffStatusId, UserId,
};
pub use outside::fetch;
pub use page::{Entity, Page, PageRequest, Pages};
pub use query::{PhoneQuery, TextQuery, TimeRange};
pub use resources::{Cases, Directory, Messages, Notes, Users};
pub use tally::Tally;
pub use types::attachment::{Attachment, FileInfo, MAX_FILE_BYTES, MAX_UPLOAD_BYTES};
pub use types::case::{Case, CaseEdit, CaseFilter, CasePriority, CaseSort, CaseStatus, Change, NewCase};
pub use types::custom_fields::{CustomField, CustomFields, FieldLevel, FieldType};
pub use types::directory::{
    ChannelType, Company, CompanyFilter, CustomChannel, Group, Label, Language, NewCompany, StaffMember, StaffStatus,
};
pub use types::message::{Author, Content, Message, MessageOrder, NewMessage, NewNote, PostAs};
pub use types::user::{Contact, ContactKind, LinkTarget, NewUser, User, UserEdit, UserFilter};

/// Keeps the README's example compiling.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
