//! The demo's message threads: among colleagues, with clients, and between two.
//! Everybody here is made up.

/// The contact list's clients, as an admin would import them.
pub const CLIENTS: &str = "\
name,phone,email
\"Fjord Hotel, reception\",+47 22 33 44 01,reception@fjordhotel.example
\"Havn Property, caretaker\",+47 22 33 44 02,caretaker@havn.example
Solveig Nygård,+47 901 22 310,solveig@nygard.example
Skogen Kindergarten,+47 22 33 44 05,office@skogen.example
Peder Holm,+47 922 10 447,
Birch Street Co-op,,board@birchstreet.example
";

/// Who may begin threads, by login.
pub const MAY_BEGIN: &[&str] = &["ana", "bo", "dagny"];

/// A message thread and what was said in it.
pub struct Thread {
    /// Who beside whoever begins it: logins, or names of clients.
    pub people: &'static [&'static str],
    /// Its name.
    pub name: Option<&'static str>,
    /// How many minutes ago, who (by login), and what. The first one begins it.
    pub lines: &'static [(u32, &'static str, &'static str)],
}

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

/// Every thread.
pub const THREADS: &[Thread] = &[
    Thread {
        people: &["bo", "chidi", "dagny"],
        name: Some("On call this week"),
        lines: &[
            (2 * DAY + 9 * HOUR, "ana", "Who takes the phone from Friday? I am away until Monday."),
            (2 * DAY + 8 * HOUR, "chidi", "I can do Friday and Saturday."),
            (2 * DAY + 8 * HOUR - 4, "bo", "Then I take Sunday. Is the spare van back?"),
            (2 * DAY + 7 * HOUR, "dagny", "It is, with new tyres. Keys are in the usual drawer."),
            (
                DAY + 3 * HOUR,
                "chidi",
                "Two of the pressure gauges in it are broken, by the way. I wrote them on the list.",
            ),
            (DAY + 2 * HOUR, "ana", "Thanks! Ordered, they come tomorrow."),
            (48, "bo", "Gauges are here 🎉"),
            (12, "chidi", "Perfect! @Ana Solberg, I pick yours up as well, before the Dahl job."),
        ],
    },
    Thread {
        people: &["bo", "Fjord Hotel, reception", "Havn Property, caretaker"],
        name: Some("Fjord Hotel: boiler room"),
        lines: &[
            (
                3 * DAY,
                "ana",
                "Good morning! In this thread we plan the new boiler together. Bo measures on Thursday.",
            ),
            (3 * DAY - 90, "bo", "I need half an hour in the basement, best before ten."),
            (DAY + 5 * HOUR, "bo", "Measured. The old flue can stay, that saves you two days."),
            (95, "ana", "The offer is on its way to you both. Ask anything here."),
        ],
    },
    Thread {
        people: &["ana"],
        name: None,
        lines: &[
            (4 * HOUR, "bo", "Do you still have the long pipe wrench?"),
            (4 * HOUR - 3, "ana", "In my van, left side, under the blankets."),
            (4 * HOUR - 5, "bo", "Found it. Coffee is on me."),
            (26, "bo", "Leaving for Haug now, back at three."),
        ],
    },
];
