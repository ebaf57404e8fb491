//! What is kept of data on this computer, and from which hosts: bounds of what a person types.

use crate::settings::UsersKept;
use crate::view::SettingsView;
use std::ops::RangeInclusive;

/// A year, and the month before it to compare with.
pub(crate) const MONTHS: u32 = 13;
/// Fewer months and more make no sense.
const SENSIBLE_MONTHS: RangeInclusive<u32> = 1..=120;
/// From an hour to a week.
const SENSIBLE_HOURS: RangeInclusive<u32> = 1..=168;
/// Most hosts that are kept.
const MOST_HOSTS: usize = 50;

fn within(value: u32, sensible: &RangeInclusive<u32>) -> u32 {
    value.clamp(*sensible.start(), *sensible.end())
}

/// How many months ended calls are kept, whatever is set.
pub(crate) fn sensible_months(months: u32) -> u32 {
    within(months, &SENSIBLE_MONTHS)
}

// What nobody changed on the screen stays as it is, however an office's file spells it: a locked value that came back
// tidied up would be a change, and refused.

/// The same, as the settings screen returned it.
pub(crate) fn months(kept: u32, typed: u32) -> u32 {
    if typed == kept { kept } else { sensible_months(typed) }
}

/// The index of users, as the settings screen returned it.
pub(crate) fn users(kept: UsersKept, view: &SettingsView) -> UsersKept {
    if view.users_hours == kept.hours {
        return kept;
    }
    UsersKept {
        hours: within(view.users_hours, &SENSIBLE_HOURS),
    }
}

/// Hosts for files, as the settings screen returned them, each once; what is no host is left out.
pub(crate) fn file_hosts(kept: &[String], texts: &[String]) -> Vec<String> {
    if kept == texts {
        return kept.to_vec();
    }
    let mut hosts: Vec<String> = Vec::new();
    let read = |text: &String| text.parse::<omnidesk::FileHost>().ok();
    for host in texts.iter().filter_map(read).map(|host| host.to_string()) {
        if hosts.len() < MOST_HOSTS && !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::settings::secret::Secrets;
    use crate::view::SecretsView;
    use calls::DialPolicy;

    #[test]
    fn hosts_come_back_from_the_screen_each_once_and_without_what_is_none() {
        let typed = [
            " Files.example.com ",
            "files.example.com",
            "*.cdn.example.com",
            "com",
            "10.0.0.5",
            "https://files.example.com",
            "",
        ];
        let kept = file_hosts(&[], &typed.map(str::to_owned));
        assert_eq!(kept, ["files.example.com", "*.cdn.example.com"]);
        let many: Vec<String> = (0..200).map(|n| format!("h{n}.example.com")).collect();
        assert_eq!(file_hosts(&[], &many).len(), MOST_HOSTS);
    }

    #[test]
    fn numbers_without_sense_become_the_nearest_with_it() {
        for (typed, held) in [(0, 1), (13, 13), (u32::MAX, 120)] {
            assert_eq!(months(12, typed), held);
        }
        let view = SettingsView {
            users_hours: 9_999,
            ..SettingsView::default()
        };
        assert_eq!(users(UsersKept::default(), &view), UsersKept { hours: 168 });
    }

    #[test]
    fn what_nobody_changed_comes_back_as_the_office_spells_it() {
        let odd = Settings {
            users: UsersKept { hours: 0 },
            history_months: 0,
            file_hosts: vec!["Files.Example.com".into(), "com".into()],
            dial_policy: DialPolicy {
                countries: vec!["kz".into(), "kz".into()],
                ..DialPolicy::default()
            },
            ..Settings::default()
        };
        let view = odd.view(&Secrets::default(), SecretsView::Keychain);
        assert_eq!(odd.with(&view), odd);
    }
}
