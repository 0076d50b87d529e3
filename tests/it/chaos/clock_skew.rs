//! Wrong clocks of the portal and of gateways before it.

use arkib::devportal::Clock;
use arkib::domain::mapping::scim_urns as wire;
use serde_json::Value;

use super::http::Message;
use super::random::Random;

const LONG_AGO: &str = "Thu, 01 Jan 1970 00:00:01 GMT";
const FAR_OFF: &str = "Fri, 31 Dec 2100 23:59:59 GMT";

/// A clock for the portal.
pub fn clock(random: &Random) -> Clock {
    let instant =
        random.pick(&["2026-11-23T04:00:00Z", "1999-12-31T23:59:59Z", "2106-02-07T06:28:15Z"]);
    if random.chance_per_mille(250) {
        Clock::System
    } else {
        Clock::Fixed(instant.parse().unwrap())
    }
}

/// A retry-after answer with a past, far future or invalid date.
pub fn retry_later(random: &Random) -> Message {
    let mut answer =
        Message::answer(random.pick(&["429 Too Many Requests", "503 Service Unavailable"]), None);
    answer.set("content-length", "0");
    // A 503 without a readable date does not say whether the request was accepted; it was not.
    answer.set("retry-after", random.pick(&[LONG_AGO, FAR_OFF, "Someday, 99 Nov 2026"]));
    answer
}

/// Changes the dates of an answer: in its headers, and in its mailboxes.
pub fn apply_skew(answer: &mut Message, body: &mut Value, random: &Random) {
    answer.set("date", random.pick(&[LONG_AGO, FAR_OFF]));
    each_user(body, |user| {
        for name in ["changedAt", "recoverableUntil"] {
            user[wire::MAILBOX][name] = random
                .pick(&["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-02-30T25:61:61Z"])
                .into();
        }
    });
}

/// Every user in an answer: of a list, or a single one.
pub fn each_user(body: &mut Value, mut change: impl FnMut(&mut Value)) {
    if let Some(users) = body.get_mut("Resources").and_then(Value::as_array_mut) {
        users.iter_mut().for_each(change);
    } else if body.get(wire::MAILBOX).is_some() {
        change(body);
    }
}
