//! A message bus of one app's own: what a desktop's session bus and a machine's system
//! bus are, with nothing on it but what a story puts there.
//!
//! Both of the app's buses are this one, so that nothing of the machine that runs the
//! tests answers, and what ought to be absent is absent.

use std::fs;
use std::path::Path;
use std::process::Command;

use zbus::blocking::{Connection, MessageIterator, connection};
use zbus::message::Type;

use super::process::{Process, tool};
use super::wait::soon;

/// A bus that starts no program: none of a desktop's own would end with the run.
const RULES: &str = r#"<busconfig>
    <type>session</type>
    <listen>unix:tmpdir=/tmp</listen>
    <policy context="default">
        <allow send_destination="*" eavesdrop="true"/>
        <allow eavesdrop="true"/>
        <allow own="*"/>
    </policy>
</busconfig>
"#;

/// The bus, until it is dropped.
pub struct Bus {
    address: String,
    _daemon: Process,
}

impl Bus {
    /// Starts one whose log is called after `name`; its rules stand below `folder`.
    ///
    /// # Panics
    ///
    /// When it does not say its address.
    pub fn start(name: &str, folder: &Path) -> Self {
        let rules = folder.join(format!("{name}-bus.conf"));
        fs::write(&rules, RULES).expect("the bus's rules can be written");
        let mut command = Command::new(tool(&["dbus-daemon"]));
        command.arg("--config-file").arg(rules).args(["--nofork", "--nopidfile", "--print-address=1"]);
        let mut daemon = Process::start(&format!("{name}-bus"), command);
        let address = soon("the bus says its address", || match daemon.has_ended() {
            Some(end) => Err(end),
            None => daemon
                .said()
                .lines()
                .find(|line| line.starts_with("unix:"))
                .map(str::to_owned)
                .ok_or("not yet".into()),
        });
        Self { address, _daemon: daemon }
    }

    /// Where it is, as `DBUS_SESSION_BUS_ADDRESS` says it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Answers the calls to a name of the bus for as long as the bus is there.
    pub(super) fn serves(&self, name: &'static str, mut program: impl Program) -> Connection {
        let there = connection::Builder::address(self.address.as_str()).and_then(connection::Builder::build);
        let there = there.expect("the bus takes a program");
        let calls = MessageIterator::from(&there);
        let answering = there.clone();
        std::thread::spawn(move || {
            for call in calls.map_while(Result::ok).filter(|it| it.message_type() == Type::MethodCall) {
                // It fails only when the bus is gone, and then there are no further calls.
                let _ = program.answer(&Call { bus: &answering, message: &call });
            }
        });
        there.request_name(name).expect("nobody else has the name");
        there
    }
}

/// What answers under a name of the bus.
pub(super) trait Program: Send + 'static {
    /// Answers one call.
    fn answer(&mut self, call: &Call<'_>) -> zbus::Result<()>;
}

/// One call of somebody's.
pub(super) struct Call<'a> {
    bus: &'a Connection,
    /// With its arguments.
    pub message: &'a zbus::Message,
}

impl Call<'_> {
    /// What is to be done.
    pub fn member(&self) -> String {
        self.message.header().member().map(ToString::to_string).unwrap_or_default()
    }

    /// To what.
    pub fn path(&self) -> String {
        self.message.header().path().map(ToString::to_string).unwrap_or_default()
    }

    /// Done; this came of it.
    pub fn reply<B: serde::Serialize + zbus::zvariant::DynamicType>(&self, body: &B) -> zbus::Result<()> {
        self.bus.reply(&self.message.header(), body)
    }

    /// Not done.
    pub fn refuse(&self, error: &'static str) -> zbus::Result<()> {
        self.bus.reply_error(&self.message.header(), error, &"not for you")
    }

    /// Tells everybody on the bus.
    pub fn tell<B: serde::Serialize + zbus::zvariant::DynamicType>(
        &self,
        signal: Signal<'_>,
        body: &B,
    ) -> zbus::Result<()> {
        signal.tell(self.bus, body)
    }
}

/// What a program tells without being asked: from which of its things, and what.
#[derive(Clone, Copy)]
pub(super) struct Signal<'a> {
    /// The thing.
    pub path: &'a str,
    /// Its kind.
    pub interface: &'a str,
    /// What happened.
    pub member: &'a str,
}

impl Signal<'_> {
    /// Tells everybody on the bus.
    pub fn tell<B: serde::Serialize + zbus::zvariant::DynamicType>(
        self,
        bus: &Connection,
        body: &B,
    ) -> zbus::Result<()> {
        bus.emit_signal(None::<&str>, self.path, self.interface, self.member, body)
    }
}
