//! What the chat page says to who comes, and when somebody answers.
//!
//! Invariant: hours are what is said, never what is done: a message is taken at all times.

use crate::store::{Look, Stop, Tx};
use fieldline_model::admin::desk::{ChatPage, GREETING_MAX_CHARS, OpenSpan, OpeningHours};
use fieldline_model::public::PublicDesk;
use fieldline_model::{AdminAnswer, Code, Problem};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// A day has so many minutes, however long it is on the day the clocks change.
const DAY_MIN: u16 = 24 * 60;

/// What it says.
pub(super) fn get(look: &Look<'_>) -> Result<AdminAnswer, Stop> {
    Ok(AdminAnswer::ChatPage(look.chat_page()?))
}

/// Sets what it says.
pub(super) fn set(tx: &mut Tx<'_>, page: &ChatPage) -> Result<AdminAnswer, Stop> {
    let greeting = page.greeting.trim().to_owned();
    if greeting.chars().count() > GREETING_MAX_CHARS {
        return Err(Problem::limit(Code::TextTooLong, GREETING_MAX_CHARS as u64).into());
    }
    if let Some(hours) = &page.hours {
        check(hours)?;
    }
    tx.put_chat_page(&ChatPage { greeting, hours: page.hours.clone() })?;
    get(tx)
}

fn zone(hours: &OpeningHours) -> Result<TimeZone, Problem> {
    TimeZone::get(&hours.zone).map_err(|_| Code::BadHours.into())
}

/// Refuses with *bad_hours* what is no week, and a week that nobody ever answers in.
fn check(hours: &OpeningHours) -> Result<(), Problem> {
    zone(hours)?;
    let in_order = |spans: &Vec<OpenSpan>| {
        let whole = spans.iter().all(|span| span.from_min < span.to_min && span.to_min <= DAY_MIN);
        whole && spans.windows(2).all(|two| two[0].to_min <= two[1].from_min)
    };
    let some = hours.days.iter().any(|spans| !spans.is_empty());
    if hours.days.len() == 7 && some && hours.days.iter().all(in_order) {
        Ok(())
    } else {
        Err(Code::BadHours.into())
    }
}

/// What everybody outside is told at `now_ms`.
pub fn desk(look: &Look<'_>, now_ms: i64) -> Result<PublicDesk, Stop> {
    let ChatPage { greeting, hours } = look.chat_page()?;
    let (open, until_ms) = match &hours {
        Some(hours) => state(hours, now_ms),
        None => (true, None),
    };
    Ok(PublicDesk { greeting, open, until_ms })
}

/// Whether somebody answers at `now_ms`, and until when that holds.
fn state(hours: &OpeningHours, now_ms: i64) -> (bool, Option<i64>) {
    let (Ok(zone), Ok(now)) = (zone(hours), Timestamp::from_millisecond(now_ms)) else {
        return (true, None);
    };
    // A week on, and the day before, whose end may be this one's beginning.
    let (mut spans, mut day) = (Vec::new(), now.to_zoned(zone));
    for _ in 0..=7 {
        spans.extend(of_day(hours, &day));
        let Ok(next) = day.checked_add(1.day()) else { break };
        day = next;
    }
    spans.dedup_by(|later, earlier| {
        let touch = earlier.1 == later.0;
        if touch {
            earlier.1 = later.1;
        }
        touch
    });
    match spans.into_iter().find(|(_, to)| *to > now_ms) {
        Some((from, to)) if from <= now_ms => (true, Some(to)),
        Some((from, _)) => (false, Some(from)),
        None => (false, None),
    }
}

/// The moments a day's spans begin and end.
fn of_day(hours: &OpeningHours, day: &Zoned) -> Vec<(i64, i64)> {
    let weekday = day.weekday().to_monday_zero_offset() as usize;
    let at = |minutes: u16| {
        let date = if minutes == DAY_MIN { day.date().tomorrow().ok()? } else { day.date() };
        let minutes = minutes % DAY_MIN;
        let time = Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()?;
        let zoned = date.to_datetime(time).to_zoned(day.time_zone().clone()).ok()?;
        Some(zoned.timestamp().as_millisecond())
    };
    let spans = hours.days.get(weekday).into_iter().flatten();
    spans.filter_map(|span| Some((at(span.from_min)?, at(span.to_min)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(zone: &str, days: [&[(u16, u16)]; 7]) -> OpeningHours {
        let spans = |spans: &[(u16, u16)]| {
            spans.iter().map(|(from_min, to_min)| OpenSpan { from_min: *from_min, to_min: *to_min }).collect()
        };
        OpeningHours { zone: zone.into(), days: days.map(spans).into() }
    }

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    const DAY: &[(u16, u16)] = &[(9 * 60, 12 * 60), (13 * 60, 17 * 60)];

    #[test]
    fn outside_of_hours_the_next_opening_is_told_in_the_offices_own_time() {
        let week = hours("Europe/Oslo", [DAY, DAY, DAY, DAY, DAY, &[], &[]]);
        assert_eq!(check(&week), Ok(()));
        // A Friday in winter: Oslo is an hour ahead of UTC.
        assert_eq!(state(&week, ms("2026-03-06T08:30:00Z")), (true, Some(ms("2026-03-06T11:00:00Z"))));
        assert_eq!(state(&week, ms("2026-03-06T11:30:00Z")), (false, Some(ms("2026-03-06T12:00:00Z"))));
        assert_eq!(state(&week, ms("2026-03-06T16:00:00Z")), (false, Some(ms("2026-03-09T08:00:00Z"))));
        // The clocks change on Sunday, 29 March: nine o'clock is seven in UTC from then on.
        assert_eq!(state(&week, ms("2026-03-27T18:00:00Z")), (false, Some(ms("2026-03-30T07:00:00Z"))));
    }

    #[test]
    fn hours_over_midnight_are_one_time_and_one_day_a_week_is_a_week_away() {
        let night = hours("UTC", [&[(22 * 60, 1440)], &[(0, 6 * 60)], &[], &[], &[], &[], &[]]);
        assert_eq!(state(&night, ms("2026-03-02T23:00:00Z")), (true, Some(ms("2026-03-03T06:00:00Z"))));
        assert_eq!(state(&night, ms("2026-03-03T06:00:00Z")), (false, Some(ms("2026-03-09T22:00:00Z"))));
        let all = hours("UTC", [&[(0, 1440)]; 7]);
        assert!(state(&all, ms("2026-03-03T06:00:00Z")).0);
    }

    #[test]
    fn what_is_no_week_is_refused() {
        let bad = Err(Code::BadHours.into());
        for (zone, monday) in [
            ("Europe/Atlantis", DAY),
            ("", DAY),
            ("UTC", &[(600, 600)]),
            ("UTC", &[(600, 1441)]),
            ("UTC", &[(600, 700), (660, 800)]),
            ("UTC", &[]),
        ] {
            assert_eq!(check(&hours(zone, [monday, &[], &[], &[], &[], &[], &[]])), bad, "{zone} {monday:?}");
        }
        let short = OpeningHours { zone: "UTC".into(), days: vec![vec![]; 6] };
        assert_eq!(check(&short), bad);
    }
}
