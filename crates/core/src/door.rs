//! The commands: everything a screen can ask of the engine, in one list. From it
//! come the dispatcher that the browser's worker calls, and the TypeScript
//! interface; the shell's one-line commands are tested against [`NAMES`].
//!
//! Invariants
//! - A command is one method of [`Engine`] with the same name and arguments.
//! - Every command that asks for something (pick, send, …) takes the intent's id
//!   from its caller, so that a repeat after a crash or a hand-over between tabs
//!   repeats nothing.
//! - Bytes cross beside JSON, never in it: [`Engine::picture`], [`Engine::attach`].

use crate::engine::Engine;
use crate::view::{
    Begin, Block, Colleague, Contacts, Draft, GroupPeople, GroupTab, Groups, MembersChange, NewGroup, Notes,
    OutboxRow, Page, Previous, RowHit, Rows, Section, Sort, Status, Thread, Typed,
};
use fieldline_model::api::{Hello, Invited, OwnDevice};
use fieldline_model::second_factor::{SecondFactor, SecondFactorBegun};
use fieldline_model::{
    AdminAnswer, AdminAsk, BlobHash, Canned, DeviceId, IntentId, Location, MessageId, PersonId, PlaceId,
    Problem, Ready, SoundLevel,
};
use serde::Deserialize;
use serde_json::Value;
use ts_rs::TS;

macro_rules! commands {
    ($($(#[doc = $doc:literal])* $name:ident($($arg:ident: $ty:ty),*) -> $reply:ty;)*) => {
        /// Every command's name, in the order of the list.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Runs a command by name with its arguments as a JSON object.
        ///
        /// Errors: what the command itself refuses; [`fieldline_model::Code::BadRequest`]
        /// for an unknown name or arguments of another shape.
        pub async fn dispatch(engine: &Engine, name: &str, args: Value) -> Result<Value, Problem> {
            match name {
                $(stringify!($name) => {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Args { $($arg: $ty),* }
                    let Args { $($arg),* } = parse(args)?;
                    let reply = engine.$name($($arg),*).await?;
                    serde_json::to_value(reply).map_err(|_| fieldline_model::Code::Internal.into())
                })*
                _ => Err(fieldline_model::Code::BadRequest.into()),
            }
        }

        /// The commands as a TypeScript interface: name → arguments and reply.
        pub fn typescript(config: &ts_rs::Config) -> String {
            let mut out = String::from("/** Every command of the engine. */\nexport interface Commands {\n");
            $(
                $(out.push_str(&format!("  /**{} */\n", $doc));)*
                #[allow(unused_mut)]
                let mut args: Vec<String> = Vec::new();
                $(args.push(format!("{}: {}", stringify!($arg), <$ty as TS>::name(config)));)*
                let args = match args.join("; ") {
                    none if none.is_empty() => String::from("Record<string, never>"),
                    some => format!("{{ {some} }}"),
                };
                out.push_str(&format!(
                    "  {}: {{ args: {args}; reply: {} }};\n",
                    stringify!($name), <$reply as TS>::name(config)
                ));
            )*
            out.push_str("}\n");
            out
        }
    };
}

fn parse<T: for<'de> Deserialize<'de>>(args: Value) -> Result<T, Problem> {
    let args = if args.is_null() { Value::Object(Default::default()) } else { args };
    serde_json::from_value(args).map_err(|_| fieldline_model::Code::BadRequest.into())
}

commands! {
    /// The state of the whole app.
    status() -> Status;
    /// Asks an address whether it is a Fieldline server.
    check_server(server: String) -> Hello;
    /// Signs in, after `code_needed` with a code too. The profile of this server and person is opened, or made.
    sign_in(server: String, login: String, password: String, code: Option<String>) -> Status;
    /// Who an invite is for.
    invited(server: String, secret: String) -> Invited;
    /// Accepts an invite with a password of one's own; with a code too, as `sign_in`.
    join(server: String, secret: String, password: String, code: Option<String>) -> Status;
    /// Signs out. With unsent work it refuses with `unsent_work` unless `discard` is set.
    sign_out(discard: bool) -> Status;
    /// A part of a list, filtered by `search` over names, numbers and every message on this device.
    rows(section: Section, sort: Sort, search: String, page: Page) -> Rows;
    /// The newest messages of a place on this device that have the words of `search`, newest first.
    find(place: PlaceId, search: String) -> Vec<RowHit>;
    /// A conversation with its newest `limit` entries.
    thread(place: PlaceId, limit: u32) -> Thread;
    /// A conversation with `limit` entries up to the number `until`, and nothing unsent.
    thread_until(place: PlaceId, until: i64, limit: u32) -> Thread;
    /// Fetches entries before the oldest on this device. Replies whether any came.
    older(place: PlaceId) -> bool;
    /// Fetches the entries around the number `n` from the server. Replies whether any came.
    fetch_at(place: PlaceId, n: i64) -> bool;
    /// The newest `limit` entries of the customer's conversations before this one.
    previous(place: PlaceId, limit: u32) -> Previous;
    /// Fetches what comes before the oldest of them on this device. Replies whether there was
    /// anything to ask for.
    fetch_previous(place: PlaceId) -> bool;
    /// Everything up to `n` was read.
    read(place: PlaceId, n: i64) -> ();
    /// Takes a waiting conversation.
    pick(id: IntentId, place: PlaceId) -> ();
    /// Takes an offered conversation.
    accept(id: IntentId, place: PlaceId) -> ();
    /// Lets an offered conversation go on to the next agent.
    pass(id: IntentId, place: PlaceId) -> ();
    /// Sets whether this person takes conversations.
    set_availability(id: IntentId, ready: Ready) -> ();
    /// Ends a conversation.
    end(id: IntentId, place: PlaceId) -> ();
    /// Takes an ended conversation back.
    reopen(id: IntentId, place: PlaceId) -> ();
    /// Tells others that this person types, or looks, just now; without a signal, nobody.
    signal(place: PlaceId, typing: bool, viewing: bool) -> ();
    /// Keeps the text being composed.
    save_draft(place: PlaceId, text: Typed) -> ();
    /// Takes a photo out of the draft.
    detach(place: PlaceId, hash: BlobHash) -> Draft;
    /// Puts a location into the draft, or takes it out.
    set_location(place: PlaceId, location: Option<Location>) -> Draft;
    /// Lets the draft answer a message, or none.
    set_reply(place: PlaceId, message: Option<MessageId>) -> Draft;
    /// Sends the draft with `text` as its text: one step, so nothing is lost between.
    send(id: IntentId, place: PlaceId, text: Typed) -> ();
    /// Deletes a message of one's own for everybody; one that was never sent is discarded.
    delete(id: IntentId, place: PlaceId, message: MessageId) -> ();
    /// Hands an open conversation to a colleague, or back to the picklist, with a note.
    transfer(id: IntentId, place: PlaceId, to: Option<PersonId>, note: String) -> ();
    /// The colleagues a conversation may be handed to.
    colleagues() -> Vec<Colleague>;
    /// The canned replies of the workspace, by shortcut.
    canned() -> Vec<Canned>;
    /// A conversation's internal notes, and the one being written.
    notes(place: PlaceId) -> Notes;
    /// Keeps the note being written.
    save_note_draft(place: PlaceId, text: String) -> ();
    /// Saves an internal note; it is no longer being written.
    note(id: IntentId, place: PlaceId, text: String) -> ();
    /// A part of a list of message threads, filtered by `search` over names and every message on this device.
    groups(tab: GroupTab, search: String, page: Page) -> Groups;
    /// A part of a block of the contact list, by name, without oneself.
    contacts(block: Block, search: String, from: u32, limit: u32) -> Contacts;
    /// One verb of the Configurator, for admins, while the server answers.
    admin(ask: AdminAsk) -> AdminAnswer;
    /// The message thread that is being composed on this device.
    new_group() -> NewGroup;
    /// Begins a message thread with what is composed as its first message. Replies its place; with one
    /// person that is the direct thread of both, which may have been there before.
    start_group(id: IntentId, begin: Begin) -> PlaceId;
    /// Who is in a group.
    group_people(place: PlaceId) -> GroupPeople;
    /// Adds people to a group and removes others, against what was shown: one batch.
    save_members(id: IntentId, place: PlaceId, change: MembersChange) -> ();
    /// Goes out of a group.
    leave_group(id: IntentId, place: PlaceId) -> ();
    /// Names a group; an empty name takes it away.
    rename_group(id: IntentId, place: PlaceId, name: String) -> ();
    /// Sets how loud the news of a place is for this person, on all their devices; nothing: as each is set.
    set_sound(id: IntentId, place: PlaceId, sound: Option<SoundLevel>) -> ();
    /// Everything unsent on this device.
    outbox() -> Vec<OutboxRow>;
    /// Tries again now: one stuck intent, or everything.
    retry(intent: Option<IntentId>) -> ();
    /// Drops an unsent intent; a message's text and photos go back to the draft when `keep` is set.
    discard(intent: IntentId, keep: bool) -> ();
    /// Throws away what is being composed in a place: the message, or the internal note.
    discard_draft(place: PlaceId, note: bool) -> ();
    /// Where this person is signed in, the device used last first.
    own_devices() -> Vec<OwnDevice>;
    /// Signs this person out on one of their other devices.
    sign_out_device(device: DeviceId) -> ();
    /// Signs this person out on every other device.
    sign_out_others() -> ();
    /// Changes this person's password, which needs the old one; their other devices are signed out.
    change_password(old: String, new: String) -> ();
    /// How this person's second factor stands.
    second_factor() -> SecondFactor;
    /// Begins a second factor, which needs the password: its secret and recovery codes, told this once.
    begin_second_factor(password: String) -> SecondFactorBegun;
    /// Turns on the second factor that was begun, by its first code.
    turn_second_factor_on(code: String) -> ();
    /// Turns the second factor off, which needs the password and a code.
    turn_second_factor_off(password: String, code: String) -> ();
    /// The person was told that this device's storage was mended.
    mended_seen() -> ();
    /// Connects and syncs now.
    sync_now() -> ();
}
