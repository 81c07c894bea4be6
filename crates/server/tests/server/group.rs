//! Group commit.

use crate::house::{House, accepted, says};
use fieldline_model::{Code, Outcome};
use fieldline_server::Run;
use futures_util::future::join_all;

#[tokio::test]
async fn intents_that_come_together_share_commits_and_a_refused_one_harms_no_other() {
    let house = House::run(Run::Thread);
    let ana = house.agent("Ana").await;
    house.customer("Rosa").await.says("Hello?").await;
    let it = ana.only().await;
    accepted(&ana.picks(it).await);
    let before = house.server.commits();
    let intents: Vec<_> =
        (0..60).map(|i| ana.mints(says(it, if i % 10 == 9 { " " } else { "Hi" }))).collect();
    let outcomes = join_all(intents.iter().map(|intent| ana.submit(intent))).await;
    for (i, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Outcome::Accepted { .. } => assert_ne!(i % 10, 9),
            Outcome::Refused { problem } => assert_eq!((i % 10, problem.code), (9, Code::MessageEmpty)),
            other => panic!("{other:?}"),
        }
    }
    let commits = house.server.commits() - before;
    assert!(commits < 30, "{commits} commits for 60 intents");
    let entries = ana.conversations().await[0].last_n;
    assert_eq!(entries, 2 + 54);
}
