//! The simulation: see `fieldline_tests::sim`.
#![cfg(debug_assertions)]

use fieldline_tests::sim::{Plan, STEPS, run, runs, wanted};

fn number(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) if !text.is_empty() => {
            text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}"))
        }
        _ => otherwise,
    }
}

/// I1–I21, as far as the table in `fieldline_tests::sim` says, whatever the network, the
/// processes and the people do.
#[test]
fn every_seed_settles_and_every_invariant_holds() {
    let plan = Plan {
        start: number("SEED_START", 1),
        seeds: number("SEEDS", 2_000),
        stop: number("STOP", STEPS.into()) as u32,
        aloud: number("ALOUD", 0) > 0,
    };
    let (counts, failures) = runs(plan);
    for (what, times) in &counts {
        println!("{times:>9}  {what}");
    }
    assert!(
        failures.is_empty(),
        "{} of {} seeds failed\n{}",
        failures.len(),
        plan.seeds,
        failures.join("\n")
    );
    if plan.seeds >= 500 {
        let never: Vec<_> = wanted().into_iter().filter(|what| !counts.contains_key(what)).collect();
        assert!(never.is_empty(), "never met: {never:?}");
    }
}

#[test]
fn a_seed_is_the_same_run_every_time() {
    for seed in 1..=3 {
        let (one, two) = (run(seed, STEPS, false), run(seed, STEPS, false));
        assert_eq!((one.hash, one.counts), (two.hash, two.counts), "seed {seed}");
    }
}
