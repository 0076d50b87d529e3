//! Other actors, who change mailboxes during a run. Every state that they set has a mark instead of
//! a request, so that the audit trail distinguishes them from arkib; when they undo a change they
//! leave the portal's `request` as it was, as people do, and the next plan calls that drift.

use arkib::domain::mapping::scim_urns as wire;
use serde_json::{Value, json};

use super::interceptor::Interceptor;
use super::observations::is_met;
use super::random::Random;

/// The request id of other actors.
pub const MARK: &str = "X-1";

/// An action of someone else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OtherAction {
    /// The same change.
    Same,
    /// A legal hold.
    Hold,
    /// The account is disabled.
    Disable,
    /// The archive is toggled.
    Flip,
    /// The archive is toggled twice.
    FlipTwice,
    /// The requested change is undone.
    Undo,
}

impl OtherAction {
    pub const ALL: [Self; 6] =
        [Self::Same, Self::Hold, Self::Disable, Self::Flip, Self::FlipTwice, Self::Undo];

    pub fn pick(random: &Random) -> Self {
        random.pick(&Self::ALL)
    }
}

impl Interceptor {
    /// Acts on a mailbox, for which arkib may have requested the state `wanted`. `None` if it was
    /// not possible.
    pub async fn act_as_other(
        &self,
        other_action: OtherAction,
        id: &str,
        wanted: Option<&str>,
    ) -> Option<()> {
        let user = self.ask("GET", &format!("/scim/v2/Users/{id}"), None).await?;
        let archive = user.json()?[wire::MAILBOX].clone();
        let state = archive["state"].as_str()?;
        let away = match state {
            "enabled" => "terminated",
            "disabled" | "terminated" => "enabled",
            _ => return None,
        };
        match other_action {
            OtherAction::Same => {
                let wanted = wanted.filter(|wanted| !is_met(wanted, state))?;
                self.set(id, wanted).await
            }
            OtherAction::Hold if archive["hold"] == true => None,
            OtherAction::Hold => self.hold(id).await,
            OtherAction::Disable if archive["account"] != "active" => None,
            OtherAction::Disable => self.patch(id, &[("account", json!("disabled"))]).await,
            OtherAction::Flip => self.set(id, away).await,
            OtherAction::FlipTwice => {
                self.set(id, away).await?;
                let back = if away == "enabled" { "terminated" } else { "enabled" };
                self.set(id, back).await?;
                self.patch(id, &[("request", archive["request"].clone())]).await
            }
            OtherAction::Undo => {
                wanted.filter(|wanted| is_met(wanted, state))?;
                self.set(id, away).await?;
                self.patch(id, &[("request", archive["request"].clone())]).await
            }
        }
    }

    /// Puts it on hold. Not every portal stores the holds that it shows: on one that does not, the
    /// trail has it, and the interceptor shows it.
    async fn hold(&self, id: &str) -> Option<()> {
        if self.request_faults.keeps_holds {
            return self.patch(id, &[("hold", json!(true))]).await;
        }
        if !self.held.lock().unwrap().insert(id.to_owned()) {
            return None;
        }
        self.patch(id, &[("hold", json!(true))]).await?;
        self.patch(id, &[("hold", json!(false))]).await
    }

    async fn set(&self, id: &str, state: &str) -> Option<()> {
        self.patch(id, &[("state", json!(state)), ("request", json!(MARK))]).await
    }

    async fn patch(&self, id: &str, attributes: &[(&str, Value)]) -> Option<()> {
        let operations = attributes.iter().map(|(name, value)| {
            let path = format!("{}:{name}", wire::MAILBOX);
            if value.is_null() {
                json!({"op": "remove", "path": path})
            } else {
                json!({"op": "replace", "path": path, "value": value})
            }
        });
        let operations: Vec<Value> = operations.collect();
        let body = json!({"schemas": [wire::PATCH_OP], "Operations": operations});
        let answer = self.ask("PATCH", &format!("/scim/v2/Users/{id}"), Some(&body)).await?;
        answer.is_good().then_some(())
    }
}
