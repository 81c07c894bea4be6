//! FC3: the power goes while somebody works. What a screen showed as waiting, and what was
//! kept of a draft, is there afterwards; the file is whole, and everything goes out once.
//! A program of its own: SQLite's files go through `fieldline_tests::power` in all of it.

use fieldline_core::store::problem;
use fieldline_tests::power;
use fieldline_tests::world::{Device, World, photo};

/// Dice of a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// What a person knows of their work: what was said yes to, and their draft.
#[derive(Clone, Debug, Default, PartialEq)]
struct Work {
    said: Vec<String>,
    draft: String,
}

/// Works without signal, as dice say, until the power is gone. Gives what was done for sure,
/// and what there is if the last step was done as well.
async fn works(ana: &Device, dice: &mut Dice, turn: u64) -> (Work, Work) {
    let place = ana.with("Rosa").await;
    let mut sure = Work::default();
    for step in 0..12 {
        let mut next = sure.clone();
        let text = format!("{turn}.{step} {}", "and so on; ".repeat(dice.below(200) as usize));
        let kind = dice.below(4);
        if kind < 3 {
            next.said.push(text.trim().to_owned());
            next.draft.clear();
        } else {
            next.draft = text.clone();
        }
        match kind {
            0 | 1 => ana.sends("Rosa", text.trim()).await.unwrap(),
            2 => ana.sends_photo("Rosa", text.trim(), photo(step, 12)).await.unwrap(),
            _ => ana.engine().save_draft(place, text.into()).await.unwrap(),
        }
        if power::is_gone() {
            return (sure, next);
        }
        sure = next;
    }
    (sure.clone(), sure)
}

#[tokio::test(start_paused = true)]
async fn what_was_shown_as_waiting_outlives_the_loss_of_power() {
    power::install();
    let (mut lost, mut half, mut dice) = (0, 0, Dice(1));
    for turn in 0..40 {
        let world = World::new().await;
        let (ana, rosa) = world.ana_serves_rosa("Hello?").await;
        ana.offline();
        let often = "PRAGMA wal_autocheckpoint = 12";
        let profile = ana.engine().profile().unwrap();
        profile.run(move |c| c.execute_batch(often).map_err(problem)).await.unwrap();
        drop(profile);
        power::will_go(ana.files()[0].parent().unwrap(), 1 + dice.below(14));
        let (sure, next) = works(&ana, &mut dice, turn).await;
        let of_ten = dice.below(11);
        let (after, gone) = world.loses_power(&ana, || dice.below(10) < of_ten).await;
        lost += gone;
        half += u64::from(sure != next);
        let said: Vec<String> = after.engine().outbox().await.unwrap().into_iter().map(|r| r.text).collect();
        let there = Work { said, draft: after.thread("Rosa").await.draft.text };
        assert!(there == sure || there == next, "turn {turn}: {there:?} of {sure:?}");
        assert_eq!(after.engine().status().await.unwrap().mended, None, "turn {turn}: it is no damage");
        drop(ana);
        after.online().await;
        world.settles(&[&after]).await;
        assert_eq!(rosa.texts().await[1..], there.said, "turn {turn}");
    }
    println!("{lost} sectors lost, {half} of 40 in the middle of a step");
    assert!(lost > 100 && half > 20, "{lost} {half}");
}
