//! Photos between real cores, a customer and the server: what becomes of them when an admin
//! changes what may be sent, and of those that phones take.

use fieldline_core::view::{BubbleBody, Mark, PictureOf};
use fieldline_model::admin::desk::PolicyRules;
use fieldline_model::public::PublicBody;
use fieldline_model::{AdminAsk, Code, FileType};
use fieldline_tests::world::{World, photo};

/// FB8: photos wait without signal while their type is taken away: they are stuck with the
/// reason, and what comes after them goes. No admin can allow what is none of the types.
#[tokio::test(start_paused = true)]
async fn a_photo_that_waits_while_its_type_is_taken_away_is_stuck_and_says_why() {
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    ana.offline();
    ana.sends_photo("Rosa", "It is this one", photo(1, 200)).await.unwrap();
    ana.sends("Rosa", "Do you see it?").await.unwrap();
    let rules = PolicyRules { types: vec![FileType::Jpeg], file_max_bytes: 1 << 20, devices_max: None };
    world.server.admin(AdminAsk::SetPolicy(rules)).await.unwrap();
    ana.online().await;
    world.settles(&[&ana]).await;
    assert_eq!(rosa.texts().await, ["Is this the part?", "Do you see it?"]);
    let stuck = ana.engine().outbox().await.unwrap().remove(0);
    assert_eq!((stuck.mark, stuck.problem.unwrap().code), (Mark::Stuck, Code::FileTypeForbidden));
    let chosen = ana.sends_photo("Rosa", "And this", photo(2, 200)).await.unwrap_err();
    assert_eq!(chosen.code, Code::FileTypeForbidden, "at the moment it is chosen");
    let svg = r#"{"ask":"set_policy","types":["jpeg","svg"],"file_max_bytes":1048576}"#;
    match serde_json::from_str::<AdminAsk>(svg) {
        Err(_) => {}
        Ok(AdminAsk::SetPolicy(rules)) => assert_eq!(rules.types, [FileType::Jpeg]),
        Ok(other) => panic!("{other:?}"),
    }
}

/// B17: HEIC comes as every device draws it to everybody, also to who sent it.
#[tokio::test(start_paused = true)]
async fn a_heic_photo_is_a_picture_to_its_customer_its_agent_and_its_sender() {
    let heic = include_bytes!("../src/e2e/gear.heic").to_vec();
    assert_eq!(FileType::of(&heic), Some(FileType::Heic));
    let world = World::new().await;
    let (ana, rosa) = world.ana_serves_rosa("Is this the part?").await;
    rosa.says("Like this", std::slice::from_ref(&heic), None).await.unwrap();
    ana.sends_photo("Rosa", "Or this?", heic.clone()).await.unwrap();
    world.settles(&[&ana]).await;
    let said = |b: fieldline_core::view::Bubble| match b.body {
        BubbleBody::Said { files, .. } => files,
        _ => Vec::new(),
    };
    let files: Vec<_> = ana.thread("Rosa").await.bubbles.into_iter().flat_map(said).collect();
    assert_eq!(files.len(), 2);
    for file in files {
        assert_eq!((file.kind, file.width, file.height), (FileType::Heic, 480, 360));
        for of in [file.thumb, file.display] {
            assert!(matches!(of, PictureOf::Message { .. }));
            let shown = ana.engine().picture(of).await.unwrap();
            assert_eq!(FileType::of(&shown), Some(FileType::Jpeg));
        }
    }
    let shown = rosa.page().await.messages.into_iter().filter_map(|it| match &it.body {
        PublicBody::Said { files, .. } if !files.is_empty() => Some(it),
        _ => None,
    });
    for message in shown {
        let picture = rosa.picture(&message, 0).await.unwrap();
        assert_eq!(FileType::of(&picture), Some(FileType::Jpeg));
    }
}
