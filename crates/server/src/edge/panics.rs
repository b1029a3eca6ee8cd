//! What is said about a panic: where it happened, and nothing that it carries.

use std::panic::PanicHookInfo;

/// Logs panics by their place. A message is shown only where it is a literal of the program; one
/// that was put together may hold a secret or a prompt.
pub fn log_without_contents() {
    std::panic::set_hook(Box::new(log));
}

fn log(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let literal = panic.payload().downcast_ref::<&'static str>();
    tracing::error!(place, message = literal.copied(), "a task panicked");
}
