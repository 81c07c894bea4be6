//! FS3: the server's disk is full, or fails (EIO). Played under SQLite; the disk of the photos
//! has its own tests beside the server.

use fieldline_core::view::{Link, Mark, Section};
use fieldline_model::Code;
use fieldline_tests::power::{self, Ails};
use fieldline_tests::world::{PASSWORD, World, minutes};

/// Nothing is half there, everything is still read, and nobody has to do anything for what
/// waits to go out.
#[tokio::test(start_paused = true)]
async fn a_server_whose_disk_takes_nothing_says_so_is_read_on_and_recovers_alone() {
    power::install();
    for (ails, code) in [(Ails::Full, Code::StorageFull), (Ails::Write, Code::Busy), (Ails::Sync, Code::Busy)]
    {
        let world = World::new().await;
        let (ana, bo) = (world.agent("Ana").await, world.agent("Bo").await);
        let rosa = world.customer(Some("Rosa"), None).await;
        rosa.writes("Hello?").await.unwrap();
        world.settles(&[&ana, &bo]).await;
        ana.picks("Rosa").await.unwrap();
        ana.sends("Rosa", "Good morning").await.unwrap();
        world.settles(&[&ana, &bo]).await;

        power::ails(world.folder(), Some(ails));
        for _ in 0..3 {
            let refused = rosa.writes("Is anybody there?").await.unwrap_err();
            assert_eq!(refused.code, code, "{ails:?}");
        }
        ana.sends("Rosa", "One").await.unwrap();
        ana.sends("Rosa", "Two").await.unwrap();
        world.after(minutes(10)).await;
        let marks = [Mark::Sent, Mark::Sent, Mark::Waiting, Mark::Waiting];
        assert_eq!(ana.marks("Rosa").await, marks, "{ails:?}: the pick, and what was said");
        // Reads go on: the customer's page, a stream that connects anew, a device's first look.
        assert_eq!(rosa.texts().await, ["Hello?", "Good morning"]);
        bo.offline();
        world.after(minutes(1)).await;
        bo.online().await;
        world.after(minutes(1)).await;
        assert_eq!(bo.engine().status().await.unwrap().link, Link::Live, "{ails:?}");
        let told = ana.engine().profile().unwrap().remote().snapshot().await.unwrap();
        assert!(told.records.iter().any(|change| format!("{change:?}").contains("Good morning")));
        // Who signs in is told; nobody is half signed in.
        let nobody =
            ana.engine().sign_in("https://desk.test".into(), "bo".into(), PASSWORD.into(), None).await;
        assert_eq!(nobody.unwrap_err().code, code, "{ails:?}");

        power::ails(world.folder(), None);
        world.settles(&[&ana, &bo]).await;
        rosa.writes("Is anybody there?").await.unwrap();
        world.settles(&[&ana, &bo]).await;
        let expected = ["Hello?", "Good morning", "One", "Two", "Is anybody there?"];
        assert_eq!(rosa.texts().await, expected, "{ails:?}");
        assert_eq!(ana.marks("Rosa").await, [Mark::Sent; 4]);
        let numbers: Vec<_> = ana.thread("Rosa").await.bubbles.iter().map(|bubble| bubble.n).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
        assert!(bo.list(Section::Picklist).await.rows.is_empty());
    }
}
