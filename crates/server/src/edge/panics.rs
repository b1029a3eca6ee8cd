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

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use actix_web::body::to_bytes;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::web::{self, Data};
    use tollgate_domain::SystemClock;
    use tracing_subscriber::fmt;

    use super::*;
    use crate::edge::{Edge, edge};

    const SECRET: &str = "sk-canary-in-a-panic";

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(line)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    async fn fails() -> &'static str {
        panic!("a handler held {SECRET}")
    }

    #[tokio::test]
    async fn what_a_panic_carries_is_neither_logged_nor_answered() {
        let surroundings = Edge { clock: Arc::new(SystemClock), trusted_proxies: Vec::new() };
        let app = actix_web::App::new()
            .app_data(Data::new(surroundings))
            .wrap(from_fn(edge))
            .route("/", web::get().to(fails));
        let service = init_service(app).await;
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
        let listening = tracing::subscriber::set_default(subscriber);
        let before = std::panic::take_hook();
        log_without_contents();

        let request = TestRequest::get().uri("/").to_request();
        let error = try_call_service(&service, request).await.unwrap_err();

        std::panic::set_hook(before);
        drop(listening);
        let response = error.error_response();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body()).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(status, 500, "{body}");
        assert!(logged.contains("a task panicked") && logged.contains("panics.rs"), "{logged}");
        assert!(!logged.contains(SECRET) && !body.contains(SECRET), "{logged}\n{body}");
    }
}
