//! The tray's menu as a desktop's panel sees it: over D-Bus. A private desktop has no panel, but the app offers its menu all the same.

use crate::{
    process::{self, output_of},
    session::Session,
    windows::PATIENCE,
};
use anyhow::Result;
use std::{process::Command, time::Duration};

/// Where apps offer their trays.
const TRAYS: &str = "/org/ayatana/NotificationItem";

/// The menu is made anew a moment after the app's state has changed: one that stays for so long is ready.
const REST: Duration = Duration::from_millis(400);

/// A line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    id: u32,
    label: String,
    /// Whether it can be pressed.
    enabled: bool,
}

/// A menu, by who offers it and under which path.
struct Menu<'a> {
    session: &'a Session,
    owner: String,
    path: String,
}

/// Presses the first item of the tray's menu whose text contains `text`; false when none comes.
pub fn press(session: &Session, text: &str) -> Result<bool> {
    let pressed = process::wait_for(PATIENCE, || {
        let Some(menu) = Menu::find(session) else { return Ok(None) };
        let items = menu.items();
        process::pause(REST)?;
        let settled = !items.is_empty() && menu.items() == items;
        let item = items.iter().find(|item| item.enabled && item.label.contains(text));
        Ok(item.filter(|_| settled).and_then(|item| menu.click(item)))
    })?;
    Ok(pressed.is_some())
}

impl<'a> Menu<'a> {
    fn find(session: &'a Session) -> Option<Self> {
        let bus = ["--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames"];
        let names = output_of(&mut send(session, &bus))?;
        quoted(&names).filter(|name| name.starts_with(':')).find_map(|owner| {
            let dest = format!("--dest={owner}");
            let look = [&dest, TRAYS, "org.freedesktop.DBus.Introspectable.Introspect"];
            let nodes = output_of(&mut send(session, &look))?;
            let (_, node) = nodes.split_once("<node name=\"")?;
            Some(Self {
                session,
                owner: dest,
                path: format!("{TRAYS}/{}/Menu", node.split('"').next()?),
            })
        })
    }

    fn items(&self) -> Vec<Item> {
        let all = ["int32:0", "int32:-1", "array:string:"];
        items(&self.call("GetLayout", &all).unwrap_or_default())
    }

    fn click(&self, item: &Item) -> Option<()> {
        let id = format!("int32:{}", item.id);
        self.call("Event", &[&id, "string:clicked", "variant:int32:0", "uint32:0"])
            .map(drop)
    }

    fn call(&self, method: &str, arguments: &[&str]) -> Option<String> {
        let method = format!("com.canonical.dbusmenu.{method}");
        let mut command = send(self.session, &[&self.owner, &self.path, &method]);
        output_of(command.args(arguments))
    }
}

fn send(session: &Session, arguments: &[&str]) -> Command {
    let mut command = session.command("dbus-send");
    command.args(["--session", "--print-reply", "--reply-timeout=2000"]).args(arguments);
    command
}

/// The strings in what `dbus-send` prints.
fn quoted(reply: &str) -> impl Iterator<Item = &str> {
    reply
        .lines()
        .filter_map(|line| line.trim().strip_prefix("string \"")?.strip_suffix('"'))
}

/// The lines of a menu in what `dbus-send` prints: an id, then names, each with its value below it.
fn items(reply: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut name = "";
    for line in reply.lines().map(str::trim) {
        let value = line.strip_prefix("variant").map(str::trim);
        if let Some(id) = line.strip_prefix("int32 ").and_then(|id| id.parse().ok()) {
            let (label, enabled) = (String::new(), true);
            items.push(Item { id, label, enabled });
        } else if let (Some(value), Some(item)) = (value, items.last_mut()) {
            // The next value without a name is a line of the menu.
            match std::mem::take(&mut name) {
                "label" => item.label = quoted(value).collect(),
                "enabled" => item.enabled = value != "boolean false",
                _ => {}
            }
        } else if let Some(named) = quoted(line).next() {
            name = named;
        }
    }
    items.retain(|item| !item.label.is_empty());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menus_lines_are_read_with_what_can_be_pressed() {
        let reply = r#"method return time=1 sender=:1.6 -> destination=:1.39 serial=30 reply_serial=2
   uint32 3
   struct {
      int32 0
      array [
         dict entry(
            string "children-display"
            variant                string "submenu"
         )
      ]
      array [
         variant             struct {
               int32 10
               array [
                  dict entry(
                     string "enabled"
                     variant                         boolean false
                  )
                  dict entry(
                     string "label"
                     variant                         string "АТС: соединяемся…"
                  )
               ]
            }
         variant             struct {
               int32 12
               array [
                  dict entry(
                     string "type"
                     variant                         string "separator"
                  )
               ]
            }
         variant             struct {
               int32 13
               array [
                  dict entry(
                     string "label"
                     variant                         string "Набрать номер…"
                  )
               ]
            }
"#;
        let item = |id, label: &str, enabled| {
            let label = label.to_owned();
            Item { id, label, enabled }
        };
        assert_eq!(
            items(reply),
            [item(10, "АТС: соединяемся…", false), item(13, "Набрать номер…", true)]
        );
        assert_eq!(items("no menu"), []);
    }
}
