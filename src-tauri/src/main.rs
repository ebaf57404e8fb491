//! Ringside's executable; everything is in the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    if let Err(error) = ringside_lib::run() {
        eprintln!("ringside: {error:#}");
        std::process::exit(1);
    }
}
