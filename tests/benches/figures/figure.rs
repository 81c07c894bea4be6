//! A figure: ours, its floor, their ratio, and what the ratio may be.

use serde_json::json;
use std::fmt;

/// What a ratio may be.
#[derive(Clone, Copy)]
pub enum Bound {
    /// At least this; below two thirds of it is far off.
    AtLeast(f64),
    /// At most this; above one and a half times it is far off.
    AtMost(f64),
    /// Only reported.
    Free,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Met,
    Missed,
    FarOff,
    Reported,
}

impl Bound {
    fn judge(self, ratio: f64) -> Verdict {
        let (met, near) = match self {
            Self::AtLeast(least) => (ratio >= least, ratio >= least / 1.5),
            Self::AtMost(most) => (ratio <= most, ratio <= most * 1.5),
            Self::Free => return Verdict::Reported,
        };
        match (met, near) {
            (true, _) => Verdict::Met,
            (false, true) => Verdict::Missed,
            (false, false) => Verdict::FarOff,
        }
    }
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::FarOff => "FAR OFF",
            Self::Reported => "",
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
            Self::Free => Ok(()),
        }
    }
}

/// One line of the sheet.
pub struct Figure {
    what: &'static str,
    unit: &'static str,
    ours: f64,
    floor: f64,
    ratio: f64,
    bound: Bound,
}

/// The middle one of `values`, which must not be empty.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// What was measured, a value a round, and beside it its floor's.
pub struct Rounds<'r> {
    /// In this unit, both.
    pub unit: &'static str,
    /// Ours.
    pub ours: &'r [f64],
    /// The floor's, in the same rounds.
    pub floor: &'r [f64],
}

/// All figures of a run.
#[derive(Default)]
pub struct Sheet {
    facts: Vec<(&'static str, String)>,
    figures: Vec<Figure>,
}

impl Sheet {
    /// Notes something about the machine or the run.
    pub fn fact(&mut self, what: &'static str, value: String) {
        println!("{what}: {value}");
        self.facts.push((what, value));
    }

    /// Notes a figure.
    pub fn figure(&mut self, what: &'static str, bound: Bound, rounds: &Rounds<'_>) {
        let ratios: Vec<f64> =
            rounds.ours.iter().zip(rounds.floor).map(|(ours, floor)| ours / floor).collect();
        self.figures.push(Figure {
            what,
            unit: rounds.unit,
            ours: median(rounds.ours),
            floor: median(rounds.floor),
            ratio: median(&ratios),
            bound,
        });
    }

    /// Whether a budget is missed by far.
    pub fn is_far_off(&self) -> bool {
        self.figures.iter().any(|figure| figure.bound.judge(figure.ratio) == Verdict::FarOff)
    }

    /// Everything, for programs.
    pub fn json(&self) -> String {
        let figures: Vec<_> = self.figures.iter().map(Figure::json).collect();
        let facts: serde_json::Map<_, _> =
            self.facts.iter().map(|(what, value)| ((*what).to_owned(), json!(value))).collect();
        format!("{:#}\n", json!({ "facts": facts, "figures": figures }))
    }
}

impl Figure {
    fn json(&self) -> serde_json::Value {
        json!({
            "figure": self.what,
            "unit": self.unit,
            "ours": self.ours,
            "floor": self.floor,
            "ratio": self.ratio,
            "budget": self.bound.to_string(),
            "verdict": self.bound.judge(self.ratio).word(),
        })
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [what, ours, floor, ratio, budget] = ["figure", "ours", "floor", "ratio", "budget"];
        writeln!(f, "\n{what:<58} {ours:>10} {floor:>10}        {ratio:>7}  {budget:<7}")?;
        for it in &self.figures {
            let verdict = it.bound.judge(it.ratio).word();
            let bound = it.bound.to_string();
            writeln!(
                f,
                "{:<58} {:>10.1} {:>10.1} {:<6} {:>7.2}  {bound:<7} {verdict}",
                it.what, it.ours, it.floor, it.unit, it.ratio
            )?;
        }
        Ok(())
    }
}
