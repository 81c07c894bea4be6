//! What may happen in a step to message threads, and to what was said anywhere: begun,
//! answered, deleted; people who come and go.

use super::acts::{Act, Picture};
use super::drive::Sim;
use super::races::Race;
use fieldline_core::view::{Begin, Block, BubbleBody, GroupTab, MembersChange, Page, Section};
use fieldline_model::{History, IntentId, Mention, MessageId, PersonId, PlaceId, SoundLevel};

fn call(person: PersonId, name: &str, text: &str) -> Act {
    let chars = name.chars().count() as u32 + 1;
    Act::Call(format!("@{name} {text}"), Mention { person, at: 0, chars })
}

/// A device, a thread it has, and who else is in it.
pub(super) struct Seat {
    who: usize,
    pub place: PlaceId,
    others: Vec<PersonId>,
    /// All who may be mentioned, by name; whoever this device does not know by name cannot.
    names: Vec<(PersonId, String)>,
}

impl Sim {
    /// Everybody a device may address, its own person aside.
    async fn contacts(&self, who: usize) -> Vec<PersonId> {
        let mut all = Vec::new();
        for block in [Block::Internal, Block::Customer] {
            let found = self.agents[who].device.engine().contacts(block, String::new(), 0, 20).await;
            all.extend(found.expect("contacts read").contacts.into_iter().map(|it| it.id));
        }
        all
    }

    /// Somebody's device with one of its threads.
    async fn seat(&mut self) -> Option<Seat> {
        let who = self.somebody_up()?;
        self.seat_of(who).await
    }

    pub(super) async fn seat_of(&mut self, who: usize) -> Option<Seat> {
        let engine = self.agents[who].device.engine().clone();
        let rows =
            engine.groups(GroupTab::All, String::new(), Page::first(20)).await.expect("a list reads").rows;
        let place = self.dice.among(&rows)?.place;
        let people = engine.group_people(place).await.ok()?.people;
        let others = people.iter().filter(|it| !it.me && !it.owner).map(|it| it.id).collect();
        let names = people
            .into_iter()
            .filter(|it| !it.me && !it.name.is_empty())
            .map(|it| (it.id, it.name))
            .collect();
        Some(Seat { who, place, others, names })
    }

    /// Somebody begins a thread, with one or with several.
    pub(super) async fn somebody_begins(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let mut people = self.contacts(who).await;
        while people.len() > 1 && self.dice.chance(40) {
            let at = self.dice.below(people.len());
            people.remove(at);
        }
        if let Some(start) = self.begins_with(who, people).await
            && self.dice.chance(25)
        {
            let person = self.agents[who].person;
            self.grants(person, false).await;
            self.races.push(Race::StartModule(start));
        }
    }

    async fn begins_with(&mut self, who: usize, people: Vec<PersonId>) -> Option<IntentId> {
        let text = if self.dice.chance(85) { self.words() } else { String::new() };
        let photo = self.dice.chance(25).then(|| Picture(self.picture()));
        let group = PlaceId(self.agents[who].device.id().0);
        let begin = Begin { group, people, name: None, text: text.into() };
        Some(self.agents[who].asks(group, Act::Start(begin, photo)).await)
    }

    /// Two who may not hear of each other begin the thread between them.
    pub(super) async fn two_begin(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let person = self.agents[who].person;
        let other = (0..self.agents.len()).find(|i| {
            let it = &self.agents[*i];
            it.person != person && it.is_up() && !it.client
        });
        let Some(other) = other else { return };
        let (me, them) = (self.me(who).await, self.me(other).await);
        let one = self.begins_with(who, vec![them]).await;
        let two = self.begins_with(other, vec![me]).await;
        self.races.extend(one.zip(two).map(|(one, two)| Race::Starts(one, two)));
    }

    pub(super) async fn me(&self, who: usize) -> PersonId {
        let status = self.agents[who].device.engine().status().await.expect("the status reads");
        status.me.expect("somebody is signed in").person.id
    }

    /// Somebody says something in a thread, perhaps to one of those who are in it.
    pub(super) async fn somebody_says_to_many(&mut self) {
        let Some(seat) = self.seat().await else { return };
        let text = self.words();
        let act = match self.dice.below(5) {
            0 => Act::Photo(text, Picture(self.picture())),
            1 | 2 if !seat.names.is_empty() => {
                let (person, name) = self.dice.among(&seat.names).expect("somebody");
                call(person, &name, &text)
            }
            _ => Act::Send(text),
        };
        self.agents[seat.who].asks(seat.place, act).await;
    }

    /// Somebody adds people, removes them, or both.
    pub(super) async fn members_change(&mut self) {
        let Some(seat) = self.seat().await else { return };
        let (mut add, mut remove) = (Vec::new(), Vec::new());
        let contacts = self.contacts(seat.who).await;
        let strangers: Vec<_> = contacts.into_iter().filter(|id| !seat.others.contains(id)).collect();
        if self.dice.chance(60) {
            add.extend(self.dice.among(&strangers));
        }
        if self.dice.chance(50) {
            remove.extend(self.dice.among(&seat.others));
        }
        let history = if self.dice.chance(50) { History::FromNow } else { History::Everything };
        let change = MembersChange { add, remove, history };
        self.agents[seat.who].asks(seat.place, Act::Members(change)).await;
    }

    /// Somebody is added by one and removed by another; or removed, and says something.
    pub(super) async fn members_race(&mut self) {
        let Some(seat) = self.seat().await else { return };
        let Some(somebody) = self.dice.among(&seat.others) else { return };
        if self.dice.chance(35) {
            return self.removed_and_called(&seat, somebody).await;
        }
        let person = self.agents[seat.who].person;
        let add = MembersChange { add: vec![somebody], remove: vec![], history: History::FromNow };
        let remove = MembersChange { add: vec![], remove: vec![somebody], history: History::FromNow };
        for other in self.all_up() {
            let theirs = self.me(other).await;
            if theirs == somebody {
                let first = self.dice.chance(50);
                let text = Act::Send(self.words());
                if first {
                    let send = self.agents[other].asks(seat.place, text).await;
                    let gone = self.agents[seat.who].asks(seat.place, Act::Members(remove)).await;
                    self.races.push(Race::RemoveSend(gone, send));
                } else {
                    let gone = self.agents[seat.who].asks(seat.place, Act::Members(remove)).await;
                    let send = self.agents[other].asks(seat.place, text).await;
                    self.races.push(Race::RemoveSend(gone, send));
                }
                return;
            }
            if self.agents[other].person != person && !self.agents[other].client && self.dice.chance(50) {
                // To be added they must be gone on that device.
                self.agents[other].asks(seat.place, Act::Members(remove.clone())).await;
                let again = self.agents[other].asks(seat.place, Act::Members(add)).await;
                if self.agents[seat.who].device.is_running() {
                    let gone = self.agents[seat.who].asks(seat.place, Act::Members(remove)).await;
                    self.races.push(Race::AddRemove(again, gone));
                }
                return;
            }
        }
    }

    fn all_up(&self) -> Vec<usize> {
        (0..self.agents.len()).filter(|i| self.agents[*i].is_up()).collect()
    }

    /// One removes somebody, and another, who need not have heard of it, calls them.
    async fn removed_and_called(&mut self, seat: &Seat, somebody: PersonId) {
        let remove = MembersChange { add: vec![], remove: vec![somebody], history: History::FromNow };
        self.agents[seat.who].asks(seat.place, Act::Members(remove)).await;
        let Some((_, name)) = seat.names.iter().find(|(id, _)| *id == somebody) else { return };
        for other in self.all_up() {
            if other != seat.who && self.me(other).await != somebody {
                let act = call(somebody, name, &self.words());
                self.agents[other].asks(seat.place, act).await;
                return;
            }
        }
    }

    /// Somebody goes out of a thread, names it, reads it, or sets how loud it is.
    pub(super) async fn somebody_tidies(&mut self) {
        let Some(Seat { who, place, .. }) = self.seat().await else { return };
        match self.dice.below(4) {
            0 => {
                self.agents[who].asks(place, Act::Leave).await;
            }
            1 => {
                let name = if self.dice.chance(70) { self.words() } else { String::new() };
                self.agents[who].asks(place, Act::Rename(name)).await;
            }
            2 => self.agents[who].reads(place).await,
            _ => {
                let levels = [None, Some(SoundLevel::All), Some(SoundLevel::Quiet), Some(SoundLevel::None)];
                let sound = self.dice.among(&levels).flatten();
                let device = &self.agents[who].device;
                device.engine().set_sound(device.id(), place, sound).await.expect("it is kept");
                self.tally.count("thread: made louder or quieter");
            }
        }
    }

    /// A place of somebody's, of either kind.
    async fn somewhere(&mut self) -> Option<(usize, PlaceId)> {
        if self.dice.chance(50) {
            return self.seat().await.map(|seat| (seat.who, seat.place));
        }
        let who = self.somebody_up()?;
        let section = if self.dice.chance(80) { Section::Conversations } else { Section::History };
        let places = self.agents[who].places(section).await;
        self.dice.among(&places).map(|place| (who, place))
    }

    /// A message there, of one's own or of anybody.
    async fn message(&mut self, who: usize, place: PlaceId, own: bool) -> Option<MessageId> {
        let thread = self.agents[who].device.engine().thread(place, 20).await.ok()?;
        let said =
            |b: &&fieldline_core::view::Bubble| matches!(b.body, BubbleBody::Said { .. }) && (b.mine || !own);
        let all: Vec<_> = thread.bubbles.iter().filter(said).map(|b| b.id).collect();
        self.dice.among(&all)
    }

    /// Somebody deletes a message of their own.
    pub(super) async fn somebody_deletes(&mut self) {
        let Some((who, place)) = self.somewhere().await else { return };
        if let Some(message) = self.message(who, place, true).await {
            self.agents[who].asks(place, Act::Delete(message)).await;
        }
    }

    /// Somebody says something and deletes it at once, or a little later.
    pub(super) async fn sent_and_deleted(&mut self) {
        let Some((who, place)) = self.somewhere().await else { return };
        let text = Act::Send(self.words());
        let send = self.agents[who].asks(place, text).await;
        if self.dice.chance(60) {
            tokio::time::sleep(self.dice.time(std::time::Duration::from_secs(2))).await;
            self.agents[who].falls();
        }
        if self.agents[who].is_up() {
            self.agents[who].asks(place, Act::Delete(send.into())).await;
            self.races.push(Race::SendDelete(send));
        }
    }

    /// Somebody answers a message.
    pub(super) async fn somebody_replies(&mut self) {
        let Some((who, place)) = self.somewhere().await else { return };
        if let Some(message) = self.message(who, place, false).await {
            let act = Act::Reply(self.words(), message);
            self.agents[who].asks(place, act).await;
        }
    }
}
