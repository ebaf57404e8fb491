//! The administrator's data fields, saved and bound to those that appear in Omnidesk (S02).

use crate::account::catalog::Catalog;
use crate::controller::Controller;
use crate::screens::fields::{bind, view};
use crate::settings::Settings;
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
        FieldsView {
            locked: self.layers.is_locked("fields"),
            ..view(&self.settings.fields, self.omnidesk.catalog().map(AsRef::as_ref), url)
        }
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
        let mut fields = self.settings.fields.clone();
        if !bind(&mut fields, &catalog) {
            return true;
        }
        // The office's own are bound anew at each start.
        if self.layers.is_own("fields") && self.choose_fields(fields.clone()).is_ok() {
            return self.save_settings();
        }
        self.settings.fields = fields;
        true
    }

    fn choose_fields(&mut self, fields: Vec<FieldSetting>) -> Result<(), CommandError> {
        let wished = Settings {
            fields,
            ..self.settings.clone()
        };
        self.adopt(self.layers.changed(&self.settings, &wished)?);
        Ok(())
    }

    /// # Errors
    /// `refused` about `locked` where the office has the last word; `storage`.
    pub(crate) fn keep_fields(&mut self, fields: Vec<FieldSetting>) -> Result<FieldsView, CommandError> {
        self.choose_fields(fields)?;
        let saved = self.save_settings();
        if self.bind_fields() && saved {
            Ok(self.fields_view())
        } else {
            Err(TroubleView::Storage.into())
        }
    }
}
