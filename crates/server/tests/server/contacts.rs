//! The contact list: everybody who may be chosen.

use crate::house::House;
use fieldline_model::api::ContactsPage;
use fieldline_model::change::{Change, What};
use fieldline_model::{Person, PersonId, Record, Role};

#[tokio::test(start_paused = true)]
async fn clients_come_by_pages_and_importing_them_twice_adds_nobody_twice() {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    let mut csv = String::from("name,phone,email\n");
    for n in 0..450 {
        csv += &format!("Client {n:03},+4790000{n:03},\n");
    }
    let first = house.server.import_contacts(&csv).await.unwrap();
    assert_eq!((first.added, first.same), (450, 0));
    csv = csv.replacen("Client 007", "Kim Berg", 1);
    let second = house.server.import_contacts(&csv).await.unwrap();
    assert_eq!((second.added, second.changed, second.same), (0, 1, 449));
    let third = house.server.import_contacts("name,phone\nKim Berg,+4790000007\nBad,call me").await.unwrap();
    assert_eq!((third.same, third.refused.len(), third.refused[0].line), (1, 1, 3));
    let people = |changes: Vec<Change>| {
        let person = |c: Change| if let What::Put(Record::Person(it)) = c.what { Some(it) } else { None };
        changes.into_iter().filter_map(person).collect::<Vec<Person>>()
    };
    assert!(people(ana.snapshot().await.records).iter().all(|it| it.role.is_staff()));
    let (mut all, mut after): (Vec<Person>, Option<PersonId>) = (Vec::new(), None);
    loop {
        let from = after.map(|id| format!("?after_id={id}")).unwrap_or_default();
        let page: ContactsPage = ana.get(&format!("/v1/contacts{from}")).await.json();
        all.extend(people(page.contacts));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(all.len(), 450);
    assert!(all.iter().any(|it| it.name == "Kim Berg" && it.phone.as_deref() == Some("+4790000007")));
    assert!(all.iter().all(|it| !it.signed_up && it.role == Role::Client));
    // Who is disabled is taken out of everybody's list.
    let cursor = house.server.head().await.unwrap();
    house.server.block(bo.person.id).await.unwrap();
    let changes = ana.changes(cursor).await;
    assert!(matches!(changes[0].what, What::Left(name) if name.id == bo.person.id.0), "{changes:?}");
}
