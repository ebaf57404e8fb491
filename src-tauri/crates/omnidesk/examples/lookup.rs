//! Looks a phone up and lists the recent cases of whom it belongs to.
//!
//! ```text
//! OMNIDESK_URL=https://company.omnidesk.ru OMNIDESK_EMAIL=anna@company.ru OMNIDESK_API_KEY=… \
//!     cargo run -p omnidesk --example lookup -- +79261234567
//! ```
#![allow(clippy::print_stdout)]

use anyhow::Context;
use omnidesk::{CaseFilter, CaseSort, Client, Config, Page, PageRequest, PhoneQuery, Priority, User, UserFilter};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let phone = std::env::args().nth(1).context("which phone? give it as +79261234567")?;
    let client = Client::new(Config::new(
        variable("OMNIDESK_URL")?.parse()?,
        variable("OMNIDESK_EMAIL")?,
        variable("OMNIDESK_API_KEY")?,
    ))?;
    let found = by_phone(&client, &phone).await?;
    if found.items.is_empty() {
        println!("Nobody has the number {phone}.");
    }
    for user in found.items.iter().filter(|user| !user.deleted) {
        println!("{} · {} · user {}", user.full_name, user.company_name, user.id);
        list_cases(&client, user).await?;
    }
    let budget = client.budget_snapshot();
    println!("{} requests left of {:?} per minute", budget.left, budget.limit_per_minute);
    Ok(())
}

fn variable(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("the environment variable {name} is not set"))
}

/// First the number as it is, then its last ten digits: old data is written in many ways.
async fn by_phone(client: &Client, phone: &str) -> Result<Page<User>, omnidesk::Error> {
    let users = client.with_priority(Priority::Popup).users();
    let filter = |query| UserFilter {
        phone: Some(query),
        ..UserFilter::default()
    };
    let exact = users
        .list(&filter(PhoneQuery::Exact(phone.to_owned())), PageRequest::first(10))
        .await?;
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if !exact.items.is_empty() || digits.len() < 10 {
        return Ok(exact);
    }
    let tail = digits[digits.len() - 10..].to_owned();
    users.list(&filter(PhoneQuery::EndsWith(tail)), PageRequest::first(10)).await
}

async fn list_cases(client: &Client, user: &User) -> Result<(), omnidesk::Error> {
    let filter = CaseFilter {
        user_ids: std::iter::once(user.id).chain(user.other_profiles()).collect(),
        sort: Some(CaseSort::UpdatedDesc),
        ..CaseFilter::default()
    };
    let cases = client.cases().list(&filter, PageRequest::first(5)).await?;
    for case in &cases.items {
        println!("  {} [{}] {}", case.number, case.status, case.subject);
    }
    println!("  {} cases in all", cases.total);
    Ok(())
}
