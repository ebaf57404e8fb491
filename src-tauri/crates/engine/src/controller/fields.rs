//! The administrator's data fields, saved and bound to those that appear in Omnidesk (S02).

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::screens::fields::{bind, view};
use crate::settings::fields::FieldSetting;
use crate::view::{CommandError, FieldsView, TroubleView};
use omnidesk::CustomField;
use std::sync::Arc;

impl Controller {
    pub(crate) fn fields_view(&self) -> FieldsView {
        let url = self
            .settings
            .omnidesk_base()
            .map(|base| format!("{}/staff/", base.as_str().trim_end_matches('/')));
        view(&self.settings.fields, self.omnidesk.catalog().map(AsRef::as_ref), url)
    }

    /// Omnidesk's fields, read anew: awaited ones may be among them.
    pub(crate) fn take_fields(&mut self, fields: Vec<CustomField>) {
        let Some(catalog) = self.omnidesk.catalog() else { return };
        let catalog = Catalog {
            fields: fields.into_iter().filter(|field| field.active).collect(),
            ..(**catalog).clone()
        };
        self.take_catalog(Arc::new(catalog));
    }

    /// Whether the disk took what that changed.
    pub(crate) fn bind_fields(&mut self) -> bool {
        let Some(catalog) = self.omnidesk.catalog().cloned() else {
            return true;
        };
        self.windows.stale();
        !bind(&mut self.settings.fields, &catalog) || self.save_settings()
    }

    pub(crate) fn keep_fields(&mut self, fields: Vec<FieldSetting>) -> Result<FieldsView, CommandError> {
        self.settings.fields = fields;
        let saved = self.save_settings();
        if self.bind_fields() && saved {
            Ok(self.fields_view())
        } else {
            Err(TroubleView::Storage.into())
        }
    }
}
