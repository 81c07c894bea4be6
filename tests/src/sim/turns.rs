//! More of what may happen in a step: notes, transfers, clocks that somebody sets, and a
//! server that is restored from a backup.

use super::acts::Act;
use super::agent::YEAR_MS;
use super::drive::Sim;
use crate::world::memory_folder;
use fieldline_core::view::Section;
use fieldline_server::backup::{backup, restore};
use fieldline_server::failpoint;

const DAY_MS: i64 = 24 * 3600 * 1000;
/// By how much a clock is set: an hour for summer, more than settled rows are kept, a year.
const SET_BY_MS: [i64; 6] = [3_600_000, -3_600_000, 20 * DAY_MS, -20 * DAY_MS, YEAR_MS, -YEAR_MS];

impl Sim {
    /// Somebody keeps a note with any conversation they see.
    pub(super) async fn somebody_notes(&mut self) {
        let sections = [Section::Picklist, Section::Conversations, Section::Conversations, Section::History];
        let section = self.dice.among(&sections).unwrap_or(Section::Picklist);
        let act = Act::Note(self.words());
        self.somebody_in(section, act).await;
    }

    /// Somebody hands a conversation to a colleague, or back to the picklist.
    pub(super) async fn somebody_hands_on(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let colleagues = self.agents[who].device.engine().colleagues().await.expect("colleagues read");
        let people: Vec<_> = colleagues.iter().map(|colleague| colleague.id).collect();
        let to = self.dice.among(&people).filter(|_| self.dice.chance(60));
        let note = if self.dice.chance(50) { self.words() } else { String::new() };
        let places = self.agents[who].places(Section::Conversations).await;
        if let Some(place) = self.dice.among(&places) {
            self.agents[who].asks(place, Act::Transfer(to, note)).await;
        }
    }

    /// Somebody sets the clock of a device while its app runs.
    pub(super) fn a_clock_is_set(&mut self) {
        if let (Some(who), Some(by_ms)) = (self.somebody_up(), self.dice.among(&SET_BY_MS)) {
            self.agents[who].sets_clock(by_ms);
        }
    }

    /// A backup is made, while the server runs.
    pub(super) fn a_backup_is_made(&mut self) {
        if self.restored || !self.road.is_up() {
            return;
        }
        let to = memory_folder();
        backup(self.files.path(), to.path(), &self.clock).expect("a backup is made");
        (self.backups, self.rules_kept) = (vec![to], self.rules.len());
    }

    /// The newest backup takes the server's place, at most once.
    pub(super) async fn the_server_is_restored(&mut self) {
        if self.restored || self.backups.is_empty() {
            return;
        }
        let before = self.truth();
        let to = memory_folder();
        restore(self.backups[0].path(), to.path(), &self.clock).expect("the backup is whole");
        failpoint::arm(None);
        failpoint::fell();
        self.road.falls();
        self.backups.push(std::mem::replace(&mut self.files, to));
        self.restored = true;
        self.rules.truncate(self.rules_kept);
        self.tally.count("server: restored from a backup");
        self.tally.note("the server is restored");
        self.server_stands().await;
        self.who_was_blocked_is_blocked_again().await;
        let truth = self.truth();
        for agent in &mut self.agents {
            // What the copy does not know is asked again: after later ones, too.
            agent.asked.values_mut().for_each(|asked| asked.again = true);
            agent.resynced = true;
        }
        for chatter in &self.chatters {
            chatter.opens_anew(|id| truth.entry(id.0).is_some());
        }
        self.lost = before.intents.into_iter().filter(|(id, _)| !truth.intents.contains_key(id)).collect();
    }

    /// A colleague's device has had an app of version 1 until now, and is started with this one.
    pub(super) async fn a_device_is_updated(&mut self) {
        // What version 1 kept of a restored server is not what this one keeps.
        let Some(who) = self.colleague_up().filter(|_| !self.restored) else { return };
        self.agents[who].killed();
        // What runs in the background ends, and closes the files.
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        self.agents[who].device.was_of_version_1();
        self.tally.count("device: updated from version 1");
        self.agents[who].starts().await;
    }
}
