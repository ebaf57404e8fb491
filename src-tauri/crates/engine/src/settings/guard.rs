//! The guard before a call out: the office's policy and this desk's calls, asked for each number (`calls::DialPolicy`).

use crate::view::{DialPolicyView, DoubtView, PermitView};
use calls::{DialPolicy, Doubt, Permit, Region};
use serde_json::Value;

/// Most countries that are kept.
const MOST_COUNTRIES: usize = 300;

/// For the windows.
pub(crate) fn doubt_view(doubt: Doubt) -> DoubtView {
    match doubt {
        Doubt::Emergency => DoubtView::Emergency,
        Doubt::ServiceCode => DoubtView::ServiceCode,
        Doubt::Premium => DoubtView::Premium,
        Doubt::Satellite => DoubtView::Satellite,
        Doubt::SharedCost => DoubtView::SharedCost,
        Doubt::NotTheCaller => DoubtView::NotTheCaller,
        Doubt::OneRing => DoubtView::OneRing,
        Doubt::Foreign => DoubtView::Foreign,
    }
}

/// As the settings screen returned it; what is no country is left out.
pub(crate) fn policy(view: &DialPolicyView) -> DialPolicy {
    let mut countries: Vec<String> = Vec::new();
    for country in view.countries.iter().filter_map(|code| Region::from_code(code.trim())) {
        if countries.len() < MOST_COUNTRIES && !countries.contains(&country.code()) {
            countries.push(country.code());
        }
    }
    DialPolicy {
        countries,
        foreign: permit(view.foreign),
        premium: permit(view.premium),
        satellite: permit(view.satellite),
        shared_cost: permit(view.shared_cost),
    }
}

/// The same; what nobody changed stays as the office's file spells it.
pub(crate) fn changed(kept: &DialPolicy, view: &DialPolicyView) -> DialPolicy {
    let is_same = policy_view(kept, view.fixed) == *view;
    if is_same { kept.clone() } else { policy(view) }
}

/// For the settings screen.
pub(crate) fn policy_view(policy: &DialPolicy, fixed: bool) -> DialPolicyView {
    DialPolicyView {
        countries: policy.countries.clone(),
        foreign: permit_view(policy.foreign),
        premium: permit_view(policy.premium),
        satellite: permit_view(policy.satellite),
        shared_cost: permit_view(policy.shared_cost),
        fixed,
    }
}

/// Rules for calls out with what somebody else wants stricter; values as settings keep them. What is dialled at once by its
/// country stays as it was.
pub(crate) fn stricter(rules: &Value, wanted: &Value) -> Value {
    let read = |value: &Value| serde_json::from_value::<DialPolicy>(value.clone()).ok();
    let (Some(rules), Some(wanted)) = (read(rules), read(wanted)) else {
        return rules.clone();
    };
    let policy = DialPolicy {
        foreign: of_both(rules.foreign, wanted.foreign),
        premium: of_both(rules.premium, wanted.premium),
        satellite: of_both(rules.satellite, wanted.satellite),
        shared_cost: of_both(rules.shared_cost, wanted.shared_cost),
        countries: rules.countries,
    };
    // A list of texts and four words: there is nothing that could not be written.
    serde_json::to_value(policy).unwrap_or_default()
}

fn of_both(one: Permit, other: Permit) -> Permit {
    match (one, other) {
        (Permit::Never, _) | (_, Permit::Never) => Permit::Never,
        (Permit::Ask, _) | (_, Permit::Ask) => Permit::Ask,
        (Permit::Allow, Permit::Allow) => Permit::Allow,
    }
}

fn permit(view: PermitView) -> Permit {
    match view {
        PermitView::Allow => Permit::Allow,
        PermitView::Ask => Permit::Ask,
        PermitView::Never => Permit::Never,
    }
}

fn permit_view(permit: Permit) -> PermitView {
    match permit {
        Permit::Allow => PermitView::Allow,
        Permit::Ask => PermitView::Ask,
        Permit::Never => PermitView::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_comes_back_from_the_screen_with_its_countries_each_once() {
        let typed = DialPolicyView {
            countries: vec![
                "kz".into(),
                " BY ".into(),
                "KZ".into(),
                "Казахстан".into(),
                "..".into(),
                String::new(),
            ],
            foreign: PermitView::Never,
            premium: PermitView::Never,
            satellite: PermitView::Ask,
            shared_cost: PermitView::Allow,
            fixed: false,
        };
        let kept = policy(&typed);
        assert_eq!(kept.countries, ["KZ", "BY"]);
        assert_eq!(
            policy_view(&kept, false),
            DialPolicyView {
                countries: vec!["KZ".into(), "BY".into()],
                ..typed
            }
        );
    }
}
