//! The command line of `arkib reconcile`.

use crate::exit::Exit;
use crate::ops::reconcile;
use crate::ops::reconcile::Options;

/// Shows what differs between requests and portal, and makes it so.
///
/// On a terminal it shows the plan and asks before it changes anything; elsewhere it needs --yes.
/// What no approved request asks for is never done, and running it again is always safe.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  arkib reconcile --dry-run                      show what would be done, change nothing
  arkib reconcile                                show it, ask, do it
  arkib reconcile --yes                          do it without asking, in CI
  arkib reconcile --dry-run --detailed-exitcode  exit with 2 where changes are pending
  arkib reconcile --only siti@agensi.example     this mailbox alone
  arkib reconcile --accept DIGEST                let exactly that plan exceed the limits
  arkib reconcile --dry-run --base origin/main   what this branch adds to main, and no more
  arkib reconcile --dry-run --plan-out FILE      keep the plan, and later
  arkib reconcile --yes --plan FILE              do exactly that, or nothing
  arkib reconcile --yes --plan FILE --shard 3/8  its third part of eight, on eight machines

A real portal (portal: scim) is found through the environment:
  ARKIB_PORTAL_URL         its SCIM address, such as https://portal.example/scim/v2
and opened in exactly one of three ways (secrets in a file are read again when they rotate):
  ARKIB_PORTAL_TOKEN_FILE  a file with its token; or ARKIB_PORTAL_TOKEN, the token itself
  ARKIB_PORTAL_OAUTH_URL   where tokens are asked for (OAuth 2.0, client credentials); then also
    ARKIB_PORTAL_OAUTH_CLIENT_ID           the client's name there
    ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE  a file with its secret; or ..._CLIENT_SECRET
    ARKIB_PORTAL_OAUTH_SCOPE               what the token is for, if the endpoint wants to know
    ARKIB_PORTAL_OAUTH_AUTH                basic, or post where the secret goes into the form
  ARKIB_PORTAL_USER        a user's name; then also ARKIB_PORTAL_PASSWORD_FILE, a file with the
                           password, or ARKIB_PORTAL_PASSWORD
The way there, to the portal and to where tokens are asked for:
  ARKIB_PORTAL_CA          PEM file of the authorities to trust, in place of the system's
  ARKIB_PORTAL_CERT        PEM file of the certificate that the portal asks for, if it asks
  ARKIB_PORTAL_KEY         PEM file of its private key, where that is a file of its own
  HTTPS_PROXY, NO_PROXY    a proxy on the way (http://user:password@host:port), and hosts without it")]
pub struct Args {
    #[command(flatten)]
    options: Options,
}

/// Runs the command.
pub fn run(args: &Args) -> Exit {
    reconcile::run(&args.options)
}
