//! The primary selection of X11 (ICCCM 2): its owner is asked to put it into a property of a window of ours, which is read
//! there. A long one comes in parts (`INCR`), of which no more are taken than are looked through.

use super::{LONGEST, Unread, is_ready, text_of, utf8};
use std::time::Instant;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{Atom, AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, Property, Window, WindowClass};
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME, NONE};

/// The selected text; not longer than is looked through.
pub fn read(until: Instant) -> Result<String, Unread> {
    let asked = Asked::new(until).ok_or(Unread::NotHere)?;
    if !asked.is_owned() {
        return Err(Unread::Nothing);
    }
    if let Some(bytes) = asked.convert(asked.utf8)? {
        return Ok(text_of(&bytes, utf8));
    }
    match asked.convert(AtomEnum::STRING.into())? {
        // Latin-1, byte by byte.
        Some(bytes) => Ok(text_of(&bytes, |bytes| bytes.iter().copied().map(char::from).collect())),
        None => Err(Unread::Nothing),
    }
}

/// A window that a selection is asked for.
struct Asked {
    conn: RustConnection,
    window: Window,
    /// Where its owner puts it.
    property: Atom,
    utf8: Atom,
    /// What says that it comes in parts.
    incr: Atom,
    until: Instant,
}

impl Asked {
    /// None without an X server.
    fn new(until: Instant) -> Option<Self> {
        let (conn, screen) = RustConnection::connect(None).ok()?;
        let root = conn.setup().roots.get(screen)?.root;
        let window = conn.generate_id().ok()?;
        let changes = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        let only_input = WindowClass::INPUT_ONLY;
        conn.create_window(
            COPY_DEPTH_FROM_PARENT,
            window,
            root,
            0,
            0,
            1,
            1,
            0,
            only_input,
            COPY_FROM_PARENT,
            &changes,
        )
        .ok()?;
        let atom = |name: &[u8]| Some(conn.intern_atom(false, name).ok()?.reply().ok()?.atom);
        let (property, utf8, incr) = (atom(b"RINGSIDE_SELECTION")?, atom(b"UTF8_STRING")?, atom(b"INCR")?);
        Some(Self {
            conn,
            window,
            property,
            utf8,
            incr,
            until,
        })
    }

    /// Whether anything is selected: of a program that has ended, nothing is.
    fn is_owned(&self) -> bool {
        let asked = self.conn.get_selection_owner(AtomEnum::PRIMARY.into());
        let owner = asked.ok().and_then(|asked| asked.reply().ok());
        owner.is_some_and(|owner| owner.owner != NONE)
    }

    /// Asks for the selection in this form; none where its owner has no such form.
    fn convert(&self, form: Atom) -> Result<Option<Vec<u8>>, Unread> {
        let Self {
            conn, window, property, ..
        } = self;
        let asked = conn.convert_selection(*window, AtomEnum::PRIMARY.into(), form, *property, CURRENT_TIME);
        asked.map_err(|_| Unread::NotHere)?;
        self.wait_for(|event| match event {
            Event::SelectionNotify(told) if told.requestor == *window && told.target == form => Some(told.property != NONE),
            _ => None,
        })
        .and_then(|has_it| if has_it { self.take().map(Some) } else { Ok(None) })
    }

    /// Takes what its owner has put there.
    fn take(&self) -> Result<Vec<u8>, Unread> {
        let (mut bytes, kind) = self.part()?;
        if kind != self.incr {
            return Ok(bytes);
        }
        // That it was taken away says that the parts may come.
        bytes.clear();
        while bytes.len() < LONGEST {
            self.wait_for(|event| match event {
                Event::PropertyNotify(told) if told.atom == self.property && told.state == Property::NEW_VALUE => Some(()),
                _ => None,
            })?;
            let (part, _) = self.part()?;
            if part.is_empty() {
                break;
            }
            bytes.extend(part);
        }
        Ok(bytes)
    }

    /// What stands in the property, no more of it than is looked through, and of which kind it is; it is taken away.
    fn part(&self) -> Result<(Vec<u8>, Atom), Unread> {
        let Self {
            conn, window, property, ..
        } = self;
        #[expect(clippy::cast_possible_truncation, reason = "a few thousand bytes, in units of four")]
        let longest = (LONGEST / 4) as u32;
        let asked = conn.get_property(false, *window, *property, AtomEnum::ANY, 0, longest);
        let reply = asked.map_err(|_| Unread::Silent)?.reply().map_err(|_| Unread::Silent)?;
        conn.delete_property(*window, *property).map_err(|_| Unread::Silent)?;
        conn.flush().map_err(|_| Unread::Silent)?;
        Ok((reply.value, reply.type_))
    }

    fn wait_for<T>(&self, is: impl Fn(&Event) -> Option<T>) -> Result<T, Unread> {
        self.conn.flush().map_err(|_| Unread::Silent)?;
        loop {
            match self.conn.poll_for_event() {
                Ok(Some(event)) => {
                    if let Some(told) = is(&event) {
                        return Ok(told);
                    }
                }
                Ok(None) if is_ready(self.conn.stream(), self.until) => {}
                Ok(None) | Err(_) => return Err(Unread::Silent),
            }
        }
    }
}
