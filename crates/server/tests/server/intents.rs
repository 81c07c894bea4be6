//! Intents: safe to send twice, done in order, each judged by the rules.

use crate::house::{Device, House, accepted, refused, says};
use fieldline_model::change::What;
use fieldline_model::{Ask, Code, ConversationId, Outcome, Record, Role, State};
use http::Method;

async fn desk() -> (House, Device, Device, ConversationId) {
    let house = House::open();
    let (ana, bo) = (house.agent("Ana").await, house.agent("Bo").await);
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    (house, ana, bo, it)
}

#[tokio::test(start_paused = true)]
async fn a_repeat_has_no_second_effect_and_gets_the_same_answer() {
    let (house, ana, _, it) = desk().await;
    accepted(&ana.picks(it).await);
    let send = ana.mints(says(it, "Hi Rosa"));
    let first = ana.submit(&send).await;
    let head = house.server.head().await.unwrap();
    assert_eq!(ana.submit(&send).await, first);
    assert_eq!(house.server.head().await.unwrap(), head);
    let page: fieldline_model::api::OlderPage =
        ana.get(&format!("/v1/conversations/{it}/messages")).await.json();
    assert_eq!(page.messages.len(), 3);
    assert!(!page.more);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_answers_with_the_record_as_it_is_today() {
    let (_house, ana, _, it) = desk().await;
    let pick = ana.mints(Ask::Pick { conversation: it });
    accepted(&ana.submit(&pick).await);
    accepted(&ana.ends(it).await);
    let again = ana.submit(&pick).await;
    let states: Vec<_> = accepted(&again)
        .iter()
        .filter_map(|change| match &change.what {
            What::Put(Record::Conversation(it)) => Some(it.state),
            _ => None,
        })
        .collect();
    assert_eq!(states, [State::Ended]);
}

#[tokio::test(start_paused = true)]
async fn two_copies_at_once_have_one_effect_and_one_answer() {
    let (house, ana, _, it) = desk().await;
    accepted(&ana.picks(it).await);
    let send = ana.mints(says(it, "Hi Rosa"));
    let before = house.server.head().await.unwrap();
    let (one, two) = tokio::join!(ana.submit(&send), ana.submit(&send));
    assert_eq!(one, two);
    assert_eq!(house.server.head().await.unwrap(), before + 3);
}

/// FC10, I4: by another device of hers, as one is that was copied, it is the same.
#[tokio::test(start_paused = true)]
async fn the_same_bytes_from_another_device_of_the_same_person_are_a_repeat() {
    let (house, ana, _, it) = desk().await;
    let pick = ana.mints(Ask::Pick { conversation: it });
    let first = ana.submit(&pick).await;
    accepted(&first);
    let head = house.server.head().await.unwrap();
    assert_eq!(house.device_of(&ana.person).await.submit(&pick).await, first);
    assert_eq!(house.server.head().await.unwrap(), head);
}

/// FN3, I5: no effect, and refused for good.
#[tokio::test(start_paused = true)]
async fn the_same_id_with_other_bytes_or_from_somebody_else_is_refused() {
    let (house, ana, bo, it) = desk().await;
    let pick = ana.mints(Ask::Pick { conversation: it });
    accepted(&ana.submit(&pick).await);
    let mut other = pick.clone();
    other.written_at_ms += 1;
    assert_eq!(refused(&ana.submit(&other).await), Code::IdReused);
    assert_eq!(refused(&bo.submit(&pick).await), Code::IdReused);
    let second = house.device_of(&ana.person).await;
    assert_eq!(refused(&second.submit(&other).await), Code::IdReused);
}

#[tokio::test(start_paused = true)]
async fn a_customer_and_an_agent_cannot_share_an_id() {
    let (house, ana, _, it) = desk().await;
    accepted(&ana.picks(it).await);
    let send = ana.mints(says(it, "Hi"));
    accepted(&ana.submit(&send).await);
    let kim = house.customer("Kim").await;
    let mut copy = kim.mints("Hi", vec![]);
    copy.id = send.id;
    assert_eq!(kim.sends(&copy).await.code(), Code::IdReused);
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_judged_anew_when_its_person_asks_again() {
    let (_house, ana, _, it) = desk().await;
    let send = ana.mints(says(it, "Hi Rosa"));
    assert_eq!(refused(&ana.submit(&send).await), Code::NotPicked);
    accepted(&ana.picks(it).await);
    accepted(&ana.submit(&send).await);
}

#[tokio::test]
async fn of_fifty_who_pick_at_once_one_has_it_and_the_others_hear_who() {
    let house = House::run(fieldline_server::Run::Thread);
    let first = house.agent("Agent 0").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = first.only().await;
    let mut agents = vec![first];
    for i in 1..50 {
        agents.push(house.agent(&format!("Agent {i}")).await);
    }
    let outcomes = futures_util::future::join_all(agents.iter().map(|agent| agent.picks(it))).await;
    let winners: Vec<_> = (0..50).filter(|i| matches!(outcomes[*i], Outcome::Accepted { .. })).collect();
    assert_eq!(winners.len(), 1);
    let winner = &agents[winners[0]].person.name;
    for outcome in outcomes.iter().filter(|outcome| !matches!(outcome, Outcome::Accepted { .. })) {
        let Outcome::Refused { problem } = outcome else { panic!("{outcome:?}") };
        assert_eq!((problem.code, problem.who.as_ref()), (Code::AlreadyPicked, Some(winner)));
    }
    accepted(&agents[winners[0]].picks(it).await);
}

#[tokio::test(start_paused = true)]
async fn entries_are_numbered_without_gaps_over_messages_and_events() {
    let (house, ana, _, it) = desk().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.says(it, "one").await);
    assert_eq!(refused(&ana.says(it, " ").await), Code::MessageEmpty);
    accepted(&ana.ends(it).await);
    accepted(&ana.asks(Ask::Reopen { conversation: it }).await);
    accepted(&ana.says(it, "two").await);
    let page: fieldline_model::api::OlderPage =
        ana.get(&format!("/v1/conversations/{it}/messages")).await.json();
    let numbers: Vec<_> = page
        .messages
        .iter()
        .map(|change| match &change.what {
            What::Put(Record::Message(entry)) => entry.n,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(numbers, [6, 5, 4, 3, 2, 1]);
    assert_eq!(ana.conversations().await[0].last_n, 6);
    drop(house);
}

#[tokio::test(start_paused = true)]
async fn an_intent_waits_for_the_one_it_needs_and_holds_its_lane_alone() {
    let (house, ana, _, it) = desk().await;
    house.customer("Kim").await.says("Me too").await;
    let other = ana.conversations().await.iter().find(|c| c.id != it).unwrap().id;
    let pick = ana.mints(Ask::Pick { conversation: it });
    let mut send = ana.mints(says(it, "Hi"));
    send.needs = Some(pick.id);
    let text = |intent: &fieldline_model::Intent| serde_json::to_string(intent).unwrap();
    let rest = [
        text(&send),
        text(&ana.mints(Ask::End { conversation: it })),
        text(&ana.mints(Ask::Pick { conversation: other })),
    ];
    let outcomes = ana.submits(&rest).await;
    assert!(matches!(outcomes[0], Outcome::Later { .. }) && matches!(outcomes[1], Outcome::Later { .. }));
    accepted(&outcomes[2]);
    let outcomes = ana.submits(&[text(&pick), rest[0].clone(), rest[1].clone()]).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })), "{outcomes:?}");
}

#[tokio::test(start_paused = true)]
async fn what_needs_a_refused_one_is_refused_too() {
    let (_house, ana, bo, it) = desk().await;
    accepted(&bo.picks(it).await);
    let pick = ana.mints(Ask::Pick { conversation: it });
    let mut send = ana.mints(says(it, "Hi"));
    send.needs = Some(pick.id);
    let bodies = [serde_json::to_string(&pick).unwrap(), serde_json::to_string(&send).unwrap()];
    let outcomes = ana.submits(&bodies).await;
    assert_eq!(refused(&outcomes[0]), Code::AlreadyPicked);
    assert_eq!(refused(&outcomes[1]), Code::NeedsRefused);
}

/// FB10.
#[tokio::test(start_paused = true)]
async fn a_batch_does_what_it_can_and_refuses_each_bad_item_alone() {
    let (_house, ana, _, it) = desk().await;
    let pick = serde_json::to_string(&ana.mints(Ask::Pick { conversation: it })).unwrap();
    let unknown =
        serde_json::to_string(&ana.mints(Ask::Pick { conversation: it })).unwrap().replace("pick", "juggle");
    let long = serde_json::to_string(&ana.mints(says(it, &"a".repeat(1 << 20)))).unwrap();
    let role = pick.replacen('{', r#"{"role":"admin","#, 1);
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let bodies = [unknown, r#"{"ask":1e400}"#.into(), role, deep, pick, long];
    let outcomes = ana.submits(&bodies).await;
    let codes: Vec<_> = outcomes[..4].iter().map(refused).collect();
    assert_eq!(codes, [Code::UnknownIntent, Code::BadRequest, Code::BadRequest, Code::BadRequest]);
    accepted(&outcomes[4]);
    assert_eq!(refused(&outcomes[5]), Code::TextTooLong);
    for bad in ["", "{", "[]", r#"{"intents":{}}"#, r#"{"intents":[],"more":1}"#] {
        assert_eq!(ana.call(Method::POST, "/v1/intents", bad).await.code(), Code::BadRequest, "{bad}");
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_elses_conversation_is_not_there() {
    let (house, ana, bo, it) = desk().await;
    accepted(&ana.picks(it).await);
    let path = format!("/v1/conversations/{it}/messages");
    assert_eq!(bo.get(&path).await.code(), Code::NotFound);
    assert_eq!(refused(&bo.says(it, "Hi").await), Code::NotFound);
    assert_eq!(refused(&bo.ends(it).await), Code::NotFound);
    assert_eq!(refused(&bo.asks(Ask::Read { place: it.into(), n: 1 }).await), Code::NotFound);
    let nowhere = ConversationId::mint(1, [7; 10]);
    assert_eq!(refused(&bo.picks(nowhere).await), Code::NotFound);
    let kim = house.device_of(&house.person("Kim", Role::Client).await).await;
    assert_eq!(kim.get(&path).await.code(), Code::NotPermitted);
}

#[tokio::test(start_paused = true)]
async fn a_read_mark_moves_on_never_back_and_is_its_readers_alone() {
    let (_house, ana, bo, it) = desk().await;
    accepted(&ana.picks(it).await);
    accepted(&ana.says(it, "Hi").await);
    let read = |n| Ask::Read { place: it.into(), n };
    accepted(&ana.asks(read(1)).await);
    let outcome = ana.asks(read(99)).await;
    let [change] = accepted(&outcome) else { panic!("{outcome:?}") };
    let What::Put(Record::Read(mark)) = &change.what else { panic!("{change:?}") };
    assert_eq!(mark.n, 3);
    let marks = |changes: Vec<fieldline_model::Change>| {
        changes.iter().filter(|change| matches!(change.what, What::Put(Record::Read(_)))).count()
    };
    assert_eq!(marks(ana.changes(0).await), 1);
    assert_eq!(marks(bo.changes(0).await), 0);
}

/// A mark is answered with how far there is to read.
#[tokio::test(start_paused = true)]
async fn who_had_a_conversation_is_not_told_how_it_grows() {
    let (_house, ana, bo, it) = desk().await;
    accepted(&ana.picks(it).await);
    let to = Some(bo.person.id);
    accepted(&ana.asks(Ask::Transfer { conversation: it, to, note: String::new() }).await);
    accepted(&bo.says(it, "I go on for Ana").await);
    assert_eq!(refused(&ana.asks(Ask::Read { place: it.into(), n: 99 }).await), Code::NotFound);
}
