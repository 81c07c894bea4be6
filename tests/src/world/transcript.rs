//! Threads as text, compared with what a person once read and found right.

use fieldline_core::view::{Bubble, BubbleBody, Mark, Thread};
use fieldline_model::public::{PublicAuthor, PublicBody, PublicPage};
use fieldline_model::{GroupChange, PersonCard};
use std::path::Path;

/// A thread, one line an entry.
pub fn transcript(thread: &Thread) -> String {
    let title = thread.name.clone().or_else(|| thread.phone.clone()).unwrap_or_default();
    let agent = thread.agent.as_ref().map_or("nobody", |a| a.name.as_str());
    let mut out = format!("{title} · {:?} · {agent}\n", thread.state);
    for bubble in &thread.bubbles {
        out += &line(bubble);
    }
    out
}

fn line(bubble: &Bubble) -> String {
    let n = bubble.n.map_or("  –".into(), |n| format!("{n:3}"));
    let what = match &bubble.body {
        BubbleBody::Said { text, files, location, reply, mentions } => {
            let quote = reply.as_ref().map(|to| {
                let what = if to.deleted { "(deleted)" } else { &to.text };
                format!("[re {}: {what}] ", to.author)
            });
            let mut what = format!("{}: {}{text}", bubble.author, quote.unwrap_or_default());
            for file in files {
                what += &format!(" [{} {}×{}]", file.name, file.width, file.height);
            }
            for it in mentions {
                let name: String = text.chars().skip(it.at as usize).take(it.chars as usize).collect();
                what += &format!(" [mentions {}]", if it.me { "me" } else { &name });
            }
            if let Some(place) = location {
                what += &format!(" [at {:.4}, {:.4}]", place.latitude, place.longitude);
            }
            what
        }
        BubbleBody::Deleted => format!("{}: (deleted)", bubble.author),
        BubbleBody::Happened { event } => format!("— {event:?} by {}", bubble.author),
        BubbleBody::Changed { change } => format!("— {} by {}", changed(change), bubble.author),
        BubbleBody::Hole { missing } => format!("… {missing} not on this device"),
    };
    let mark = if bubble.mark == Mark::Sent { String::new() } else { format!(" ({:?})", bubble.mark) };
    format!("{n} {what}{mark}\n")
}

fn changed(change: &GroupChange) -> String {
    let names = |did: &str, people: &[PersonCard]| {
        let names: Vec<_> = people.iter().map(|it| it.name.as_str()).collect();
        if names.is_empty() { String::new() } else { format!("{did} {} ", names.join(", ")) }
    };
    match change {
        GroupChange::Members { added, removed } => {
            (names("Added", added) + &names("Removed", removed)).trim_end().to_owned()
        }
        GroupChange::Renamed { name } => format!("Named {}", name.as_deref().unwrap_or("nothing")),
        other => format!("{other:?}"),
    }
}

/// What a customer's page shows, one line an entry.
pub fn public_transcript(page: &PublicPage) -> String {
    let agent = page.chat.agent.as_deref().unwrap_or("nobody");
    let mut out = format!("{} · {:?} · {agent}\n", page.chat.workspace, page.chat.state);
    for message in &page.messages {
        let author = match &message.author {
            PublicAuthor::You => "You",
            PublicAuthor::Staff { name } => name,
        };
        out += &match &message.body {
            PublicBody::Said { deleted: true, .. } => {
                format!("{:3} {author}: (deleted)\n", message.public_seq)
            }
            PublicBody::Said { text, files, location, reply_to, .. } => {
                let quote = reply_to.as_ref().map(|to| {
                    let who = if let PublicAuthor::Staff { name } = &to.author { name } else { "You" };
                    format!("[re {who}: {}] ", to.text)
                });
                let quote = quote.unwrap_or_default();
                let photos = " [photo]".repeat(files.len());
                let place = if location.is_some() { " [location]" } else { "" };
                format!("{:3} {author}: {quote}{text}{photos}{place}\n", message.public_seq)
            }
            PublicBody::Happened { event } => format!("{:3} — {event:?} by {author}\n", message.public_seq),
        };
    }
    out
}

/// Compares with `tests/golden/<name>.txt`. `WRITE_GOLDEN=1` writes it anew, for
/// a person to read before it is kept.
pub fn golden(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(format!("{name}.txt"));
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::write(&path, now).expect("the golden folder is writable");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(now, kept, "not as in {}", path.display());
}
