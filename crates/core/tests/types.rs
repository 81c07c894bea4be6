//! The TypeScript that screens are written against, made from the Rust types.
//! `WRITE_TYPES=1 cargo test -p fieldline-core --test types` writes it anew.

use fieldline_core::{door, view};
use fieldline_model::{api, change, conversation, message, *};
use std::path::Path;
use ts_rs::{Config, TS};

macro_rules! declare {
    ($config:expr; $($name:ty),* $(,)?) => {
        [$(format!("export {}\n", <$name as TS>::decl($config))),*].concat()
    };
}

fn typescript() -> String {
    let config = &Config::new().with_large_int("number");
    let mut out = String::from("// Made from the Rust types by crates/core/tests/types.rs. Do not edit.\n\n");
    out += &declare!(config;
        CannedId, PlaceId, ConversationId, PersonId, CustomerId, MessageId, Mention, NoteId, IntentId, DeviceId, BlobHash,
        Code, Problem, Role, Module, GroupId, History, GroupChange, WorkspaceId, Person, PersonCard, Me, Policy, policy::Map, FileType, Rendition, Location, location::Tile, State, Author,
        Event, message::File, Quote, Body, Message, Customer, conversation::Preview, Conversation,
        change::ReadMark, SoundLevel, api::Hello, api::Invited, api::OwnDevice, second_factor::SecondFactor, second_factor::SecondFactorBegun,
        view::Typed, view::Mentioned, view::Topic, view::Door, view::Link, view::Counts, view::Mended, view::Status, view::Section, view::Sort,
        view::PreviewBy, view::RowPreview, view::RowHit, view::Row, view::Page, view::Rows, view::Mark, view::PictureOf,
        view::BubbleFile, view::QuoteLine, view::Side, view::BubbleBody, view::Bubble, view::Can, view::DraftFile,
        view::GroupTab, view::GroupRow, view::GroupsUnread, view::Groups, view::Block, view::Contact,
        view::Contacts, view::NewGroup, view::Begin, view::MembersChange, view::GroupPerson, view::GroupCan, view::GroupPeople, view::GroupSeen, view::ThreadGroup,
        view::PreviousConversation, view::Previous,
        Ready, QueueMode, Canned, view::OfferRow,
        admin::people::PeopleSearch, admin::people::PeoplePage, admin::people::AdminPerson, admin::people::AddPerson,
        admin::people::EditPerson, admin::people::OneTimeLink, admin::people::AdminDevice, admin::people::DeviceState,
        admin::desk::AdminQueue, admin::desk::PolicyRules, admin::desk::PolicyEffect, admin::desk::KeptFiles,
        admin::desk::MapSource, admin::desk::ChatPage, admin::desk::OpeningHours, admin::desk::OpenSpan,
        admin::desk::Imported, admin::desk::RefusedLine, admin::desk::LineFault, admin::desk::AdminCanned,
        admin::trail::AuditSearch, admin::trail::AuditPage, admin::trail::AuditLine, admin::trail::AuditParty,
        admin::trail::AuditAbout, admin::trail::AboutKind, admin::trail::CustomersSearch,
        admin::trail::CustomersPage, admin::trail::AdminCustomer, admin::trail::AdminConversation,
        admin::trail::Erase, QueueId, AdminAsk, AdminAnswer,
        view::Draft, view::Colleague, view::NoteLine, view::Notes, view::Thread, view::OutboxKind, view::OutboxRow,
    );
    out.push('\n');
    out += &door::typescript(config);
    out
}

#[test]
fn the_typescript_types_are_those_of_the_rust_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/gen/types.ts");
    let now = typescript();
    if std::env::var_os("WRITE_TYPES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == now, "ui/src/gen/types.ts is stale: run `make types`");
}
