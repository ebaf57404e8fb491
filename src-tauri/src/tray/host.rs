//! Whether anybody shows the tray. On Linux that is the work of a panel, and some desktops have none: then our icon is
//! there for nobody.
//!
//! Panels tell the session bus of it, at a place that all desktops agree on. It is asked there, and again whenever
//! something changes: a panel may come after us, go, and come back. No bus, or no answer in time: nobody shows it.

use crate::bus::in_time;
use futures_util::StreamExt as _;
use zbus::connection::Builder;
use zbus::fdo::PropertiesProxy;
use zbus::proxy::CacheProperties;
use zbus::{Connection, Proxy};

/// Where a panel says that it shows trays.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const PLACE: &str = "/StatusNotifierWatcher";
const SHOWS: &str = "IsStatusNotifierHostRegistered";

/// Tells whether trays are shown, now and after every change, for as long as the bus lasts.
pub async fn follow(bus: zbus::Result<Builder<'_>>, tell: impl Fn(bool)) {
    if let Err(error) = watch(bus, &tell).await {
        tracing::info!(%error, "nobody tells whether the tray is shown");
    }
    tell(false);
}

async fn watch(bus: zbus::Result<Builder<'_>>, tell: &impl Fn(bool)) -> zbus::Result<()> {
    let bus: Connection = in_time(bus?.build()).await?;
    let ask = zbus::proxy::Builder::<Proxy<'_>>::new(&bus)
        .destination(WATCHER)?
        .path(PLACE)?
        .interface(WATCHER)?
        .cache_properties(CacheProperties::No);
    let watcher = in_time(ask.build()).await?;
    let ask = PropertiesProxy::builder(&bus).destination(WATCHER)?.path(PLACE)?;
    let properties = in_time(ask.cache_properties(CacheProperties::No).build()).await?;
    // Heard from before the first question on, so that nothing falls between the two.
    let mut owners = in_time(watcher.receive_owner_changed()).await?;
    let mut signals = in_time(watcher.receive_all_signals()).await?;
    let mut changes = in_time(properties.receive_properties_changed()).await?;
    loop {
        tell(in_time(watcher.get_property(SHOWS)).await.unwrap_or(false));
        let goes_on = tokio::select! {
            owner = owners.next() => owner.is_some(),
            signal = signals.next() => signal.is_some(),
            change = changes.next() => change.is_some(),
        };
        if !goes_on {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sandbox::bus::Bus;
    use std::time::Duration;
    use tokio::sync::watch;
    use zbus::object_server::SignalEmitter;

    fn builder(bus: &Bus) -> zbus::Result<Builder<'static>> {
        Builder::address(bus.address.as_str())
    }

    async fn panel_on(bus: &Bus, shows: bool) -> Connection {
        let panel = builder(bus).unwrap().serve_at(PLACE, Watcher { shows }).unwrap();
        panel.name(WATCHER).unwrap().build().await.unwrap()
    }

    /// The place where panels say it.
    struct Watcher {
        shows: bool,
    }

    #[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
    impl Watcher {
        #[zbus(property)]
        fn is_status_notifier_host_registered(&self) -> bool {
            self.shows
        }

        #[zbus(signal)]
        async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
    }

    /// One that has the place, and never answers.
    struct Silent;

    #[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
    impl Silent {
        #[zbus(property)]
        async fn is_status_notifier_host_registered(&self) -> bool {
            std::future::pending().await
        }
    }

    async fn until(told: &mut watch::Receiver<Option<bool>>, shown: bool) {
        let heard = told.wait_for(|told| *told == Some(shown));
        tokio::time::timeout(Duration::from_secs(20), heard).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_panel_that_comes_begins_to_show_goes_and_ends_with_the_bus_is_followed() {
        let bus = Bus::start().unwrap();
        let (tell, mut told) = watch::channel(None);
        let following = tokio::spawn({
            let builder = builder(&bus);
            async move {
                follow(builder, |shown| {
                    tell.send_replace(Some(shown));
                })
                .await
            }
        });
        until(&mut told, false).await;
        let panel = panel_on(&bus, true).await;
        until(&mut told, true).await;
        drop(panel);
        until(&mut told, false).await;

        // One that keeps the place and shows nothing yet says so when it does, by its own signal or by the bus's.
        let panel = panel_on(&bus, false).await;
        let watcher = panel.object_server().interface::<_, Watcher>(PLACE).await.unwrap();
        watcher.get_mut().await.shows = true;
        watcher.status_notifier_host_registered().await.unwrap();
        until(&mut told, true).await;
        let mut place = watcher.get_mut().await;
        place.shows = false;
        place
            .is_status_notifier_host_registered_changed(watcher.signal_emitter())
            .await
            .unwrap();
        drop(place);
        until(&mut told, false).await;
        watcher.get_mut().await.shows = true;
        watcher.status_notifier_host_registered().await.unwrap();
        until(&mut told, true).await;

        drop(bus);
        until(&mut told, false).await;
        tokio::time::timeout(Duration::from_secs(20), following).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn without_a_bus_nobody_shows_it_and_nobody_waits() {
        let (tell, mut told) = watch::channel(None);
        follow(Builder::address("unix:path=/nonexistent/bus"), |shown| {
            tell.send_replace(Some(shown));
        })
        .await;
        until(&mut told, false).await;
    }

    #[tokio::test]
    async fn a_panel_that_does_not_answer_is_not_waited_for() {
        let bus = Bus::start().unwrap();
        let silent = builder(&bus).unwrap().serve_at(PLACE, Silent).unwrap();
        let silent = silent.name(WATCHER).unwrap().build().await.unwrap();
        let (tell, mut told) = watch::channel(None);
        let builder = builder(&bus);
        let following = tokio::spawn(async move {
            follow(builder, |shown| {
                tell.send_replace(Some(shown));
            })
            .await
        });
        until(&mut told, false).await;
        // The next one is heard of.
        drop(silent);
        let _panel = panel_on(&bus, true).await;
        until(&mut told, true).await;
        drop(bus);
        tokio::time::timeout(Duration::from_secs(20), following).await.unwrap().unwrap();
    }
}
