//! What tests see and steer: recorded calls, gates, stopping.

use tokio::net::TcpStream;
use tollgate_simulator::{Behaviour, CallEnd, Fault, Gate, Place, Simulator, SimulatorConfig};

use crate::support::{KEY, Test, client, question, read_until, read_until_broken};

#[tokio::test]
async fn a_call_is_recorded_with_all_that_came() {
    let test = Test::start().await;
    let request = test.request("sk-alice", "/chat/completions?api-version=1", &question("gpt-4o"));
    request.header("X-Client-Request-Id", "r-1").send().await.unwrap();
    test.get("sk-bob", "/models").await;

    let calls = test.simulator.calls();

    assert_eq!(calls.len(), 2);
    let call = &calls[0];
    assert_eq!((call.number, call.connection), (1, 1));
    assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", "/v1/chat/completions"));
    assert_eq!(call.query.as_deref(), Some("api-version=1"));
    assert_eq!(call.key.as_deref(), Some("sk-alice"));
    assert_eq!(call.header("x-client-request-id"), Some("r-1"));
    assert_eq!(call.model().as_deref(), Some("gpt-4o"));
    assert_eq!(call.json(), question("gpt-4o"));
    assert_eq!((call.status, call.end), (Some(200), CallEnd::Answered));
    assert_eq!(test.simulator.calls_of("sk-bob")[0].path, "/v1/models");
}

#[tokio::test]
async fn only_the_last_calls_are_kept() {
    let test = Test::with(SimulatorConfig { kept_calls: 2, ..SimulatorConfig::default() }).await;
    for _ in 0..5 {
        test.get(KEY, "/models").await;
    }
    let numbers: Vec<u64> = test.simulator.calls().iter().map(|call| call.number).collect();
    assert_eq!(numbers, [4, 5]);

    test.simulator.forget_calls();
    assert!(test.simulator.wait_for_calls(5).await.is_empty());
}

#[tokio::test]
async fn an_answer_waits_at_a_gate() {
    let gate = Gate::new();
    let test = Test::behaving(Behaviour::held(Place::Head, &gate)).await;
    let steer = async {
        gate.wait_for_waiting(1).await;
        assert_eq!(test.simulator.calls()[0].end, CallEnd::Running);
        gate.open();
    };

    let body = question("sim-chat");
    let (got, ()) = tokio::join!(test.chat(&body), steer);

    assert_eq!(got.status, 200);
    assert_eq!(gate.waiting(), 0);
    assert_eq!(test.chat(&question("sim-chat")).await.status, 200);
}

#[tokio::test]
async fn a_stream_waits_at_gates_along_its_way() {
    let (first, second) = (Gate::new(), Gate::new());
    let behaviour = Behaviour::held(Place::Opening, &first).hold(Place::Finish, &second);
    let test = Test::behaving(behaviour).await;
    let mut response = test.open_stream().await;
    first.wait_for_waiting(1).await;
    let opening = read_until(&mut response, "role").await;
    assert!(!opening.contains("Hello"));

    first.open();
    second.wait_for_waiting(1).await;
    let content = read_until(&mut response, "France").await;
    assert!(!content.contains(r#""finish_reason":"stop""#));

    second.open();
    read_until(&mut response, "[DONE]").await;
}

#[tokio::test]
async fn a_gate_lets_as_many_through_as_it_is_told() {
    let gate = Gate::new();
    let test = Test::behaving(Behaviour::held(Place::Head, &gate)).await;
    let body = question("sim-chat");
    let (one, other) = (test.chat(&body), test.chat(&body));
    tokio::pin!(one, other);
    let steer = async {
        gate.wait_for_waiting(2).await;
        gate.let_through(1);
    };
    let first = async {
        tokio::select! {
            got = &mut one => got,
            got = &mut other => got,
        }
    };

    let (got, ()) = tokio::join!(first, steer);

    assert_eq!(got.status, 200);
    assert_eq!(gate.waiting(), 1);
}

#[tokio::test]
async fn a_client_who_leaves_at_a_gate_is_noticed() {
    let gate = Gate::new();
    let test = Test::behaving(Behaviour::held(Place::Middle, &gate)).await;
    let response = test.open_stream().await;
    gate.wait_for_waiting(1).await;

    drop(response);

    gate.wait_for_nobody().await;
    let calls = test.simulator.wait_for_cancelled(1).await;
    assert_eq!(calls[0].end, CallEnd::ClientLeft);
    test.simulator.wait_for_idle().await;
}

#[tokio::test]
#[should_panic(expected = "for 3 calls")]
async fn a_wait_in_vain_says_what_it_waited_for() {
    let patience = std::time::Duration::from_millis(1);
    let test = Test::with(SimulatorConfig { patience, ..SimulatorConfig::default() }).await;
    test.simulator.wait_for_calls(3).await;
}

#[tokio::test]
async fn stopping_breaks_what_hangs_and_frees_the_address() {
    let test = Test::behaving(Behaviour::failing(Fault::Stall(Place::Middle, None))).await;
    let mut response = test.open_stream().await;
    read_until(&mut response, "Hello").await;
    let Test { simulator, .. } = test;
    let address = simulator.address();

    simulator.stop().await;

    assert!(read_until_broken(response).await.1);
    assert!(TcpStream::connect(address).await.is_err());
    let again = Simulator::start(SimulatorConfig { address, ..SimulatorConfig::default() }).await;
    assert_eq!(again.unwrap().address(), address);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_callers_are_served_at_once() {
    let test = Test::start().await;
    let client = client();
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..50 {
        let request =
            client.post(test.url("/chat/completions")).bearer_auth(format!("sk-{caller}"));
        let request = request.body(question("sim-chat").to_string());
        callers.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }

    let statuses = callers.join_all().await;

    assert!(statuses.iter().all(|status| *status == 200));
    assert_eq!(test.simulator.wait_for_idle().await.len(), 50);
    assert_eq!(test.simulator.calls_of("sk-7").len(), 1);
}
