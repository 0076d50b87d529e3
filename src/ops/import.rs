//! `arkib import`: enters the archives that the portal has and no request names, as requests that wait
//! for an approver. Nothing is ever written over, and nothing is changed in the portal.

mod observe;
mod options;
mod output;
mod summary;
mod writing;

pub use self::options::Options;
pub use self::output::ImportOutput;

use self::observe::Portals;
use self::summary::Told;
use super::request::Terminal;
use super::request::answers::reference;
use super::request::prompt::required;
use crate::domain::agency::Agency;
use crate::domain::approval::Doubts;
use crate::domain::desired;
use crate::domain::mailbox::Mailbox;
use crate::domain::plan::adoption::{Adoption, adopt};
use crate::domain::request::intake;
use crate::exit::Exit;
use crate::load::{Location, Source};
use crate::output::findings::count;
use crate::printer;
use crate::text::visible;
use crate::yaml::has_errors;

/// Runs the command.
pub fn run(args: &Options) -> Exit {
    let told = import(args).unwrap_or_else(|told| *told);
    output::tell(args, &told);
    told.exit
}

/// What every round of an import rests on.
struct Known {
    /// What the portals have.
    portals: Portals,
    /// Under which it is filed.
    reference: String,
}

/// The whole way from the command line to the files.
fn import(args: &Options) -> Result<Told, Box<Told>> {
    if args.reference.is_none() && !args.dry_run && !printer::is_interactive() {
        let reason = "Nothing was written. What is missing:\n  the reference under which it is filed: --reference TEXT";
        return Err(Box::new(Told {
            exit: Exit::Usage,
            help: Some("on a terminal arkib asks for it".to_owned()),
            ..Told::unwritten(reason)
        }));
    }
    let source = load(args)?;
    check_named(&args.only, &source.loaded.agencies)?;
    let portals = observe::read(args, &source)?;
    let mut told = Told::at(&source);
    let some = |it: &Agency| !adoption(args, it, &portals).lots.is_empty();
    if !source.loaded.agencies.iter().any(some) {
        for agency in &source.loaded.agencies {
            told.agency(agency, &adoption(args, agency, &portals));
        }
        told.reason = "Nothing was written: no archive is left to be imported.".to_owned();
        return Ok(told);
    }
    let reference = match &args.reference {
        Some(text) => text.clone(),
        None if args.dry_run => "…".to_owned(),
        None => ask_reference()?,
    };
    let known = Known { portals, reference };
    writing::write(args, &known, source, told)
}

fn ask_reference() -> Result<String, Box<Told>> {
    let question = "Under which reference is the import filed? Such as CONTOH.600-1/2/3 (12): ";
    required(&mut Terminal, question, reference)
        .map_err(|_| Box::new(Told::unwritten("Nothing was written: the input has ended.")))
}

/// The requests as they lie in the folder. With one that cannot be read nobody knows whom it names.
fn load(args: &Options) -> Result<Source, Box<Told>> {
    let requests = Location {
        requests: args.requests.clone(),
        reference: None,
        as_of: args.as_of,
    };
    let source = requests.load(None).map_err(|error| {
        Box::new(Told {
            help: Some(error.help().to_owned()),
            ..Told::unwritten(format!("Nothing was written: {error}."))
        })
    })?;
    if has_errors(&source.loaded.findings) {
        let reason = format!("Nothing was written: {}.", count(&source.loaded.findings));
        return Err(Box::new(Told {
            findings: source.loaded.findings.clone(),
            help: Some(
                "mend them first: a file that cannot be read may name any archive".to_owned(),
            ),
            ..Told::unwritten(reason)
        }));
    }
    Ok(source)
}

/// Refuses a mailbox of another's.
fn check_named(only: &[Mailbox], agencies: &[Agency]) -> Result<(), Box<Told>> {
    let is_own = |it: &&Mailbox| !agencies.iter().any(|agency| agency.policy.owns(it));
    let Some(mailbox) = only.iter().find(is_own) else {
        return Ok(());
    };
    let reason = format!(
        "Nothing was written: `{}` is of none of these agencies, whose domains are {}.",
        visible(mailbox.as_str()),
        intake::domains(agencies)
    );
    Err(Box::new(Told {
        help: Some("mend the address, or leave it out".to_owned()),
        ..Told::unwritten(reason)
    }))
}

/// What becomes of an agency's archives that no request names.
fn adoption(args: &Options, agency: &Agency, portals: &Portals) -> Adoption {
    let Some(observed) = observe::of(portals, &agency.policy) else {
        return Adoption::default();
    };
    let desired = desired::fold(&agency.requests, args.as_of(), &Doubts::new());
    let most = args.per_request.into();
    adopt(observed, &desired, &agency.policy, &args.only, most)
}
