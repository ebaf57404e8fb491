//! The workflow's rules, rule by rule, through the real engine against the sandbox: a stand-in PBX
//! and a stand-in Omnidesk that share no code with the product. Only the desktop is a fake.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account;
mod attach;
mod bad_input;
mod budget;
mod case_page;
mod channel;
mod claims;
mod computers;
mod course;
mod desk;
mod dialing;
mod disk;
mod editing;
mod feed;
mod fields;
mod foreign_text;
mod gaps;
mod grouping;
mod guard;
mod health;
mod hostile;
mod incoming;
mod index;
mod keychain;
mod labels;
mod layers;
mod link_correction;
mod missed_office;
mod numbers;
mod office;
mod outcomes;
mod outgoing;
mod parallel;
mod pausing;
mod phrases;
mod plain_http;
mod privacy;
mod recordings;
mod refused;
mod reminders;
mod said;
mod saving;
mod search;
mod setups;
mod several;
mod stats;
mod survival;
mod transfers;
mod trial;
mod trouble;
mod typing;
mod undo;
mod unknown;
