//! What of a conversation its customer sees: built field by field from what is
//! public (an allow-list), into types that can hold nothing else.

use crate::store::{Look, Stop, Workspace};
use fieldline_model::api::PAGE_MAX;
use fieldline_model::public::{
    PublicAuthor, PublicBody, PublicChat, PublicFile, PublicMessage, PublicPage, PublicQuote,
};
use fieldline_model::{Author, Body, Code, CustomerId, Message, MessageId, Quote, State};

fn author(of: Author) -> PublicAuthor {
    match of {
        Author::Customer => PublicAuthor::You,
        Author::Person(card) => PublicAuthor::Staff { name: card.name },
    }
}

fn quote(it: Quote) -> PublicQuote {
    PublicQuote {
        message: it.message,
        author: author(it.author),
        text: it.text,
        photos: it.photos,
        location: it.location,
        deleted: it.deleted,
    }
}

/// One entry as its customer sees it; `None`: what is no customer's.
pub fn message(public_seq: i64, message: Message) -> Option<PublicMessage> {
    let author = author(message.author);
    let body = match message.body {
        Body::Happened { event } => PublicBody::Happened { event },
        Body::Said { text, files, location, reply_to, mentions: _ } => {
            let file = |f: fieldline_model::File| PublicFile {
                name: f.name,
                kind: f.kind,
                width: f.width,
                height: f.height,
            };
            let files = files.into_iter().map(file).collect();
            let reply_to = reply_to.map(|it| Box::new(quote(*it)));
            PublicBody::Said { text, files, location, reply_to, deleted: message.deleted }
        }
        // Of groups alone.
        Body::Changed { .. } => return None,
    };
    Some(PublicMessage { id: message.id, public_seq, author, at_ms: message.at_ms, body })
}

/// The chat as it is now.
fn chat(look: &Look<'_>, workspace: Workspace, who: CustomerId, now_ms: i64) -> Result<PublicChat, Stop> {
    let customer = look.customer(who)?.ok_or(Code::NotFound)?;
    let newest = look.newest_of(who)?;
    let held = newest.as_ref().filter(|it| it.state != State::Waiting);
    Ok(PublicChat {
        workspace: workspace.name,
        name: customer.name,
        phone: customer.phone,
        state: newest.as_ref().map(|it| it.state),
        agent: held.and_then(|it| it.agent.as_ref()).map(|agent| agent.name.clone()),
        policy: workspace.policy,
        desk: crate::admin::desk(look, now_ms)?,
        seen: look.seen_of(who)?,
    })
}

/// Where a customer's page is.
#[derive(Clone, Debug)]
pub struct Cursor {
    /// The last number it has.
    pub after: i64,
    /// Of which epoch; a page that knows none takes it to be this one.
    pub epoch: Option<String>,
}

/// What is new to a customer after a cursor. One of another epoch, or ahead of the newest
/// entry, is of a server that was restored since: it counts as none.
pub fn page(look: &Look<'_>, who: CustomerId, (cursor, now_ms): (&Cursor, i64)) -> Result<PublicPage, Stop> {
    let (workspace, head) = (look.workspace()?, look.public_head(who)?);
    let epoch = workspace.epoch.clone();
    let stands = cursor.after <= head && cursor.epoch.as_ref().is_none_or(|of| *of == epoch);
    let after = if stands { cursor.after } else { 0 };
    let entries = look.public_entries(who, after, PAGE_MAX)?;
    // Some facts are no entries: who has the conversation has read on.
    let more = entries.len() == PAGE_MAX && entries.last().is_some_and(|(seq, _)| *seq < head);
    let cursor = entries.last().filter(|_| more).map_or(head, |(seq, _)| *seq);
    let messages = entries.into_iter().filter_map(|(seq, entry)| message(seq, entry)).collect();
    let deleted = look.public_deleted(who, after)?;
    let chat = chat(look, workspace, who, now_ms)?;
    Ok(PublicPage { epoch, cursor, more, chat, messages, deleted })
}

/// One of a customer's own entries; refuses with *not_found* any other.
pub fn entry(look: &Look<'_>, who: CustomerId, which: MessageId) -> Result<(i64, Message), Stop> {
    let entry = look.message(which)?.ok_or(Code::NotFound)?;
    let seq = look.public_seq_of(who, &entry)?.ok_or(Code::NotFound)?;
    Ok((seq, entry))
}

/// The page that holds one entry: what a customer's own message is answered with.
/// Its cursor is 0, so that a reader who takes it as its own skips nothing that
/// came before the entry.
pub fn page_of(
    look: &Look<'_>,
    who: CustomerId,
    (which, now_ms): (MessageId, i64),
) -> Result<PublicPage, Stop> {
    let (seq, entry) = entry(look, who, which)?;
    let messages = message(seq, entry).into_iter().collect();
    let workspace = look.workspace()?;
    let epoch = workspace.epoch.clone();
    let chat = chat(look, workspace, who, now_ms)?;
    Ok(PublicPage { epoch, cursor: 0, more: false, chat, messages, deleted: Vec::new() })
}
