//! Statistics in the real window: what just happened counts, and the team is read from Omnidesk, stopped and refused.

use crate::desk::{Desk, Test};
use crate::links::run;
use crate::window::{App, PATIENCE, Page, Role, screen};
use ringside_tests::eventually;
use sandbox::omnidesk::{Fault, FaultRule};

const STRANGER: &str = "79219998877";

/// What a part of the page shows.
async fn part(app: &App, title: &str, says: &str) {
    let script = format!(
        "return [...document.querySelectorAll('section')].find((part) => part.querySelector('h2')?.textContent === '{title}')?.innerText"
    );
    eventually(&format!("{says} in {title}"), PATIENCE, || async {
        let text = app.run(&script).await.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
        text.contains(says).then_some(())
    })
    .await;
}

/// Presses the button with this text by the keyboard.
async fn press_by_keys(app: &App, text: &str) {
    app.find(Role::Button, text).await;
    let focus = format!(
        "const button = [...document.querySelectorAll('main button')].find((button) => button.textContent.trim() === '{text}'); button.focus(); \
         return document.activeElement === button"
    );
    assert_eq!(app.run(&focus).await, true, "the keyboard on {text}");
    screen::type_keys(&["Return"]);
}

#[tokio::test]
#[ignore = "needs a desktop: cargo xtask test --only window"]
async fn s35_s36_s38_the_agents_own_figures_and_the_teams_are_shown_stopped_and_gone_on_with() -> Test {
    let (desk, app) = Desk::at_work().await?;
    let omnidesk = desk.sandbox.omnidesk();
    omnidesk.set_rate_limit(6_000);
    desk.missed_and_opened(&app, STRANGER).await?;
    run(&desk, &["show", "stats"], 0).await?;
    app.look_at(Page::Workspace).await;
    app.find(Role::Heading, "Статистика").await;
    part(&app, "Мой день", "1 ждут").await;
    part(&app, "Общая нагрузка", "Поступившие обращения 1").await;

    // The team: a closed case is looked into until that is stopped.
    let closed = FaultRule::once(Fault::Delay { ms: 1_500 })
        .on("GET", "/api/cases/*/changelog.json")
        .times(0);
    omnidesk.fault(closed);
    press_by_keys(&app, "30 дней").await;
    press_by_keys(&app, "Команда").await;
    app.sees("Смотрим, кто закрыл и есть ли запись").await;
    app.find(Role::Button, "Остановить").await;
    app.picture("statistics-1-reading").await;
    press_by_keys(&app, "Остановить").await;
    app.sees("Остановлено.").await;
    omnidesk.clear_faults();
    press_by_keys(&app, "Продолжить").await;
    app.sees("По данным Омнидеска").await;
    let cases = omnidesk.cases();
    let of_calls = cases.iter().filter(|case| case.channel == "cch101" && !case.deleted).count();
    part(&app, "Общая нагрузка", &format!("Поступившие обращения {of_calls}")).await;
    part(&app, "Общая нагрузка", "Разговоры – Омнидеск не сообщает").await;
    app.picture("statistics-2-team").await;

    // Who loses the right is told, and what was read is not shown for what is.
    let refused = Fault::Status {
        status: 403,
        body: None,
        retry_after: None,
    };
    omnidesk.fault(FaultRule::once(refused).on("GET", "/api/cases.json").times(0));
    press_by_keys(&app, "Обновить").await;
    app.sees("Омнидеск не показывает вам обращения этого канала").await;
    omnidesk.clear_faults();
    press_by_keys(&app, "Продолжить").await;
    app.sees("По данным Омнидеска").await;
    press_by_keys(&app, "Мои").await;
    part(&app, "Мой день", "1 ждут").await;
    app.close().await;
    Ok(())
}
