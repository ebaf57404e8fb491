//! The workflow's rules, rule by rule, through the real engine against the sandbox: a stand-in PBX
//! and a stand-in Omnidesk that share no code with the product. Only the desktop is a fake.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod desk;
mod incoming;
mod numbers;
mod outcomes;
mod survival;
mod trouble;
