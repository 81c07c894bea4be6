//! What an operator decides in a run, and what somebody asks for who may not: each change of
//! a right, and each denial, is a line of the audit (I21).

use super::drive::Sim;
use super::truth::Truth;
use fieldline_model::admin::people::EditPerson;
use fieldline_model::{AdminAsk, Code, Module, PersonId};
use fieldline_server::{Server, failpoint};

/// One decision about somebody.
#[derive(Clone, Copy, Debug)]
pub enum Rule {
    /// They may begin threads from now on, or may not.
    Begin(PersonId, bool),
    /// They are out.
    Block(PersonId),
    /// They asked to be granted all there is, and were told that they may not.
    Denied(PersonId),
}

impl Rule {
    /// Whether the audit's line of it is of what was done, its word, and whom it is about.
    fn line(self) -> (bool, &'static str, PersonId) {
        match self {
            Self::Begin(who, _) => (true, "set_modules", who),
            Self::Block(who) => (true, "disable_person", who),
            Self::Denied(who) => (false, "set_modules", who),
        }
    }
}

impl Sim {
    /// An admin grants somebody the module, or takes it away.
    pub(super) async fn a_module_changes(&mut self) {
        let person = self.dice.among(&["Ana", "Bo", "Cy"]).expect("there are people");
        let on = self.dice.chance(65);
        self.grants(person, on).await;
    }

    pub(super) async fn grants(&mut self, person: &str, on: bool) {
        let Some(server) = self.at_hand() else { return };
        let who = called(&server, person).await;
        // What is so already is no change: it leaves no line.
        let changes = self.truth().may_begin(who) != on;
        server.grant(who, Module::MessagingCompany, on).await.expect("it is granted");
        self.rules.extend(changes.then_some(Rule::Begin(who, on)));
        self.tally.count(if on { "module: granted" } else { "module: taken away" });
        self.tally.note(&format!("{person} may begin threads: {on}"));
    }

    /// A colleague who is no admin would like to have every module. (A client is turned away at
    /// the staff's door, whatever they ask.)
    pub(super) async fn somebody_wants_more(&mut self) {
        let Some(who) = self.colleague_up() else { return };
        let me = self.me(who).await;
        let agent = &self.agents[who];
        let wish = EditPerson { modules: Some(Module::ALL.to_vec()), ..EditPerson::of(me) };
        let engine = agent.device.engine().clone();
        let said = engine.admin(AdminAsk::EditPerson(wish)).await.map_err(|problem| problem.code);
        self.tally.note(&format!("{} wants more: {said:?}", agent.name));
        match said {
            Ok(_) => panic!("I14: {} granted themself what only an admin may", agent.name),
            Err(Code::NotPermitted) => {
                self.tally.count("module: wanted in vain");
                self.rules.push(Rule::Denied(me));
            }
            Err(_) => {}
        }
    }

    /// Bo is blocked, at most once.
    pub(super) async fn bo_is_blocked(&mut self) {
        let Some(server) = self.server.clone().filter(|_| self.road.is_up()) else { return };
        if self.agents.iter().any(|agent| agent.blocked) || !self.dice.chance(50) {
            return;
        }
        failpoint::arm(None);
        self.blocks_bo(&server).await;
        self.tally.count("person: blocked");
        self.tally.note("Bo is blocked");
        for agent in self.agents.iter_mut().filter(|agent| agent.person == "Bo") {
            agent.blocked = true;
            agent.sky.revoke();
        }
    }

    /// An operator who restores a backup sees to it that nobody gets in again.
    pub(super) async fn who_was_blocked_is_blocked_again(&mut self) {
        if self.agents.iter().any(|agent| agent.blocked)
            && let Some(server) = self.server.clone()
        {
            self.blocks_bo(&server).await;
        }
    }

    async fn blocks_bo(&mut self, server: &Server) {
        let bo = called(server, "Bo").await;
        if !self.truth().is_blocked(bo) {
            server.block(bo).await.expect("Bo is blocked");
            self.rules.push(Rule::Block(bo));
        }
    }

    /// The server, if it is up; nothing of this step kills it.
    fn at_hand(&self) -> Option<Server> {
        let server = self.server.clone().filter(|_| self.road.is_up())?;
        failpoint::arm(None);
        Some(server)
    }
}

async fn called(server: &Server, person: &str) -> PersonId {
    let found = server.person_of(&person.to_lowercase()).await.expect("people are read");
    found.expect("they are there").id
}

impl Truth {
    /// I21: each decision of an operator that changed something left one line, each denial at least one (a request
    /// may arrive twice); and what somebody may is what was decided last.
    pub fn ruled(&self, rules: &[Rule]) -> Result<(), String> {
        for rule in rules {
            let line = rule.line();
            let asked = rules.iter().filter(|it| it.line() == line).count();
            let lines = self.lines_about(line);
            if lines < asked || line.0 && lines > asked {
                return Err(format!("I21: {rule:?} happened {asked} times, the audit has {lines}"));
            }
            let Rule::Begin(who, _) = *rule else { continue };
            let last = rules.iter().rev().find_map(|it| match *it {
                Rule::Begin(whom, on) if whom == who => Some(on),
                _ => None,
            });
            if last != Some(self.may_begin(who)) {
                return Err(format!("I14: {who} may begin threads otherwise than was decided: {last:?}"));
            }
        }
        Ok(())
    }
}
