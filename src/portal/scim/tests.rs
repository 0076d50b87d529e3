//! The client against portals that behave and portals that do not, over real connections.

mod answers;
mod authentication;
mod bulk;
mod inspecting;
mod listing;
mod lookups;
mod mapped;
mod properties;
mod rehearsing;
mod security;
mod variants;
mod whole_lists;
mod writing;

use super::testing::{Fake, quick};
use super::{Reader, connect};
use crate::domain::mapping::scim::Mapping;
use crate::domain::observed::Observed;
use crate::portal::{PortalError, PortalReader};

async fn reader(fake: &Fake) -> Reader {
    connect(&fake.endpoint(), &quick(), &Mapping::default()).await.expect("a portal")
}

async fn all(fake: &Fake) -> Result<Observed, PortalError> {
    reader(fake).await.read_all(&Default::default(), &|_, _| {}).await
}
