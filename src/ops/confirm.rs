//! Asks the person at the terminal, and hears an interruption meanwhile.

use tokio::sync::oneshot;

use super::failure::Failure;
use super::interrupt::unless_interrupted;
use crate::apply::Stop;
use crate::printer;

/// Whether they agree. The question may stay open when the run is interrupted; its thread ends with
/// the program.
///
/// # Errors
/// Where the run is interrupted.
pub(super) async fn confirm(stop: &Stop, question: String) -> Result<bool, Failure> {
    let (answer, answered) = oneshot::channel();
    std::thread::spawn(move || answer.send(printer::confirm(&question)));
    unless_interrupted(Some(stop), async { Ok(answered.await.unwrap_or(false)) }).await
}
