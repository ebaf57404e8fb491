//! `/users`: profiles and their links.

use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::error::Error;
use crate::ids::UserId;
use crate::page::{Page, PageRequest, Pages, read_one};
use crate::query::Query;
use crate::transport::{Body, Call};
use crate::types::user::{LinkTarget, NewUser, User, UserEdit, UserFilter};

/// Users. Each method is one request.
#[derive(Debug, Clone)]
pub struct Users {
    client: Client,
}

impl Users {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists users.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for a text filter under 3 characters, and those of any request.
    pub async fn list(&self, filter: &UserFilter, page: PageRequest) -> Result<Page<User>, Error> {
        let answer = self.client.send(Call::get(&["users"], filter.query(page)?)).await?;
        Page::read(&answer)
    }

    /// Walks a list, at most `max_pages` of a hundred.
    #[must_use]
    pub fn pages(&self, filter: UserFilter, max_pages: u32) -> Pages<User> {
        let users = self.clone();
        Pages::new(max_pages, move |page| {
            let (users, filter) = (users.clone(), filter.clone());
            async move { users.list(&filter, page).await }
        })
    }

    /// One user.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn get(&self, id: UserId) -> Result<User, Error> {
        let answer = self.client.send(Call::get(&["users", &id.to_string()], Query::default())).await?;
        read_one(&answer)
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if a profile has the contact, [`Error::Rejected`] for a malformed one.
    pub async fn create(&self, user: &NewUser) -> Result<User, Error> {
        let body = Body::wrapped("user", user.fields(), &[])?;
        read_one(&self.client.send(Call::post(&["users"], body)).await?)
    }

    /// Changes a user.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::AlreadyExists`], and those of any request.
    pub async fn edit(&self, id: UserId, edit: &UserEdit) -> Result<User, Error> {
        let body = Body::wrapped("user", edit.fields(), &[])?;
        read_one(&self.client.send(Call::put(&["users", &id.to_string()], body)).await?)
    }

    /// Ties another profile to this one; answers this one with its new list of linked profiles.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn link(&self, id: UserId, target: &LinkTarget) -> Result<User, Error> {
        self.act(id, "link", target.fields()).await
    }

    /// Unties another profile from this one.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn unlink(&self, id: UserId, other: UserId) -> Result<User, Error> {
        let fields = Map::from_iter([("user_id".to_owned(), json!(other))]);
        self.act(id, "unlink", fields).await
    }

    /// Blocks a user: [`User::active`] becomes false, new cases become spam.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn block(&self, id: UserId) -> Result<User, Error> {
        self.act(id, "block", Map::new()).await
    }

    /// Puts a user into the bin: [`User::deleted`] becomes true.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn disable(&self, id: UserId) -> Result<User, Error> {
        self.act(id, "disable", Map::new()).await
    }

    /// Takes a user out of the bin, or unblocks.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn restore(&self, id: UserId) -> Result<User, Error> {
        self.act(id, "restore", Map::new()).await
    }

    /// The bodies of these routes are not wrapped.
    async fn act(&self, id: UserId, action: &str, fields: Map<String, Value>) -> Result<User, Error> {
        let body = if fields.is_empty() {
            Body::Empty
        } else {
            Body::Json(Value::Object(fields))
        };
        read_one(&self.client.send(Call::put(&["users", &id.to_string(), action], body)).await?)
    }
}
