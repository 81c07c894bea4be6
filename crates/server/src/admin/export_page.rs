//! A conversation as one page that any browser shows: no script, nothing fetched from anywhere.
//!
//! Invariant: whatever somebody wrote is text of the page, never a part of it.

use super::export::Photos;
use fieldline_model::message::Event;
use fieldline_model::{Author, Body, Conversation, File, Message, Note};
use jiff::Timestamp;
use serde::Serialize;

/// Everything that is kept of a conversation.
#[derive(Serialize)]
pub struct Exported {
    /// The workspace's shown name.
    pub workspace: String,
    /// When it was taken out, milliseconds since 1970.
    pub exported_at_ms: i64,
    /// Its record.
    pub conversation: Conversation,
    /// Its entries, in order.
    pub entries: Vec<Message>,
    /// Its internal notes, in order.
    pub notes: Vec<Note>,
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;\
    color:#1b1b29;background:#fff}h1{font-size:1.4rem}ol{list-style:none;padding:0}li{margin:0 0 1rem;\
    padding:.6rem .9rem;border-radius:.8rem;background:#f1f1f8}li.event{background:none;color:#555;\
    text-align:center}li.note{background:#fff6d6}p{margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere}\
    .by{font-size:.85rem;color:#555}img{max-width:100%;max-height:24rem;border-radius:.5rem;display:block;\
    margin:.4rem 0}blockquote{margin:.3rem 0;padding-inline-start:.7rem;border-inline-start:3px solid #aab;\
    color:#555}";

/// The page.
pub fn page(all: &Exported, photos: &Photos) -> String {
    let customer = &all.conversation.customer;
    let called = customer.name.as_deref().or(customer.phone.as_deref()).unwrap_or("Customer");
    let mut lines: Vec<(i64, String)> = all.entries.iter().map(|it| (it.at_ms, entry(it, photos))).collect();
    lines.extend(all.notes.iter().map(|it| (it.at_ms, note(it))));
    lines.sort_by_key(|(at_ms, _)| *at_ms);
    let lines: String = lines.into_iter().map(|(_, line)| line).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; \
         style-src 'unsafe-inline'\"><title>{called}</title><style>{STYLE}</style></head><body>\
         <h1 dir=\"auto\">{called}</h1><p class=\"by\" dir=\"auto\">{} · {} · exported {}</p><ol>{lines}</ol></body></html>\n",
        text(&all.workspace),
        text(customer.phone.as_deref().unwrap_or("no number")),
        time(all.exported_at_ms),
        called = text(called),
    )
}

/// What somebody wrote, as text of a page.
fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

fn time(ms: i64) -> String {
    let at = Timestamp::from_millisecond(ms).map(|at| at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    at.unwrap_or_default()
}

fn by(author: &Author) -> &str {
    match author {
        Author::Person(card) => &card.name,
        Author::Customer => "Customer",
    }
}

fn line(class: &str, (who, at_ms): (&str, i64), body: &str) -> String {
    format!(
        "<li class=\"{class}\" dir=\"auto\"><p class=\"by\" dir=\"auto\">{} · {}</p>{body}</li>\n",
        text(who),
        time(at_ms)
    )
}

fn note(it: &Note) -> String {
    let who = format!("Internal note · {}", it.author.name);
    line("note", (&who, it.at_ms), &format!("<p dir=\"auto\">{}</p>", text(&it.text)))
}

fn entry(it: &Message, photos: &Photos) -> String {
    let head = (by(&it.author), it.at_ms);
    match &it.body {
        Body::Said { .. } if it.deleted => line("said", head, "<p><em>Deleted</em></p>"),
        Body::Said { text: said, files, location, reply_to, .. } => {
            let mut body = String::new();
            if let Some(quote) = reply_to {
                body += &format!("<blockquote dir=\"auto\">{}</blockquote>", text(&quote.text));
            }
            if !said.is_empty() {
                body += &format!("<p dir=\"auto\">{}</p>", text(said));
            }
            body.extend(files.iter().enumerate().map(|(i, file)| photo(photos, (it.n, i), file)));
            if let Some(at) = location {
                body += &format!("<p dir=\"ltr\">{}, {}</p>", at.latitude, at.longitude);
            }
            line("said", head, &body)
        }
        Body::Happened { event } => line("event", head, happened(event)),
        // Of groups alone.
        Body::Changed { .. } => String::new(),
    }
}

fn photo(photos: &Photos, at: (i64, usize), file: &File) -> String {
    let name = text(&file.name);
    match photos.get(&at) {
        Some(it) => format!("<a href=\"{}\"><img src=\"{}\" alt=\"{name}\"></a>", it.original, it.shown),
        None => format!("<p dir=\"auto\">{name}</p>"),
    }
}

fn happened(event: &Event) -> &'static str {
    match event {
        Event::Picked => "<p>took the conversation</p>",
        Event::Ended => "<p>ended the conversation</p>",
        Event::Reopened => "<p>reopened the conversation</p>",
        Event::Transferred => "<p>handed the conversation on</p>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_is_text_of_the_page_and_never_a_part_of_it() {
        assert_eq!(
            text("<img src=x onerror=\"alert('1')\">&"),
            "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;"
        );
        assert_eq!(time(1_772_438_400_000), "2026-03-02 08:00:00 UTC");
    }
}
