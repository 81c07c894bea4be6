//! The audit, and customers, as an admin reads them.

use crate::store::Stop;
use crate::store::look::{Look, id, json, of_word};
use fieldline_model::admin::ROWS_MAX;
use fieldline_model::admin::trail::{
    AboutKind, AdminConversation, AdminCustomer, AuditAbout, AuditLine, AuditPage, AuditParty, AuditSearch,
    CustomersPage, CustomersSearch,
};
use fieldline_model::{Conversation, ConversationId, Customer, CustomerId, GroupId, PersonId, QueueId};
use rusqlite::{Row, params};
use uuid::Uuid;

/// A verb is offered to choose when it is among so many lines, the newest.
const VERBS_AMONG: i64 = 100_000;

impl Look<'_> {
    /// A page of the audit, newest first.
    pub fn audit_page(&self, search: &AuditSearch) -> Result<AuditPage, Stop> {
        let sql = "SELECT line, at_ms, actor, act, about, code FROM audit
                   WHERE workspace = ?1 AND line < ?2 AND at_ms >= ?3 AND at_ms < ?4
                     AND (?5 IS NULL OR act = ?5) AND (?6 IS NULL OR actor = ?6 OR about = ?7)
                   ORDER BY line DESC LIMIT ?8";
        let asked = params![
            self.key(),
            search.before.unwrap_or(i64::MAX),
            search.from_ms.unwrap_or(i64::MIN),
            search.to_ms.unwrap_or(i64::MAX),
            search.verb,
            search.person.map(|who| format!("person {who}")),
            search.person.map(|who| who.0.into_bytes()),
            ROWS_MAX as i64 + 1
        ];
        let mut lines = self.all(sql, asked, |row| self.audit_line(row))?;
        let more = lines.len() > ROWS_MAX;
        lines.truncate(ROWS_MAX);
        let sql = "SELECT DISTINCT act FROM
                       (SELECT act FROM audit WHERE workspace = ?1 ORDER BY line DESC LIMIT ?2)
                   ORDER BY act";
        let verbs = self.all(sql, params![self.key(), VERBS_AMONG], |row| Ok(row.get(0)?))?;
        Ok(AuditPage { lines, more, verbs })
    }

    fn audit_line(&self, row: &Row<'_>) -> Result<AuditLine, Stop> {
        let about = row.get::<_, Option<[u8; 16]>>(4)?.map(Uuid::from_bytes);
        let is_done = row.get::<_, Option<String>>(5)?.is_none();
        Ok(AuditLine {
            line: row.get(0)?,
            at_ms: row.get(1)?,
            by: self.party(&row.get::<_, String>(2)?)?,
            verb: row.get(3)?,
            about: about.map(|id| self.about(id)).transpose()?,
            code: if is_done { None } else { Some(of_word(row, 5)?) },
        })
    }

    fn party(&self, actor: &str) -> Result<AuditParty, Stop> {
        let of = |kind: &str| actor.strip_prefix(kind).and_then(|id| id.trim().parse::<Uuid>().ok());
        if let Some(id) = of("person ").map(PersonId) {
            return Ok(AuditParty::Person { id, name: self.person(id)?.map(|it| it.name) });
        }
        if let Some(id) = of("customer ").map(CustomerId) {
            return Ok(AuditParty::Customer { id, name: self.customer(id)?.and_then(called) });
        }
        Ok(match actor {
            "operator" => AuditParty::Operator,
            "server" => AuditParty::Server,
            _ => AuditParty::Nobody,
        })
    }

    /// What an id is of today, and what that is called.
    fn about(&self, id: Uuid) -> Result<AuditAbout, Stop> {
        let (kind, name) = if let Some(it) = self.person(PersonId(id))? {
            (AboutKind::Person, Some(it.name))
        } else if let Some(it) = self.customer(CustomerId(id))? {
            (AboutKind::Customer, called(it))
        } else if let Some(it) = self.conversation(ConversationId(id))? {
            (AboutKind::Conversation, called(it.customer))
        } else if self.group(GroupId(id))?.is_some() {
            // What is said in a group, and what it is called, is its members' alone.
            (AboutKind::Group, None)
        } else if let Some(it) = self.queue(QueueId(id))? {
            (AboutKind::Queue, Some(it.name).filter(|name| !name.is_empty()))
        } else {
            (AboutKind::Other, None)
        };
        Ok(AuditAbout { id, kind, name })
    }

    /// A page of customers, who came last first.
    pub fn customers_page(&self, search: &CustomersSearch) -> Result<CustomersPage, Stop> {
        let wanted = search.search.trim().to_lowercase();
        let has = |text: &Option<String>| text.as_ref().is_some_and(|it| it.to_lowercase().contains(&wanted));
        let (mut total, mut customers) = (0, Vec::new());
        let sql = "SELECT id, name, phone, created_at_ms FROM customer WHERE workspace = ?1 ORDER BY id DESC";
        self.all(sql, params![self.key()], |row| {
            let (id, created_at_ms) = (CustomerId(id(row, 0)?), row.get(3)?);
            let (name, phone): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            if !wanted.is_empty() && !has(&name) && !has(&phone) && id.to_string() != wanted {
                return Ok(());
            }
            total += 1;
            if total > search.from && customers.len() < ROWS_MAX {
                let conversations = Vec::new();
                customers.push(AdminCustomer { id, name, phone, created_at_ms, conversations });
            }
            Ok(())
        })?;
        for it in &mut customers {
            let all = self.conversations_of(it.id)?.into_iter();
            it.conversations = all
                .map(|of| AdminConversation {
                    id: of.id,
                    state: of.state,
                    created_at_ms: of.created_at_ms,
                    entries: of.last_n,
                })
                .collect();
        }
        Ok(CustomersPage { customers, total })
    }

    /// All of a customer's conversations, newest first.
    pub fn conversations_of(&self, who: CustomerId) -> Result<Vec<Conversation>, Stop> {
        let sql = "SELECT body FROM conversation WHERE workspace = ?1 AND customer = ?2
                   ORDER BY created_at_ms DESC, id DESC";
        self.all(sql, params![self.key(), who.0.as_bytes()], |row| json(row, 0))
    }
}

/// What a customer is called: by name, else by number.
fn called(it: Customer) -> Option<String> {
    it.name.or(it.phone)
}
