//! What the demo workspace begins with: its people, its customers, and what they
//! have said to each other in the last days. Everybody here is made up.

use super::pictures::Picture;
use fieldline_model::Role;

/// The workspace's shown name.
pub const WORKSPACE: &str = "Nordlys Heating";

/// Who works there: name, login, role. The first one is whom the demo signs in.
pub const PEOPLE: &[(&str, &str, Role)] = &[
    ("Ana Solberg", "ana", Role::Agent),
    ("Bo Eriksen", "bo", Role::Agent),
    ("Chidi Lunde", "chidi", Role::Agent),
    ("Dagny Moe", "dagny", Role::Admin),
];

/// One thing that happened in a chat.
#[derive(Clone, Copy)]
pub enum Line {
    /// The customer wrote.
    Says(&'static str),
    /// The customer sent a photo, with a text.
    Shows(Picture, &'static str),
    /// The customer sent where they are: degrees north and east, and a text.
    IsAt(f64, f64, &'static str),
    /// An agent (by login) picked it.
    Picks(&'static str),
    /// An agent wrote.
    Answers(&'static str, &'static str),
    /// An agent ended it.
    Ends(&'static str),
}

/// A customer and their chat so far.
pub struct Chat {
    /// Their name, if they gave one.
    pub name: Option<&'static str>,
    /// Their number, if they gave one.
    pub phone: Option<&'static str>,
    /// Whether they go on by themselves while the demo runs.
    pub goes_on: bool,
    /// How many minutes ago, and what.
    pub lines: &'static [(u32, Line)],
}

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

use Line::{Answers, Ends, IsAt, Picks, Says, Shows};

const fn chat(name: &'static str, goes_on: bool, lines: &'static [(u32, Line)]) -> Chat {
    Chat { name: Some(name), phone: None, goes_on, lines }
}

const fn number(phone: &'static str, goes_on: bool, lines: &'static [(u32, Line)]) -> Chat {
    Chat { name: None, phone: Some(phone), goes_on, lines }
}

/// Every chat.
pub const CHATS: &[Chat] = &[
    // Waiting.
    chat(
        "Rosa Díaz",
        true,
        &[
            (7, Says("Good morning. The radiator in our hallway has been dripping since last night.")),
            (6, Shows(Picture::Radiator, "This is how it looks now. The towel is soaked every hour.")),
            (5, IsAt(59.9275, 10.7461, "We are on the second floor, the bell says Díaz.")),
        ],
    ),
    number(
        "+47 900 12 345",
        true,
        &[(14, Says("Hello? No hot water since yesterday evening. Two small children here."))],
    ),
    chat(
        "Jonas Berg",
        true,
        &[
            (22, Says("Our boiler stops after a minute and shows a code.")),
            (21, Shows(Picture::Display, "E04. The manual only says: call service.")),
        ],
    ),
    chat(
        "Mei Lin",
        false,
        &[(38, Says("You wanted to come on Wednesday at nine. Could it be Thursday after three instead?"))],
    ),
    chat(
        "Lukas Novák",
        false,
        &[(52, Shows(Picture::Dial, "Is this one you can replace with something I can set from my phone?"))],
    ),
    // Open, Ana's.
    chat(
        "Henrik Dahl",
        true,
        &[
            (95, Says("The floor heating in the bathroom stays cold, everything else is warm.")),
            (91, Picks("ana")),
            (
                90,
                Answers(
                    "ana",
                    "Hi Henrik, sorry to hear that. Does the little box on the wall by the door show a light?",
                ),
            ),
            (84, Says("A red one, blinking twice, then a pause.")),
            (
                80,
                Answers(
                    "ana",
                    "That is the floor sensor. Could you send me a photo of the pipes under the sink?",
                ),
            ),
            (71, Shows(Picture::Pipe, "Like this? There is a drop on the joint too.")),
        ],
    ),
    chat(
        "Fatima Zahra El Amrani",
        true,
        &[
            (3 * HOUR, Says("Is somebody coming today? We are in from four.")),
            (174, Picks("ana")),
            (172, Answers("ana", "Yes, Chidi has you on his list between four and five.")),
            (169, Says("Perfect, thank you 🙏")),
            (34, Says("He can park in the yard, the gate code is on the door.")),
        ],
    ),
    number(
        "+47 412 55 078",
        false,
        &[
            (5 * HOUR, Says("Do you service heat pumps from other makers?")),
            (296, Picks("ana")),
            (295, Answers("ana", "We do. Which one is it, and how old is it about?")),
        ],
    ),
    // Open, Bo's.
    chat(
        "Ingrid Haug",
        false,
        &[
            (4 * HOUR, Says("The invoice has the wrong address on it.")),
            (236, Picks("bo")),
            (233, Answers("bo", "I will send a new one today, Ingrid. Same e-mail as before?")),
            (231, Says("Yes please.")),
        ],
    ),
    // Ended.
    chat(
        "Amara Okafor",
        true,
        &[
            (DAY + 5 * HOUR, Says("We have moved, the boiler moved with us. The new place is here:")),
            (DAY + 299, IsAt(59.9139, 10.7522, "The blue house behind the school.")),
            (DAY + 280, Picks("ana")),
            (
                DAY + 276,
                Answers("ana", "Found it, thank you. The yearly check is now on the 14th, before noon."),
            ),
            (DAY + 270, Says("Great. Have a nice evening!")),
            (DAY + 268, Ends("ana")),
        ],
    ),
    chat(
        "Tomasz Wiśniewski",
        false,
        &[
            (2 * DAY + 100, Says("Pressure is at 0.5 bar again. I filled it on Sunday.")),
            (2 * DAY + 92, Picks("ana")),
            (
                2 * DAY + 90,
                Answers("ana", "Then it loses water somewhere. Is any radiator valve damp to the touch?"),
            ),
            (2 * DAY + 80, Shows(Picture::Pipe, "Found it, I think.")),
            (
                2 * DAY + 75,
                Answers(
                    "ana",
                    "Well spotted. Turn the valve left of it to the right until it stops. Bo is with you at two.",
                ),
            ),
            (2 * DAY - 200, Says("He has just left. Dry as a bone. Thank you!")),
            (2 * DAY - 201, Answers("ana", "Lovely. Write any time.")),
            (2 * DAY - 202, Ends("ana")),
        ],
    ),
    chat(
        "Leila Karimi",
        false,
        &[
            (3 * DAY, Says("How long does a new thermostat take to come?")),
            (3 * DAY - 6, Picks("bo")),
            (3 * DAY - 8, Answers("bo", "Two days at the most, we have it in stock.")),
            (3 * DAY - 12, Says("Then please order one for me.")),
            (3 * DAY - 15, Ends("bo")),
        ],
    ),
    number(
        "+47 938 20 116",
        false,
        &[
            (5 * DAY, Says("Wrong number, sorry!")),
            (5 * DAY - 3, Picks("ana")),
            (5 * DAY - 4, Answers("ana", "No harm done. Have a good day.")),
            (5 * DAY - 5, Ends("ana")),
        ],
    ),
];

/// What a customer says who waits a while.
pub const NUDGES: &[&str] = &[
    "Is anybody there?",
    "No hurry, I am at home all day.",
    "It got a little worse just now.",
    "I can send another photo if that helps.",
    "Should I turn the water off meanwhile?",
    "The noise is back, like somebody knocking.",
];

/// What a customer says when an agent wrote.
pub const REPLIES: &[&str] = &[
    "Thank you, that was quick.",
    "I have just tried that. It is a bit better, but not quite.",
    "Yes, that would be perfect.",
    "One moment, I will go down and look.",
    "It says 1.2 bar now.",
    "After four would be best for us.",
    "Ah, I see. And what would that cost, about?",
    "Okay! 👍",
];

/// With what a customer comes back.
pub const RETURNS: &[&str] = &[
    "Hello again. It has started once more, sadly.",
    "Hi, one more question about the thermostat: can it be locked for guests?",
    "Me again. The one in the bedroom makes the same noise now.",
    "Hello, could we move the appointment to next week?",
];

/// Who else comes: name, what they write, and whether they have a photo of it.
pub const NEWCOMERS: &[(&str, &str, Option<Picture>)] = &[
    ("Sven Aas", "The boiler room smells odd. Not of gas, more like burnt dust. Should I worry?", None),
    ("Olga Petrova", "Can you tell me what this part is called? It fell off.", Some(Picture::Pipe)),
    ("Pedro Sousa", "Our hall is freezing, this one stays cold.", Some(Picture::Radiator)),
    ("Yuki Tanaka", "The display has shown this since the power cut.", Some(Picture::Display)),
    ("Nils Foss", "Do you also come on Saturdays?", None),
    ("Aisha Diallo", "How do I get this back to automatic?", Some(Picture::Dial)),
];

/// What staff insert by a slash and a word.
pub const CANNED: &[(&str, &str)] = &[
    ("hello", "Hello {name}, thank you for writing to Nordlys Heating. How can I help you?"),
    ("photo", "Could you send me a photo of it, and one of the label on its side?"),
    ("visit", "We can be with you tomorrow between 9 and 11. Does that suit you, {name}?"),
    (
        "valve",
        "Please close the red valve to the left of the boiler as far as it goes, and put a bucket below.",
    ),
    (
        "hours",
        "We are here Monday to Friday, 7:30 to 17:00. In an emergency call +47 22 00 11 22, day and night.",
    ),
    ("thanks", "Thank you, {name}, and have a warm day!"),
];
