//! What the rules of a group hold.

use super::*;
use uuid::Uuid;

fn person(n: u128, role: Role) -> Person {
    Person::new(PersonId(Uuid::from_u128(n)), format!("P{n}"), role)
}

fn agent(n: u128) -> Person {
    person(n, Role::Agent)
}

fn group(people: &[Person]) -> Group {
    let id = GroupId(Uuid::from_u128(99));
    let mut it = Group::started(id, &agent(1), (people, Some("Roof")), 5).unwrap();
    it.last_n = 7;
    it
}

fn ids(it: &Group) -> Vec<u128> {
    it.members.iter().map(|m| m.person.id.0.as_u128()).collect()
}

#[test]
fn nobody_oneself_alone_and_too_many_people_start_nothing() {
    let start = |people: &[Person], name: Option<&str>| {
        Group::started(GroupId(Uuid::nil()), &agent(1), (people, name), 5).map_err(|p| p.code)
    };
    assert_eq!(start(&[], None), Err(Code::NoPeople));
    assert_eq!(start(&[agent(1)], None), Err(Code::NoPeople));
    let many: Vec<_> = (2..=501).map(agent).collect();
    assert_eq!(start(&many, None), Err(Code::TooManyPeople));
    assert!(start(&many[1..], None).is_ok());
    let three = [agent(2), agent(3)];
    assert_eq!(start(&three, Some(&"x".repeat(10_000))), Err(Code::BadName));
    assert_eq!(start(&three, Some("a\u{202e}b")).unwrap().name.unwrap(), "ab");
    assert_eq!(start(&three, Some("  ")).unwrap().name, None);
    let direct = start(&[agent(2), agent(2)], Some("ignored")).unwrap();
    assert!(direct.direct && direct.name.is_none());
    let by = person(4, Role::Client);
    assert!(Group::started(GroupId(Uuid::nil()), &by, (&three, None), 5).is_err());
}

#[test]
fn who_is_added_reads_from_the_line_that_says_so_or_what_the_adder_reads() {
    let mut it = group(&[agent(2), agent(3)]);
    it.change(agent(1).id, (&[agent(4)], &[]), History::FromNow).unwrap();
    assert_eq!(it.member(agent(4).id).unwrap().from_n, 8);
    it.last_n = 9;
    it.change(agent(4).id, (&[agent(5)], &[]), History::Everything).unwrap();
    assert_eq!(it.member(agent(5).id).unwrap().from_n, 8, "no more than who added them");
    it.change(agent(1).id, (&[agent(6)], &[]), History::Everything).unwrap();
    assert_eq!(it.member(agent(6).id).unwrap().from_n, 1);
    assert_eq!(it.scope_of(7), Scope::members([1, 2, 3, 6].map(|n| agent(n).id)));
}

#[test]
fn saving_members_twice_changes_nothing_and_is_whole_or_nothing() {
    let mut it = group(&[agent(2), agent(3)]);
    let save = |it: &mut Group, add: &[Person], remove: &[PersonId]| {
        it.change(agent(2).id, (add, remove), History::FromNow).map_err(|p| p.code)
    };
    assert!(save(&mut it, &[agent(4)], &[agent(3).id]).unwrap().is_some());
    assert_eq!(ids(&it), [1, 2, 4]);
    assert_eq!(save(&mut it, &[agent(4)], &[agent(3).id]), Ok(None));
    let before = it.clone();
    assert_eq!(save(&mut it, &[agent(5)], &[agent(1).id]), Err(Code::OwnerStays));
    let many: Vec<_> = (10..600).map(agent).collect();
    assert_eq!(save(&mut it, &many, &[]), Err(Code::TooManyPeople));
    assert_eq!(it, before);
    let stranger = it.change(agent(9).id, (&[agent(5)], &[]), History::FromNow);
    assert_eq!(stranger.unwrap_err().code, Code::NotPermitted);
}

#[test]
fn an_owner_who_leaves_is_followed_and_clients_are_never_left_alone() {
    let kim = person(5, Role::Client);
    let mut it = group(&[kim.clone(), agent(2)]);
    assert_eq!(it.clients(), 1);
    assert_eq!(it.leave(agent(1).id), Ok(Some(GroupChange::Left)));
    assert_eq!((it.owner, it.leave(agent(1).id)), (agent(2).id, Ok(None)));
    assert_eq!(it.leave(agent(2).id).unwrap_err().code, Code::LastColleague);
    assert_eq!(it.rename(kim.id, "Mine").unwrap_err().code, Code::NotPermitted);
    assert_eq!(it.leave(kim.id), Ok(Some(GroupChange::Left)));
    assert!(it.leave(agent(2).id).is_ok());
    assert_eq!(it.scope(), Scope::members([]));
}

#[test]
fn a_client_writes_nothing_where_no_colleague_would_read_it_and_may_leave() {
    let kim = person(5, Role::Client);
    let mut it = group(&[kim.clone(), person(6, Role::Client), agent(2)]);
    assert!(it.disable(agent(1).id) && it.may_send(kim.id).is_ok() && !it.is_unattended());
    assert!(it.disable(agent(2).id) && it.is_unattended());
    assert_eq!(it.may_send(kim.id).unwrap_err().code, Code::NoColleague);
    assert_eq!(it.may_send(agent(9).id).unwrap_err().code, Code::NotPermitted);
    assert_eq!(it.leave(kim.id), Ok(Some(GroupChange::Left)));
    assert_eq!(it.leave(person(6, Role::Client).id), Ok(Some(GroupChange::Left)));
    assert!(!it.is_unattended(), "nobody is left alone");
}

#[test]
fn who_was_disabled_stays_in_it_and_is_told_nothing_more() {
    let mut it = group(&[agent(2), person(5, Role::Client)]);
    assert!(it.disable(agent(1).id) && !it.disable(agent(1).id) && !it.disable(agent(9).id));
    assert_eq!((ids(&it), it.owner), (vec![1, 2, 5], agent(2).id));
    assert_eq!(it.scope(), Scope::members([agent(2).id, agent(5).id]));
    assert_eq!(it.leave(agent(2).id).unwrap_err().code, Code::LastColleague, "a disabled one is none");
    assert!(it.change(agent(2).id, (&[], &[agent(1).id]), History::FromNow).is_ok(), "may be removed");
    assert!(it.disable(agent(5).id));
    assert_eq!(it.clients(), 0);
}

#[test]
fn a_direct_thread_keeps_its_two_people_and_needs_no_name() {
    let mut it = group(&[agent(2)]);
    let (by, three) = (agent(1).id, [agent(3)]);
    assert_eq!(it.change(by, (&three, &[]), History::FromNow).unwrap_err().code, Code::DirectThread);
    assert_eq!(it.leave(by).unwrap_err().code, Code::DirectThread);
    assert_eq!(it.rename(by, "Us").unwrap_err().code, Code::DirectThread);
}

#[test]
fn a_name_is_given_changed_and_taken_away() {
    let mut it = group(&[agent(2), agent(3)]);
    assert_eq!(it.rename(agent(2).id, " Roof "), Ok(None));
    let name = Some("Cellar".to_owned());
    assert_eq!(it.rename(agent(2).id, "Cellar"), Ok(Some(GroupChange::Renamed { name })));
    assert_eq!(it.rename(agent(3).id, ""), Ok(Some(GroupChange::Renamed { name: None })));
}

#[test]
fn a_group_of_clients_without_a_colleague_is_handed_on_and_no_other() {
    let kim = person(9, Role::Client);
    let mut it = group(&[agent(2), kim.clone()]);
    assert_eq!(it.hand_to(&agent(3)), None, "a colleague is in it");
    assert!(it.disable(agent(1).id) && it.disable(agent(2).id));
    let added = vec![agent(3).card()];
    assert_eq!(it.hand_to(&agent(3)), Some(GroupChange::Members { added, removed: vec![] }));
    assert_eq!((it.owner, it.member(agent(3).id).unwrap().from_n), (agent(3).id, 1));
    assert!(it.may_send(kim.id).is_ok());
    assert_eq!(it.hand_to(&agent(4)), None, "once");
    let mut among_colleagues = group(&[agent(2), agent(3)]);
    for n in 1..=3 {
        among_colleagues.disable(agent(n).id);
    }
    assert_eq!(among_colleagues.hand_to(&agent(4)), None);
    let mut direct = group(&[kim]);
    assert!(direct.direct && direct.disable(agent(1).id));
    assert_eq!(direct.hand_to(&agent(4)), None);
}
