//! What this program writes is the person's alone from its first file on, WebKit's profile included; and when it crashes,
//! no names and keys lie in a dump.

/// To be called before anything is written. What exists wider is tightened later ([`store::folder::tighten`]).
///
/// On other systems a person's own folders are closed to others already, and dumps are the system's choice.
pub fn keep_private() {
    #[cfg(unix)]
    {
        use rustix::fs::Mode;
        use rustix::process::{Resource, Rlimit, setrlimit, umask};
        umask(Mode::RWXG | Mode::RWXO);
        let nothing = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // It can only be refused where it was zero already.
        let _ = setrlimit(Resource::Core, nothing);
    }
}
