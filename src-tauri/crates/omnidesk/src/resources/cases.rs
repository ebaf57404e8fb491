//! `/cases`: cases, single and in bulk.

use serde_json::Value;

use crate::client::Client;
use crate::error::Error;
use crate::ids::{CaseId, CaseRef};
use crate::lenient;
use crate::page::{Page, PageRequest, Pages, read_one};
use crate::query::Query;
use crate::resources::segment;
use crate::transport::{Body, Call};
use crate::types::case::{Case, CaseEdit, CaseFilter, Change, NewCase};

/// Most cases of one bulk request.
const BULK: usize = 10;

/// Cases. Each method is one request.
#[derive(Debug, Clone)]
pub struct Cases {
    client: Client,
}

impl Cases {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Lists cases.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for a text filter under 4 characters, and those of any request.
    pub async fn list(&self, filter: &CaseFilter, page: PageRequest) -> Result<Page<Case>, Error> {
        let answer = self.client.send(Call::get(&["cases"], filter.query(page)?)).await?;
        Page::read(&answer)
    }

    /// Walks a list, at most `max_pages` of a hundred.
    #[must_use]
    pub fn pages(&self, filter: CaseFilter, max_pages: u32) -> Pages<Case> {
        let cases = self.clone();
        Pages::new(max_pages, move |page| {
            let (cases, filter) = (cases.clone(), filter.clone());
            async move { cases.list(&filter, page).await }
        })
    }

    /// One case.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn get(&self, case: &CaseRef) -> Result<Case, Error> {
        let answer = self.client.send(Call::get(&["cases", &segment(case)?], Query::default())).await?;
        read_one(&answer)
    }

    /// Makes a case, and a user if no profile has the contact. The account's rules run on it: read from the answer what
    /// became of it.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for files over the limits; when [`Error::may_have_happened`], search before trying again.
    pub async fn create(&self, case: &NewCase) -> Result<Case, Error> {
        let body = Body::wrapped("case", case.fields(), &case.attachments)?;
        read_one(&self.client.send(Call::post(&["cases"], body)).await?)
    }

    /// Changes a case.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`] if the responsible has no access, and those of any request.
    pub async fn edit(&self, case: &CaseRef, edit: &CaseEdit) -> Result<Case, Error> {
        let body = Body::wrapped("case", edit.fields(), &[])?;
        read_one(&self.client.send(Call::put(&["cases", &segment(case)?], body)).await?)
    }

    /// Puts up to 10 cases into the bin; answers those for which it worked.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for none or more than 10, and those of any request.
    pub async fn trash(&self, cases: &[CaseId]) -> Result<Vec<CaseId>, Error> {
        self.bulk(cases, "trash").await
    }

    /// Marks up to 10 cases as spam; answers those for which it worked.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for none or more than 10, and those of any request.
    pub async fn spam(&self, cases: &[CaseId]) -> Result<Vec<CaseId>, Error> {
        self.bulk(cases, "spam").await
    }

    /// Takes up to 10 cases out of the bin or the spam; answers those for which it worked.
    ///
    /// # Errors
    /// [`Error::InvalidRequest`] for none or more than 10, and those of any request.
    pub async fn restore(&self, cases: &[CaseId]) -> Result<Vec<CaseId>, Error> {
        self.bulk(cases, "restore").await
    }

    /// The history of a case, of everything that Omnidesk tells without filters.
    ///
    /// # Errors
    /// [`Error::NotFound`], and those of any request.
    pub async fn changelog(&self, case: &CaseRef) -> Result<Vec<Change>, Error> {
        let path = ["cases", &segment(case)?, "changelog"];
        let answer = self.client.send(Call::get(&path, Query::default())).await?;
        let entries = lenient::elements(answer.get("changelog").unwrap_or(&Value::Null));
        Ok(entries
            .into_iter()
            .filter_map(|entry| serde::Deserialize::deserialize(entry).ok())
            .collect())
    }

    async fn bulk(&self, cases: &[CaseId], action: &str) -> Result<Vec<CaseId>, Error> {
        if cases.is_empty() || cases.len() > BULK {
            return Err(Error::InvalidRequest(format!("1 to {BULK} cases at a time, not {}", cases.len())));
        }
        let ids: Vec<String> = cases.iter().map(CaseId::to_string).collect();
        let answer = self.client.send(Call::put(&["cases", &ids.join(","), action], Body::Empty)).await?;
        if let Some(done) = answer.get("case_success_id") {
            return Ok(lenient::elements(done)
                .into_iter()
                .filter_map(lenient::number)
                .map(CaseId)
                .collect());
        }
        // One case alone is answered by itself.
        read_one::<Case>(&answer).map(|case| vec![case.id])
    }
}
