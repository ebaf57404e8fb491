//! The lists of the account: one type for all, with the extra routes that some of them have.

use std::fmt;
use std::marker::PhantomData;

use serde_json::{Map, json};

use crate::client::Client;
use crate::error::Error;
use crate::ids::{CompanyId, StaffId};
use crate::page::{Entity, Page, PageRequest, Pages, WHOLE_LIST, read_one};
use crate::query::Query;
use crate::transport::{Body, Call};
use crate::types::directory::{Company, CompanyFilter, Label, NewCompany, StaffMember};
use crate::types::user::put;

/// A list of the account that changes rarely: staff, groups, labels, fields, …. A request for each hundred entries.
pub struct Directory<T> {
    client: Client,
    route: &'static str,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Directory<T> {
    fn clone(&self) -> Self {
        Self::new(self.client.clone(), self.route)
    }
}

impl<T> fmt::Debug for Directory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory").field("route", &self.route).finish_non_exhaustive()
    }
}

impl<T> Directory<T> {
    pub(crate) fn new(client: Client, route: &'static str) -> Self {
        Self {
            client,
            route,
            kind: PhantomData,
        }
    }
}

impl<T: Entity + Send + 'static> Directory<T> {
    /// One page of the entries.
    ///
    /// # Errors
    /// Those of any request.
    pub async fn list(&self, page: PageRequest) -> Result<Page<T>, Error> {
        Page::read(&self.client.send(Call::get(&[self.route], Query::page(page))).await?)
    }

    /// Walks the list, at most `max_pages` of a hundred.
    #[must_use]
    pub fn pages(&self, max_pages: u32) -> Pages<T> {
        let directory = self.clone();
        Pages::new(max_pages, move |page| {
            let directory = directory.clone();
            async move { directory.list(page).await }
        })
    }

    /// The whole list: the one way to read it. Up to two thousand entries; what lies beyond is said in the log.
    ///
    /// # Errors
    /// Those of any request; the first page that fails ends the walk.
    pub async fn all(&self) -> Result<Vec<T>, Error> {
        let page = self.pages(WHOLE_LIST).collect().await?;
        let read = page.items.len() + page.skipped;
        if (read as u64) < page.total {
            tracing::warn!(
                list = self.route,
                read,
                of = page.total,
                "a list of the account is too long to be read whole"
            );
        }
        Ok(page.items)
    }

    /// The first entry of the whole list that fits; the walk ends with it.
    ///
    /// # Errors
    /// Those of any request.
    pub async fn find_first(&self, fits: impl FnMut(&T) -> bool) -> Result<Option<T>, Error> {
        self.pages(WHOLE_LIST).find(fits).await
    }

    async fn one(&self, id: u64) -> Result<T, Error> {
        let path = [self.route, &id.to_string()];
        read_one(&self.client.send(Call::get(&path, Query::default())).await?)
    }
}

impl Directory<StaffMember> {
    /// One member of staff.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn get(&self, id: StaffId) -> Result<StaffMember, Error> {
        self.one(id.0).await
    }
}

impl Directory<Label> {
    /// Makes a label.
    ///
    /// # Errors
    /// Those of any request.
    pub async fn create(&self, title: &str) -> Result<Label, Error> {
        let fields = Map::from_iter([("label_title".to_owned(), json!(title))]);
        let body = Body::wrapped("label", fields, &[])?;
        read_one(&self.client.send(Call::post(&[self.route], body)).await?)
    }
}

impl Directory<Company> {
    /// One company.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn get(&self, id: CompanyId) -> Result<Company, Error> {
        self.one(id.0).await
    }

    /// Lists the companies that match.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for an empty text filter, and those of any request.
    pub async fn find(&self, filter: &CompanyFilter, page: PageRequest) -> Result<Page<Company>, Error> {
        Page::read(&self.client.send(Call::get(&[self.route], filter.query(page)?)).await?)
    }

    /// Makes a company.
    ///
    /// # Errors
    /// Those of any request.
    pub async fn create(&self, company: &NewCompany) -> Result<Company, Error> {
        let mut fields = Map::from_iter([("company_name".to_owned(), json!(company.name))]);
        put(&mut fields, "company_domains", company.domains.as_ref());
        put(&mut fields, "company_address", company.address.as_ref());
        put(&mut fields, "company_note", company.note.as_ref());
        let body = Body::wrapped("company", fields, &[])?;
        read_one(&self.client.send(Call::post(&[self.route], body)).await?)
    }

    /// Sets the staff's note about a company; everything else of it stays.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], and those of any request.
    pub async fn set_note(&self, id: CompanyId, note: &str) -> Result<Company, Error> {
        let fields = Map::from_iter([("company_note".to_owned(), json!(note))]);
        let body = Body::wrapped("company", fields, &[])?;
        read_one(&self.client.send(Call::put(&[self.route, &id.to_string()], body)).await?)
    }
}
