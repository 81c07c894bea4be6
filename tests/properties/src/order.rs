//! The order in which a device hears of what a server did.

use crate::dice::Dice;
use crate::{Property, device};
use fieldline_model::change::ReadMark;
use fieldline_model::conversation::Preview;
use fieldline_model::{
    Author, Availability, Body, Change, Conversation, ConversationId, Customer, CustomerId, Group, GroupId,
    Member, Message, MessageId, Note, NoteId, Person, PersonCard, PersonId, PlaceId, Ready, Record,
    RecordKind, RecordRef, Role, State, What,
};
use uuid::Uuid;

/// The property.
pub const IT: Property = Property { name: "order", holds, seeds };

/// What a server did, in the order it did it, comes in another one and in part twice: the device
/// holds the same. It knows its places before. (Who left a place stays out of it here: whoever is
/// let in again is told all of it anew.)
fn holds(bytes: &[u8]) {
    let mut dice = Dice(bytes);
    let places = Story::places(&mut dice);
    let story = Story::told(&mut dice);
    device::with(|device| {
        device.empty();
        let all = places.iter().chain(&story);
        device
            .pulls(all.map(|it| serde_json::to_value(it).expect("JSON")).collect())
            .expect("a page is applied");
        let in_order = device.holds();
        device.shows();
        device.empty();
        device.hears(&places).expect("its places");
        let mut left: Vec<&Change> = story.iter().collect();
        while !left.is_empty() {
            let at = dice.one_of(left.len());
            let again = dice.byte() % 4 == 1;
            let change = if again { left[at] } else { left.remove(at) };
            device.hears(std::slice::from_ref(change)).expect("a change is applied");
        }
        let told: Vec<_> = story.iter().map(|it| serde_json::to_string(it).expect("JSON")).collect();
        assert_eq!(device.holds(), in_order, "told in another order: {told:#?}");
    });
}

/// Two conversations and two groups.
const PLACES: [u128; 4] = [1, 2, 11, 12];

fn card(of: u128) -> PersonCard {
    PersonCard { id: PersonId(Uuid::from_u128(of)), name: format!("P{of}") }
}

/// What a server may have done, as its reader is told.
#[derive(Default)]
struct Story {
    changes: Vec<Change>,
    /// The newest number of each place; none where this reader left it.
    last: [Option<i64>; 4],
    said: Vec<Message>,
}

impl Story {
    fn places(dice: &mut Dice<'_>) -> Vec<Change> {
        let put =
            |(i, id): (usize, u128)| Change { seq: i as i64 + 1, what: What::Put(place_record(dice, id, 0)) };
        PLACES.into_iter().enumerate().map(put).collect()
    }

    fn told(dice: &mut Dice<'_>) -> Vec<Change> {
        let mut story = Self { last: [Some(0); 4], ..Self::default() };
        for _ in 0..=dice.one_of(14) {
            let place = dice.one_of(4);
            if let Some(what) = story.next(dice, place) {
                let seq = (PLACES.len() + story.changes.len()) as i64 + 1;
                story.changes.push(Change { seq, what });
            }
        }
        story.changes
    }

    fn next(&mut self, dice: &mut Dice<'_>, at: usize) -> Option<What> {
        let act = dice.one_of(9);
        if let 6..=8 = act {
            return Some(What::Put(elsewhere(dice, act)));
        }
        let (id, n) = (PLACES[at], self.last[at]?);
        let place = PlaceId(Uuid::from_u128(id));
        Some(match act {
            0 => What::Put(place_record(dice, id, n)),
            1 | 2 => {
                self.last[at] = Some(n + 1);
                let said = message(dice, (id, n + 1));
                self.said.push(said.clone());
                What::Put(Record::Message(Box::new(said)))
            }
            3 => {
                let mut it = self.said.iter().rev().find(|it| it.place == place)?.clone();
                if dice.one_of(2) == 0 {
                    it.erase()
                } else {
                    it.body = Body::said("other words")
                }
                What::Put(Record::Message(Box::new(it)))
            }
            4 => What::Put(Record::Read(ReadMark {
                place,
                person: device::me(),
                n: i64::from(dice.byte()),
                sound: None,
            })),
            _ => {
                self.last[at] = None;
                let kind = if id < 10 { RecordKind::Conversation } else { RecordKind::Group };
                What::Left(RecordRef { kind, id: place.0 }.into())
            }
        })
    }
}

/// A conversation or a group as it is now.
fn place_record(dice: &mut Dice<'_>, id: u128, last_n: i64) -> Record {
    if id > 10 {
        let member = |of| Member { person: card(of), client: of == 9, from_n: 1, disabled: false };
        let members = [7, 8, 9][..2 + dice.one_of(2)].iter().map(|of| member(*of)).collect();
        let name = (dice.one_of(2) == 0).then(|| "Roof".to_owned());
        let (id, owner) = (GroupId(Uuid::from_u128(id)), PersonId(Uuid::from_u128(8)));
        return Record::Group(Box::new(Group {
            id,
            name,
            direct: false,
            members,
            owner,
            made_at_ms: 5,
            last_n,
        }));
    }
    let customer =
        Customer { id: CustomerId(Uuid::from_u128(id + 20)), name: Some("Rosa".into()), phone: None };
    let mut it = Conversation::begun(ConversationId(Uuid::from_u128(id)), customer, 5);
    it.state = [State::Waiting, State::Open, State::Ended][dice.one_of(3)];
    it.agent = (it.state != State::Waiting).then(|| card(7 + dice.one_of(2) as u128));
    it.took_part = it.agent.iter().cloned().collect();
    it.last_n = last_n;
    it.last = (last_n > 0).then(|| Preview {
        author: Author::Customer,
        text: "a".into(),
        photos: 0,
        location: false,
        at_ms: 5 + last_n,
        deleted: false,
    });
    Record::Conversation(Box::new(it))
}

fn message(dice: &mut Dice<'_>, (place, n): (u128, i64)) -> Message {
    let author = match (place < 10, dice.one_of(3)) {
        (true, 0) => Author::Customer,
        (_, 1) => Author::Person(card(7)),
        _ => Author::Person(card(8)),
    };
    let id = MessageId(Uuid::from_u128(place * 1_000 + n as u128));
    let (place, at_ms) = (PlaceId(Uuid::from_u128(place)), 5 + n);
    Message { id, place, n, author, at_ms, written_at_ms: at_ms, body: Body::said("a word"), deleted: false }
}

/// Something that is in no place, or a note.
fn elsewhere(dice: &mut Dice<'_>, act: usize) -> Record {
    let person = PersonId(Uuid::from_u128(8 + dice.one_of(2) as u128));
    match act {
        6 => {
            let role = if dice.one_of(2) == 0 { Role::Agent } else { Role::Client };
            Record::Person(Person::new(person, "Bo", role))
        }
        7 => {
            let ready = [Ready::Available, Ready::Busy, Ready::Away][dice.one_of(3)];
            Record::Availability(Availability { person, ready, since_ms: i64::from(dice.byte()) })
        }
        _ => {
            let id = NoteId(Uuid::from_u128(50 + dice.one_of(3) as u128));
            let place = PlaceId(Uuid::from_u128(3));
            Record::Note(Box::new(Note {
                id,
                place,
                author: card(8),
                at_ms: 6,
                written_at_ms: 6,
                text: "Tall".into(),
            }))
        }
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let rising = |step: u8| (0..120u8).map(|i| i.wrapping_mul(step).wrapping_add(step)).collect();
    [1, 7, 11, 37, 59, 101, 143, 201].map(rising).into_iter().collect()
}
