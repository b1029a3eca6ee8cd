use std::net::TcpListener;

use tollgate_domain::api_key::KeyState;

use super::*;
use crate::engine::tasks;

/// Rounds of the runtime in which whatever is to happen now has happened.
const FEW: usize = 2_000;
/// More rounds than anything takes that does happen.
const MANY: usize = 20_000_000;

/// Whether somebody connects, while the clock stands still.
async fn is_asked(provider: &TcpListener, rounds: usize) -> bool {
    for _ in 0..rounds {
        if provider.accept().is_ok() {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

#[tokio::test]
async fn keys_that_are_out_are_probed_every_thirty_seconds() {
    let provider = TcpListener::bind("127.0.0.1:0").unwrap();
    provider.set_nonblocking(true).unwrap();
    let base_url = format!("http://{}/v1", provider.local_addr().unwrap());
    let given = given_with(2, Vec::new(), |new| new.base_url = base_url, |_| {}).await;
    let core = Arc::clone(&given.engine.core);
    let snapshot = given.engine.snapshot();
    let entry = snapshot.provider(given.provider).unwrap();
    let invalid = KeyState { status: KeyStatus::Invalid, ..KeyState::default() };
    entry.pool.decide(entry.keys[0].key.id, invalid, core.clock.now());

    let asking = async {
        for _ in 0..3 {
            sleep(Duration::from_millis(29_900)).await;
            assert!(!is_asked(&provider, FEW).await, "it is asked too early");
            sleep(Duration::from_millis(100)).await;
            // It is hung up on, which tells nothing of the key.
            assert!(is_asked(&provider, MANY).await);
            assert!(!is_asked(&provider, FEW).await, "the key that is in use is asked for too");
            assert_eq!(given.status(1), KeyStatus::Invalid);
        }
    };
    tokio::select! {
        () = tasks::probe(Arc::clone(&core)) => unreachable!("it goes on for ever"),
        () = asking => {}
    }
}
