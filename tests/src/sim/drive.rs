//! One run's world and its steps.

use super::acts::{Act, Picture};
use super::agent::{Agent, Erased, LATER_MS};
use super::chatter::Chatter;
use super::dice::Dice;
use super::morning::{CUSTOMERS, Morning, PEOPLE};
use super::races::Race;
use super::rules::Rule;
use super::tally::Tally;
use super::truth::Truth;
use crate::world::{MORNING_MS, Road, photo};
use fieldline_core::view::Section;
use fieldline_model::{QueueMode, Ready};
use fieldline_server::{Clock, Config, Run, Server, failpoint};
use std::collections::BTreeMap;
use std::time::Duration;
use tempfile::TempDir;
use uuid::Uuid;

/// Everything there is in a run.
pub struct Sim {
    /// The server, while it is up.
    pub server: Option<Server>,
    /// Its files.
    pub files: TempDir,
    /// The way to it.
    pub road: Road,
    /// The devices.
    pub agents: Vec<Agent>,
    /// Who is served.
    pub chatters: Vec<Chatter>,
    /// The races.
    pub races: Vec<Race>,
    /// What was decided about people.
    pub rules: Vec<Rule>,
    /// What happened.
    pub tally: Tally,
    pub(super) dice: Dice,
    pub(super) clock: Clock,
    /// The newest backup, and the folders of servers that were given up for one.
    pub(super) backups: Vec<TempDir>,
    /// How many of the rules it knows.
    pub(super) rules_kept: usize,
    /// Whether the server was restored.
    pub(super) restored: bool,
    /// What the server knew of intents when it was lost, and its backup does not.
    pub lost: BTreeMap<Uuid, Option<String>>,
    step: u32,
    said: u32,
}

impl Sim {
    /// The morning of `seed`: everyone is there, nothing has happened.
    pub async fn begins(seed: u64, aloud: bool) -> Self {
        failpoint::arm(None);
        failpoint::fell();
        let tally = Tally::new(aloud);
        let files = Morning::of_today().server();
        let clock = Clock::simulated(MORNING_MS + LATER_MS, seed + 1_000);
        let server = open(&files, &clock).expect("the server opens");
        if seed.is_multiple_of(2) {
            let offers = server.set_queue(QueueMode::Offer, 20_000).await;
            offers.expect("the queue offers");
        }
        let road = Road::to(server.router());
        let (mut agents, erased) = (Vec::new(), Erased::default());
        for one in PEOPLE {
            for which in 0..one.devices {
                let mut agent = Agent::new(seed, agents.len(), (one, which), (&road, &tally, &erased));
                agent.starts().await;
                agents.push(agent);
            }
        }
        let chatters = (0..CUSTOMERS.len()).map(|n| Chatter::new(seed, n, (&road, &tally))).collect();
        let dice = Dice::of(seed, 1);
        let (server, races, rules) = (Some(server), Vec::new(), Vec::new());
        let (backups, rules_kept, restored, lost) = (Vec::new(), 0, false, BTreeMap::new());
        let (step, said) = (0, 0);
        Self {
            server,
            files,
            road,
            agents,
            chatters,
            races,
            rules,
            tally,
            dice,
            clock,
            backups,
            rules_kept,
            restored,
            lost,
            step,
            said,
        }
    }

    /// One step: something happens, then time passes.
    pub async fn steps(&mut self) {
        self.step += 1;
        match self.dice.below(160) {
            0..14 => self.somebody_writes(),
            14..26 => self.somebody_picks().await,
            26..32 => self.several_pick().await,
            32..52 => self.somebody_says().await,
            52..55 => self.somebody_in(Section::Conversations, Act::End).await,
            55..64 => self.end_races().await,
            64..68 => self.reopen_races().await,
            68..70 => self.somebody_reads().await,
            70..72 => self.somebody_is_ready().await,
            72..75 => self.somebody_answers().await,
            75..78 => self.signal_changes(),
            78..81 => self.a_device_is_killed(),
            81..86 => self.a_device_will_fall().await,
            86..89 => self.the_server_falls("restarted"),
            89..94 => self.the_server_will_fall(),
            94..99 => self.somebody_tends().await,
            99 => self.bo_is_blocked().await,
            100..105 => self.somebody_notes().await,
            105..110 => self.somebody_hands_on().await,
            110..112 => self.a_clock_is_set(),
            112..115 => self.a_backup_is_made(),
            115 => self.the_server_is_restored().await,
            116..122 => self.somebody_begins().await,
            122..125 => self.two_begin().await,
            125..135 => self.somebody_says_to_many().await,
            135..140 => self.members_change().await,
            140..145 => self.members_race().await,
            145..149 => self.somebody_tidies().await,
            149 => self.a_module_changes().await,
            150 => self.somebody_wants_more().await,
            151..154 => self.somebody_deletes().await,
            154..156 => self.sent_and_deleted().await,
            156..159 => self.somebody_replies().await,
            _ => self.a_device_is_updated().await,
        }
        let most = Duration::from_secs(if self.dice.chance(30) { 40 } else { 4 });
        let wait = Duration::from_millis(1) + self.dice.time(most);
        tokio::time::sleep(wait).await;
        self.what_fell_comes_back().await;
        for agent in &mut self.agents {
            agent.falls();
            agent.moves_on().await;
        }
    }

    /// A device that runs, of somebody who may use it.
    pub(super) fn somebody_up(&mut self) -> Option<usize> {
        self.somebody(|_| true)
    }

    /// One of the staff's.
    pub(super) fn colleague_up(&mut self) -> Option<usize> {
        self.somebody(|agent| !agent.client)
    }

    fn somebody(&mut self, may: impl Fn(&Agent) -> bool) -> Option<usize> {
        let fits = |agent: &Agent| agent.is_up() && may(agent);
        let up: Vec<usize> = (0..self.agents.len()).filter(|i| fits(&self.agents[*i])).collect();
        self.dice.among(&up)
    }

    /// Words that nobody said before.
    pub(super) fn words(&mut self) -> String {
        self.said += 1;
        format!("No. {}", self.said)
    }

    pub(super) fn picture(&mut self) -> Vec<u8> {
        self.said += 1;
        photo(self.said as u8, 12)
    }

    fn somebody_writes(&mut self) {
        let who = self.dice.below(self.chatters.len());
        let (text, with) = (self.words(), self.dice.chance(15));
        let picture = with.then(|| self.picture());
        let name = self.chatters[who].name;
        self.tally.note(&format!("{name} writes {text}"));
        self.chatters[who].writes(&text, picture);
    }

    /// Asks `act` of somebody about something in a list of theirs.
    pub(super) async fn somebody_in(&mut self, section: Section, act: Act) {
        let Some(who) = self.colleague_up() else { return };
        let places = self.agents[who].places(section).await;
        if let Some(place) = self.dice.among(&places) {
            self.agents[who].asks(place, act).await;
        }
    }

    async fn somebody_picks(&mut self) {
        self.somebody_in(Section::Picklist, Act::Pick).await;
    }

    async fn somebody_says(&mut self) {
        let (text, with) = (self.words(), self.dice.chance(25));
        let act = if with { Act::Photo(text, Picture(self.picture())) } else { Act::Send(text) };
        self.somebody_in(Section::Conversations, act).await;
    }

    async fn somebody_reads(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let places = self.agents[who].places(Section::Conversations).await;
        if let Some(place) = self.dice.among(&places) {
            self.agents[who].reads(place).await;
        }
    }

    async fn somebody_is_ready(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let ready = self.dice.among(&[Ready::Available, Ready::Available, Ready::Busy]).unwrap_or_default();
        let device = &self.agents[who].device;
        self.tally.note(&format!("{} is {ready:?}", self.agents[who].name));
        device.engine().set_availability(device.id(), ready).await.expect("it is kept");
    }

    /// Somebody takes what is offered to them, or lets it pass.
    async fn somebody_answers(&mut self) {
        for who in 0..self.agents.len() {
            let agent = &mut self.agents[who];
            if agent.blocked || !agent.device.is_running() {
                continue;
            }
            let Some(place) = agent.offered().await else { continue };
            if self.dice.chance(70) {
                self.tally.count("offer: accepted");
                agent.asks(place, Act::Accept).await;
            } else {
                self.tally.count("offer: passed");
                agent.passes(place).await;
            }
            return;
        }
    }

    async fn somebody_tends(&mut self) {
        if let Some(who) = self.somebody_up() {
            self.agents[who].tends(&mut self.dice).await;
        }
    }

    fn signal_changes(&mut self) {
        let at = self.dice.below(self.agents.len() + self.chatters.len());
        let net = match at.checked_sub(self.agents.len()) {
            None => self.agents[at].device.net.clone(),
            Some(at) => self.chatters[at].net.clone(),
        };
        if net.is_up() {
            self.tally.count("net: no signal");
            net.cut();
        } else {
            net.heal();
        }
    }

    fn a_device_is_killed(&mut self) {
        if let Some(who) = self.somebody_up() {
            self.agents[who].killed();
            self.agents[who].back_at = self.step + self.dice.below(4) as u32;
        }
    }

    /// A failpoint of a device is armed; most often its person does at once what may
    /// reach it.
    async fn a_device_will_fall(&mut self) {
        let Some(who) = self.somebody_up() else { return };
        let Some(point) = self.dice.among(fieldline_core::failpoint::POINTS) else { return };
        self.agents[who].arms(point);
        let places = self.agents[who].places(Section::Conversations).await;
        let place = match self.dice.among(&places) {
            None => self.seat_of(who).await.map(|seat| seat.place),
            some => some,
        };
        if let Some(place) = place
            && self.dice.chance(80)
        {
            let act = Act::Photo(self.words(), Picture(self.picture()));
            self.agents[who].asks(place, act).await;
        }
    }

    fn the_server_will_fall(&mut self) {
        failpoint::arm(self.dice.among(failpoint::POINTS));
    }

    fn the_server_falls(&mut self, how: &str) {
        if self.road.is_up() {
            self.tally.count(&format!("server: {how}"));
            self.road.falls();
        }
    }

    /// Whatever is down and was down long enough is started again.
    async fn what_fell_comes_back(&mut self) {
        if let Some(point) = failpoint::fell() {
            self.tally.count(&format!("server: killed at {point}"));
            // Also when it was not answering anybody.
            self.road.falls();
        }
        self.server_stands().await;
        for at in 0..self.agents.len() {
            if !self.agents[at].device.is_running() && self.agents[at].back_at <= self.step {
                self.agents[at].starts().await;
            }
        }
    }

    /// Opens the server again, if it is down.
    pub async fn server_stands(&mut self) {
        if self.road.is_up() {
            return;
        }
        // Whoever was being answered notices, and lets go of the server's files.
        self.server = None;
        for _ in 0..100 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if let Ok(server) = open(&self.files, &self.clock) {
                self.tally.note("the server stands");
                self.road.stands(server.router());
                self.server = Some(server);
                return;
            }
        }
        panic!("the server does not open again");
    }

    /// What the server's database says now.
    pub fn truth(&self) -> Truth {
        Truth::read(self.files.path()).expect("the server's database reads")
    }

    /// The run's dice.
    pub fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }
}

fn open(files: &TempDir, clock: &Clock) -> Result<Server, fieldline_server::OpenError> {
    let config = Config { clock: clock.clone(), run: Run::Inline, ..Config::new(files.path()) };
    let server = Server::open(config)?;
    server.keep_offering();
    Ok(server)
}
