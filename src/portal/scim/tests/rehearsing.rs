//! Rehearsals of a mapping on a portal that behaves, and on portals that lie: what is said of each, and
//! that the mailbox is put back whole.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::apply::Stop;
use crate::apply::rehearse::{Rehearsal, RehearsalLimits, RehearsalListener};
use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::{AttributeName, MappedAttribute, Mapping, ValueKind};
use crate::domain::mapping::scim_urns as wire;
use crate::domain::mapping::vocabulary::Vocabulary;
use crate::domain::rehearsal::{RehearsalResult, RehearsalStep, RestoreOutcome};
use crate::portal::PortalReader as _;
use crate::portal::scim::testing::{Fake, Reply, Request, full, list, quick};
use crate::portal::scim::{connect, connect_to_write};

const PETI: &str = "urn:example:params:scim:schemas:extension:mel:1.0:Peti";

/// How a portal differs from what it should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Not at all.
    Good,
    /// PATCH is answered and has no effect.
    IgnoresPatch,
    /// /Bulk is answered and has no effect.
    IgnoresBulk,
    /// /Bulk is offered and refused.
    RefusesBulk,
    /// It stores this word as another one.
    Renames(&'static str, &'static str),
    /// It knows this word only in another spelling.
    Refuses(&'static str),
    /// It works on a change for some reads.
    Provisions,
    /// It works on a change for ever.
    NeverFinishes,
    /// It shows a change only after some reads.
    Lags,
    /// It does not keep the request.
    DropsRequest,
    /// It changes the mailbox once, and refuses everything after that.
    RefusesAfterFirst,
    /// It answers the first change with 500, although it was made.
    FailsAfterFirst,
}

struct Portal {
    habit: Habit,
    user: Value,
    /// What is shown for so many reads in place of the user.
    shown: Option<(Value, usize)>,
    version: usize,
    changes: usize,
}

impl Portal {
    fn show(&mut self) -> Value {
        let mut user = match &mut self.shown {
            Some((old, reads @ 1..)) => {
                *reads -= 1;
                old.clone()
            }
            _ => self.user.clone(),
        };
        user["meta"] = json!({"version": format!("W/\"{}\"", self.version)});
        user
    }

    fn patch(&mut self, patch: &Value) -> Reply {
        self.changes += 1;
        let before = self.user.clone();
        for operation in patch["Operations"].as_array().unwrap() {
            let name = operation["path"].as_str().unwrap().rsplit(':').next().unwrap();
            let value = &operation["value"];
            match self.habit {
                Habit::Refuses(word) if value == word => {
                    return Reply::error(400, "invalidValue", "perkataan tidak dikenali");
                }
                Habit::RefusesAfterFirst if self.changes > 1 => return Reply::status(403),
                Habit::DropsRequest if name == "rujukan" => continue,
                Habit::Renames(word, other) if value == word => {
                    self.user[PETI][name] = other.into();
                }
                _ if operation["op"] == "remove" => {
                    self.user[PETI].as_object_mut().unwrap().remove(name);
                }
                _ => self.user[PETI][name] = value.clone(),
            }
        }
        self.version += 1;
        match self.habit {
            Habit::IgnoresPatch => self.user = before,
            Habit::Lags => self.shown = Some((before, 6)),
            Habit::Provisions | Habit::NeverFinishes
                if before[PETI]["arkib"] != self.user[PETI]["arkib"] =>
            {
                let mut during = self.user.clone();
                during[PETI]["arkib"] = "Sedang diproses".into();
                let reads = if self.habit == Habit::Provisions { 6 } else { usize::MAX };
                self.shown = Some((during, reads));
            }
            Habit::FailsAfterFirst if self.changes == 1 => return Reply::status(500),
            _ => {}
        }
        Reply::status(204)
    }

    fn answer(&mut self, request: &Request) -> Reply {
        let body = || serde_json::from_str::<Value>(&request.body).unwrap();
        match &*request.method {
            "PATCH" => self.patch(&body()),
            "POST" if self.habit == Habit::RefusesBulk => Reply::status(404),
            "POST" => {
                if self.habit != Habit::IgnoresBulk {
                    let _ = self.patch(&body()["Operations"][0]["data"]);
                }
                Reply::json(
                    200,
                    &json!({"Operations": [{"location": "x/Users/1", "status": "200"}]}),
                )
            }
            _ if request.is_list() => Reply::json(200, &list(1, &[self.show()])),
            _ => Reply::json(200, &self.show()),
        }
    }
}

fn mapping(kind: ValueKind, words: &[(&str, State)]) -> Mapping {
    let attribute = |name| AttributeName::parse(name, Some(PETI)).expect("a name");
    Mapping {
        state: MappedAttribute {
            attribute: attribute("arkib"),
            kind,
            words: Vocabulary::new(words.iter().cloned()),
        },
        request: Some(attribute("rujukan")),
        hold: None,
        account: None,
        changed_at: None,
        recoverable_until: None,
        ..Mapping::default()
    }
}

fn malay() -> Mapping {
    let words = [
        ("Tiada", State::Disabled),
        ("Ada", State::Enabled),
        ("Tamat", State::Terminated),
        ("Sedang diproses", State::Enabling),
    ];
    mapping(ValueKind::String, &words)
}

/// Notes the steps, and may interrupt after so many announcements.
#[derive(Default)]
struct Listener {
    stop: Stop,
    stop_at: Option<usize>,
    announced: AtomicUsize,
    steps: Mutex<Vec<RehearsalStep>>,
    in_pages: Option<bool>,
    fails_to_record: bool,
}

impl RehearsalListener for Listener {
    async fn before_change(&self, _: &RehearsalStep) -> Result<(), String> {
        if self.stop_at == Some(self.announced.fetch_add(1, SeqCst)) {
            self.stop.request_stop();
        }
        if self.fails_to_record { Err("the disk is full".to_owned()) } else { Ok(()) }
    }

    async fn on_end(&self, step: &RehearsalStep) {
        self.steps.lock().unwrap().push(step.clone());
    }

    async fn web_pages_show_it(&self, _: Target) -> Option<bool> {
        self.in_pages
    }
}

/// What a rehearsal said, and the user before and after it.
struct Ran {
    result: RehearsalResult,
    lines: Vec<String>,
    problems: String,
    before: Value,
    after: Value,
    writes: usize,
}

async fn run(habit: Habit, arkib: Value, mapping: &Mapping, listener: Listener) -> Ran {
    let user = json!({"schemas": [wire::USER, PETI], "id": "1", "userName": "ujian@agensi.example",
        "displayName": "Ujian", PETI: {"arkib": arkib, "kuota": 50}});
    let portal = Portal { habit, user: user.clone(), shown: None, version: 1, changes: 0 };
    let portal = Arc::new(Mutex::new(portal));
    let theirs = Arc::clone(&portal);
    let fake = Fake::bare(move |request| {
        if request.path.ends_with("/ServiceProviderConfig") {
            let mut config = full();
            config["bulk"] =
                json!({"supported": true, "maxOperations": 100, "maxPayloadSize": 1 << 20});
            return Reply::json(200, &config);
        }
        if request.path.ends_with("/Schemas") {
            return Reply::status(404);
        }
        theirs.lock().unwrap().answer(request)
    });
    let reader = connect(&fake.endpoint(), &quick(), mapping).await.expect("a portal");
    let writer = connect_to_write(&fake.endpoint(), &quick(), mapping).await.expect("a portal");
    let mailbox = Mailbox::parse("ujian@agensi.example").unwrap();
    let observed = reader.read_some(std::slice::from_ref(&mailbox)).await.expect("a list");
    let rehearsal = Rehearsal {
        reader: &reader,
        writer: &writer,
        listener: &listener,
        mapping,
        found: observed.find_mailbox(&mailbox).expect("the mailbox"),
        limits: RehearsalLimits {
            provisioning: Duration::from_millis(match habit {
                Habit::NeverFinishes => 20,
                _ => 60_000,
            }),
            lag: Duration::from_millis(if habit == Habit::Lags { 60_000 } else { 20 }),
            first_pause: Duration::from_millis(1),
        },
        stop: &listener.stop,
    };
    let result = rehearsal.run().await;
    let lines = listener.steps.lock().unwrap().iter().map(line).collect();
    let problems =
        result.problems.iter().map(|problem| format!("{}; {}\n", problem.what, problem.help));
    let after = portal.lock().unwrap().user.clone();
    let is_write = |request: &Request| request.method != "GET";
    let writes = fake.asked().into_iter().filter(is_write).count();
    Ran { lines, problems: problems.collect(), before: user, after, writes, result }
}

/// `enable bulk arkib: Ada -> enabled`.
fn line(step: &RehearsalStep) -> String {
    let read_back = step.read_back.as_ref().map_or("?", State::as_str);
    let bulk = if step.in_bulk { " bulk" } else { "" };
    format!("{}{bulk} {} -> {read_back}", step.action.as_str(), step.written)
}

impl Ran {
    #[track_caller]
    fn is_put_back(&self) -> &Self {
        assert_eq!(self.result.left, RestoreOutcome::AsFound, "{:?}", self.lines);
        assert_eq!(self.before, self.after, "{:?}", self.lines);
        self
    }

    #[track_caller]
    fn says(&self, texts: &[&str]) {
        assert_eq!(texts.is_empty(), self.problems.is_empty(), "{}", self.problems);
        for text in texts {
            assert!(self.problems.contains(text), "{text}: {}", self.problems);
        }
    }
}

#[tokio::test]
async fn a_good_portal_is_proven_and_put_back() {
    let ran = run(Habit::Good, "Tiada".into(), &malay(), Listener::default()).await;
    ran.is_put_back().says(&[]);
    assert_eq!(
        ran.lines,
        [
            "enable bulk arkib: Ada -> enabled",
            "terminate arkib: Tamat -> terminated",
            "put-back arkib: Tiada -> disabled",
            "put-back rujukan removed -> disabled",
        ]
    );
    let ran = run(Habit::Good, "Ada".into(), &malay(), Listener::default()).await;
    ran.is_put_back().says(&[]);
    assert_eq!(
        ran.lines,
        [
            "terminate arkib: Tamat -> terminated",
            "enable bulk arkib: Ada -> enabled",
            "put-back rujukan removed -> enabled",
        ]
    );
}

#[tokio::test]
async fn slow_portals_are_waited_for() {
    for habit in [Habit::Provisions, Habit::Lags, Habit::FailsAfterFirst, Habit::RefusesBulk] {
        for word in ["Tiada", "Ada"] {
            let ran = run(habit, word.into(), &malay(), Listener::default()).await;
            ran.is_put_back().says(&[]);
        }
    }
}

#[tokio::test]
async fn a_patch_without_effect_is_caught() {
    for (word, written) in [("Tiada", "`arkib: Ada`"), ("Ada", "`arkib: Tamat`")] {
        let ran = run(Habit::IgnoresPatch, word.into(), &malay(), Listener::default()).await;
        let expected = format!("the portal accepted {written} and changed nothing: it is ");
        ran.is_put_back().says(&[&expected, "PATCH has no effect: tell the portal's operator"]);
    }
}

#[tokio::test]
async fn a_bulk_request_without_effect_is_caught() {
    for word in ["Tiada", "Ada"] {
        let ran = run(Habit::IgnoresBulk, word.into(), &malay(), Listener::default()).await;
        let expected = "the portal accepted a bulk request with `arkib: Ada` and changed nothing";
        ran.is_put_back().says(&[expected, "repair /Bulk"]);
        // The same change is sent alone, and works.
        assert!(ran.lines.contains(&"enable arkib: Ada -> enabled".to_owned()), "{:?}", ran.lines);
        assert_eq!(ran.result.problems.len(), 1);
    }
}

#[tokio::test]
async fn a_wrong_word_is_caught() {
    for word in ["Tiada", "Ada"] {
        let refuses = Habit::Refuses("Tamat");
        run(refuses, word.into(), &malay(), Listener::default()).await.is_put_back().says(&[
            "the portal refuses `arkib: Tamat`: ",
            "perkataan tidak dikenali",
            "correct the word for `terminated` in `mapping.state.values`",
        ]);
        let renamed = Habit::Renames("Tamat", "Ditamatkan");
        run(renamed, word.into(), &malay(), Listener::default()).await.is_put_back().says(&[
            "`arkib: Tamat` was written, and `Ditamatkan` is read back",
            "correct the word for `terminated` in `mapping.state.values`: if `Ditamatkan` means terminated, put it first",
        ]);
    }
    // A portal that stores any word: only its own pages show that it does not act on it.
    let listener = Listener { in_pages: Some(false), ..Listener::default() };
    let stored = run(Habit::Good, "Ada".into(), &malay(), listener).await;
    stored.is_put_back().says(&[
        "`arkib: Tamat` is read back, but the portal's own pages do not show it as terminated",
        "correct the word for `terminated` in `mapping.state.values`",
    ]);
}

#[tokio::test]
async fn a_request_that_is_not_kept_is_caught() {
    let ran = run(Habit::DropsRequest, "Ada".into(), &malay(), Listener::default()).await;
    ran.is_put_back().says(&[
        "`(rehearsal)` was written as the request, and nothing was read back",
        "correct `mapping.request`, or leave it out",
    ]);
    assert_eq!(ran.result.problems.len(), 1, "{}", ran.problems);
}

#[tokio::test]
async fn an_interrupt_puts_the_mailbox_back() {
    for word in ["Tiada", "Ada"] {
        for stop_at in 0..3 {
            let listener = Listener { stop_at: Some(stop_at), ..Listener::default() };
            let ran = run(Habit::Provisions, word.into(), &malay(), listener).await;
            ran.is_put_back().says(&[]);
            assert!(ran.result.is_interrupted || stop_at == 2, "{:?}", ran.lines);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_put_back_is_said() {
    let ran = run(Habit::RefusesAfterFirst, "Ada".into(), &malay(), Listener::default()).await;
    let RestoreOutcome::Otherwise(now, why) = &ran.result.left else {
        panic!("{:?}", ran.result.left);
    };
    assert_eq!((ran.after[PETI]["arkib"].as_str(), now), (Some("Tamat"), &Some(State::Terminated)));
    assert!(why.contains("the portal refuses `arkib: Ada`"), "{why}");
}

#[tokio::test]
async fn a_portal_that_does_not_finish_is_said() {
    let ran = run(Habit::NeverFinishes, "Tiada".into(), &malay(), Listener::default()).await;
    ran.says(&["after `arkib: Ada` the portal did not finish: the archive is enabling"]);
    assert!(matches!(ran.result.left, RestoreOutcome::Otherwise(Some(State::Enabling), _)));
}

#[tokio::test]
async fn nothing_is_sent_that_cannot_be_recorded() {
    let listener = Listener { fails_to_record: true, ..Listener::default() };
    let ran = run(Habit::Good, "Ada".into(), &malay(), listener).await;
    ran.is_put_back().says(&["it cannot be recorded, so it was not sent: the disk is full"]);
    assert_eq!(ran.writes, 0);
}
