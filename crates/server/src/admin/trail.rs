//! What was done, which customers there are, and their erasure.

use crate::store::{Look, Stop, Tx};
use fieldline_model::admin::trail::{AuditSearch, CustomersSearch, Erase};
use fieldline_model::{AdminAnswer, Code};

/// A page of the audit.
pub(super) fn audit(look: &Look<'_>, search: &AuditSearch) -> Result<AdminAnswer, Stop> {
    Ok(AdminAnswer::Audit(look.audit_page(search)?))
}

/// A page of customers.
pub(super) fn customers(look: &Look<'_>, search: &CustomersSearch) -> Result<AdminAnswer, Stop> {
    Ok(AdminAnswer::Customers(look.customers_page(search)?))
}

/// Erases a customer whose name, or number without one, was typed.
pub(super) fn erase(tx: &mut Tx<'_>, asked: &Erase) -> Result<AdminAnswer, Stop> {
    let it = tx.customer(asked.customer)?.ok_or(Code::NotFound)?;
    let called = it.name.or(it.phone).unwrap_or_default();
    if asked.name.trim() != called.trim() {
        return Err(Code::BadName.into());
    }
    tx.erase_customer(it.id)?;
    Ok(AdminAnswer::Done)
}
