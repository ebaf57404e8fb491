//! The kinds of PBX for the set-up screen, as the port describes them.

use crate::view::{VendorFieldKind, VendorFieldView, VendorView};
use pbx::{FieldKind, Step, VENDORS};

/// All of them, the one that settings mean which name none first.
pub(crate) fn view() -> Vec<VendorView> {
    VENDORS.iter().map(vendor).collect()
}

fn vendor(vendor: &pbx::Vendor) -> VendorView {
    VendorView {
        name: vendor.name.to_owned(),
        fields: vendor.fields.iter().map(field).collect(),
        steps: vendor.steps.iter().map(|step| step_name(*step).to_owned()).collect(),
    }
}

fn field(field: &pbx::Field) -> VendorFieldView {
    VendorFieldView {
        key: field.key.to_owned(),
        kind: match field.kind {
            FieldKind::Text => VendorFieldKind::Text,
            FieldKind::Secret => VendorFieldKind::Secret,
            FieldKind::Url => VendorFieldKind::Url,
            FieldKind::Number => VendorFieldKind::Number,
        },
        label: field.label.to_owned(),
        help: Some(field.help.to_owned()).filter(|help| !help.is_empty()),
        default: field.default.to_owned(),
        needed: field.needed,
    }
}

/// The steps of a kind of PBX's connection test, in order; of one that is not known, none.
pub(crate) fn steps_of(name: &str) -> Vec<&'static str> {
    let wanted = |vendor: &&pbx::Vendor| vendor.name == name || name.is_empty();
    let vendor = VENDORS.iter().find(wanted);
    vendor
        .map(|vendor| vendor.steps.iter().map(|step| step_name(*step)).collect())
        .unwrap_or_default()
}

/// The code of a step of a connection test.
pub(crate) fn step_name(step: Step) -> &'static str {
    match step {
        Step::Reach => "reach",
        Step::SignIn => "signIn",
        Step::Interface => "interface",
        Step::MaySubscribe => "subscribe",
        Step::ExtensionExists => "extension",
        Step::PhoneRegistered => "phone",
        Step::DialsOut => "context",
        Step::KeepsSecrets => "secrets",
        Step::SocketOpens => "socket",
    }
}
