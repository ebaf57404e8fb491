//! `/cases/{case}/messages` and `/cases/{case}/note`: what is said in a case.

use reqwest::Method;
use serde_json::Map;

use crate::client::{Client, NoteRoute};
use crate::error::Error;
use crate::ids::{CaseRef, MessageId};
use crate::page::{Page, PageRequest, Pages, read_one};
use crate::query::Query;
use crate::resources::segment;
use crate::transport::{Body, Call};
use crate::types::message::{Content, Message, MessageOrder, NewMessage, NewNote};

/// The messages of one case. Each method is one request.
#[derive(Debug, Clone)]
pub struct Messages {
    client: Client,
    case: CaseRef,
}

impl Messages {
    pub(crate) fn new(client: Client, case: CaseRef) -> Self {
        Self { client, case }
    }

    /// Lists messages and notes.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn list(&self, order: MessageOrder, page: PageRequest) -> Result<Page<Message>, Error> {
        let mut query = Query::page(page);
        query.push("order", order.word());
        let path = ["cases", &segment(&self.case)?, "messages"];
        Page::read(&self.client.send(Call::get(&path, query)).await?)
    }

    /// Walks messages and notes, at most `max_pages` of a hundred.
    #[must_use]
    pub fn pages(&self, order: MessageOrder, max_pages: u32) -> Pages<Message> {
        let messages = self.clone();
        Pages::new(max_pages, move |page| {
            let messages = messages.clone();
            async move { messages.list(order, page).await }
        })
    }

    /// Posts a message.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for files over the limits; when [`Error::may_have_happened`], look before trying again.
    pub async fn create(&self, message: &NewMessage) -> Result<Message, Error> {
        let body = Body::wrapped("message", message.fields(), &message.attachments)?;
        let path = ["cases", &segment(&self.case)?, "messages"];
        read_one(&self.client.send(Call::post(&path, body)).await?)
    }

    /// Replaces the text of a message. Its files stay: Omnidesk cannot change them.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn edit(&self, id: MessageId, content: &Content) -> Result<Message, Error> {
        let body = text_body("message", content)?;
        let path = ["cases", &segment(&self.case)?, "messages", &id.to_string()];
        read_one(&self.client.send(Call::put(&path, body)).await?)
    }

    /// Deletes a message.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn delete(&self, id: MessageId) -> Result<(), Error> {
        let path = ["cases", &segment(&self.case)?, "messages", &id.to_string()];
        self.client.send(Call::delete(&path)).await.map(drop)
    }
}

/// The notes of one case; only staff sees them. Each method is one request, or two while the client has yet to learn
/// which of the two spellings of the note route the account serves.
#[derive(Debug, Clone)]
pub struct Notes {
    client: Client,
    case: CaseRef,
}

impl Notes {
    pub(crate) fn new(client: Client, case: CaseRef) -> Self {
        Self { client, case }
    }

    /// Posts a note.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for files over the limits; when [`Error::may_have_happened`], look before trying again.
    pub async fn create(&self, note: &NewNote) -> Result<Message, Error> {
        let body = Body::wrapped("note", note.fields(), &note.attachments)?;
        read_one(&self.send(Method::POST, None, body).await?)
    }

    /// Replaces the text of a note. Its files stay: Omnidesk cannot change them.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn edit(&self, id: MessageId, content: &Content) -> Result<Message, Error> {
        let body = text_body("note", content)?;
        read_one(&self.send(Method::PUT, Some(id), body).await?)
    }

    /// Deletes a note.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn delete(&self, id: MessageId) -> Result<(), Error> {
        self.send(Method::DELETE, Some(id), Body::Empty).await.map(drop)
    }

    async fn send(&self, method: Method, id: Option<MessageId>, body: Body) -> Result<serde_json::Value, Error> {
        let first = self.client.note_route();
        let outcome = self.send_by(first, &method, id, body.clone()).await;
        let (NoteRoute::Singular, Err(Error::NotFound { code })) = (first, &outcome) else {
            return outcome;
        };
        if code.and_then(|code| code.known()).is_some_and(is_about_an_object) {
            return outcome;
        }
        match self.send_by(NoteRoute::Plural, &method, id, body).await {
            Ok(answer) => {
                self.client.remember_plural_notes();
                Ok(answer)
            }
            Err(Error::NotFound { code: None }) => outcome,
            // Nothing learned about the routes; the plural one's fate is what counts now.
            Err(error) => Err(error),
        }
    }

    async fn send_by(&self, route: NoteRoute, method: &Method, id: Option<MessageId>, body: Body) -> Result<serde_json::Value, Error> {
        let case = segment(&self.case)?;
        let id = id.map(|id| id.to_string());
        let path: Vec<&str> = ["cases", &case, route.word()].into_iter().chain(id.as_deref()).collect();
        let call = Call {
            method: method.clone(),
            path: &path,
            query: Query::default(),
            body,
        };
        self.client.send(call).await
    }
}

/// A code such as `case_not_found` comes from behind the route, so the route is right.
fn is_about_an_object(code: &str) -> bool {
    let object = code.strip_suffix("_not_found");
    object.is_some_and(|object| ["case", "message", "note", "user", "staff"].contains(&object))
}

fn text_body(wrapper: &'static str, content: &Content) -> Result<Body, Error> {
    let mut fields = Map::new();
    content.write(&mut fields);
    Body::wrapped(wrapper, fields, &[])
}
