//! The sounds of calls: which there are, one of them, another one, none.

use crate::rings::{Ring, RingSound, RingTrouble, Rings, RingsView};
use tauri::State;

#[tauri::command(async)]
#[specta::specta]
pub(super) fn rings(rings: State<'_, Rings>) -> RingsView {
    rings.view()
}

#[tauri::command(async)]
#[specta::specta]
pub(super) fn ring_sound(rings: State<'_, Rings>, ring: Ring) -> Option<RingSound> {
    rings.read(ring)
}

#[tauri::command(async)]
#[specta::specta]
#[expect(clippy::needless_pass_by_value, reason = "as Tauri hands it over")]
pub(super) fn keep_ring_sound(rings: State<'_, Rings>, ring: Ring, sound: String) -> Result<(), RingTrouble> {
    rings.keep(ring, &sound)
}

#[tauri::command(async)]
#[specta::specta]
pub(super) fn forget_ring_sound(rings: State<'_, Rings>, ring: Ring) -> Result<(), RingTrouble> {
    rings.forget(ring)
}
