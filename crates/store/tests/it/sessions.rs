use tollgate_domain::UserId;
use tollgate_domain::session::Session;
use tollgate_store::sessions::Rotation;
use tollgate_store::testing::each_database;
use tollgate_store::{Store, StoreError};

use crate::support::at;

const ANNA: UserId = UserId::new(1);
const BERT: UserId = UserId::new(2);

const fn hash(number: u8) -> [u8; 32] {
    [number; 32]
}

async fn given_session(store: &Store, user: UserId, number: u8) -> Session {
    let (ip, agent) = (Some("203.0.113.9"), Some("curl/8"));
    store.sessions().open(user, hash(number), at(100), ip, agent, at(0)).await.unwrap()
}

#[tokio::test]
async fn a_session_comes_back_as_opened() {
    each_database(async |store| {
        let session = given_session(&store, ANNA, 1).await;

        let expected = Session {
            id: session.id,
            user_id: ANNA,
            expires_at: at(100),
            revoked_at: None,
            ip: Some("203.0.113.9".to_owned()),
            user_agent: Some("curl/8".to_owned()),
            last_used_at: None,
            created_at: at(0),
        };
        assert_eq!(session, expected);
        assert_eq!(store.sessions().find(session.id).await.unwrap(), expected);
    })
    .await;
}

#[tokio::test]
async fn an_overlong_program_name_is_cut() {
    each_database(async |store| {
        let agent = "é".repeat(300);

        let session =
            store.sessions().open(ANNA, hash(1), at(9), None, Some(&agent), at(0)).await.unwrap();

        assert_eq!(session.user_agent, Some("é".repeat(255)));
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_once() {
    each_database(async |store| {
        let session = given_session(&store, ANNA, 1).await;
        let sessions = store.sessions();

        let first = sessions.rotate(hash(1), hash(2), at(10), at(200)).await.unwrap();
        let second = sessions.rotate(hash(2), hash(3), at(20), at(300)).await.unwrap();

        let expected = |seconds, until| Session {
            last_used_at: Some(at(seconds)),
            expires_at: at(until),
            ..session.clone()
        };
        assert_eq!(first, Rotation::Rotated(expected(10, 200)));
        assert_eq!(second, Rotation::Rotated(expected(20, 300)));
    })
    .await;
}

#[tokio::test]
async fn an_old_refresh_token_used_again_ends_the_session() {
    each_database(async |store| {
        let session = given_session(&store, ANNA, 1).await;
        let sessions = store.sessions();
        sessions.rotate(hash(1), hash(2), at(10), at(200)).await.unwrap();
        let version = store.settings().config_version().await.unwrap();

        let reused = sessions.rotate(hash(1), hash(9), at(20), at(300)).await.unwrap();

        let Rotation::Reused(ended) = reused else { panic!("{reused:?}") };
        assert_eq!((ended.id, ended.revoked_at), (session.id, Some(at(20))));
        assert_eq!(sessions.find(session.id).await.unwrap().revoked_at, Some(at(20)));
        assert_eq!(store.settings().config_version().await.unwrap(), version + 1);
        for (old, new) in [(hash(1), hash(8)), (hash(1), hash(2)), (hash(2), hash(3))] {
            let after = sessions.rotate(old, new, at(30), at(300)).await.unwrap();
            assert_eq!(after, Rotation::Ended);
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_expired_or_revoked_token_is_not_exchanged() {
    each_database(async |store| {
        let sessions = store.sessions();
        given_session(&store, ANNA, 1).await;
        let revoked = given_session(&store, ANNA, 2).await;
        sessions.revoke(revoked.id, at(5)).await.unwrap();

        let unknown = sessions.rotate(hash(77), hash(78), at(10), at(200)).await.unwrap();
        let expired = sessions.rotate(hash(1), hash(3), at(100), at(200)).await.unwrap();
        let revoked = sessions.rotate(hash(2), hash(4), at(10), at(200)).await.unwrap();

        assert_eq!(unknown, Rotation::Unknown);
        assert_eq!(expired, Rotation::Ended);
        assert_eq!(revoked, Rotation::Ended);
    })
    .await;
}

#[tokio::test]
async fn the_same_exchange_asked_again_at_once_changes_nothing_and_succeeds() {
    each_database(async |store| {
        let session = given_session(&store, ANNA, 1).await;
        let sessions = store.sessions();
        let first = sessions.rotate(hash(1), hash(2), at(10), at(200)).await.unwrap();

        let again = sessions.rotate(hash(1), hash(2), at(19), at(300)).await.unwrap();
        let late = sessions.rotate(hash(1), hash(2), at(20), at(300)).await.unwrap();

        assert_eq!(again, first);
        let Rotation::Reused(ended) = late else { panic!("{late:?}") };
        assert_eq!((ended.id, ended.revoked_at), (session.id, Some(at(20))));
    })
    .await;
}

#[tokio::test]
async fn a_token_that_was_exchanged_twice_gives_nothing_more() {
    each_database(async |store| {
        given_session(&store, ANNA, 1).await;
        let sessions = store.sessions();
        sessions.rotate(hash(1), hash(2), at(10), at(200)).await.unwrap();
        sessions.rotate(hash(2), hash(3), at(11), at(200)).await.unwrap();

        let oldest = sessions.rotate(hash(1), hash(2), at(12), at(200)).await.unwrap();

        assert_eq!(oldest, Rotation::Unknown);
    })
    .await;
}

#[tokio::test]
async fn of_two_refreshes_at_once_the_same_one_succeeds_twice() {
    each_database(async |store| {
        for round in 0..20 {
            let (old, next) = (hash(round * 3), hash(round * 3 + 1));
            store.sessions().open(BERT, old, at(100), None, None, at(0)).await.unwrap();

            let (sessions, again) = (store.sessions(), store.sessions());
            let (first, second) = tokio::join!(
                sessions.rotate(old, next, at(1), at(200)),
                again.rotate(old, next, at(1), at(200)),
            );

            let (first, second) = (first.unwrap(), second.unwrap());
            assert!(matches!(first, Rotation::Rotated(_)), "{first:?}");
            assert_eq!(first, second);
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_different_refreshes_at_once_one_wins_and_the_other_gets_nothing() {
    each_database(async |store| {
        for round in 0..20 {
            let (old, one, two) = (hash(round * 3), hash(round * 3 + 1), hash(round * 3 + 2));
            let session =
                store.sessions().open(BERT, old, at(100), None, None, at(0)).await.unwrap();

            let (sessions, again) = (store.sessions(), store.sessions());
            let (first, second) = tokio::join!(
                sessions.rotate(old, one, at(1), at(200)),
                again.rotate(old, two, at(1), at(200)),
            );

            let outcomes = [first.unwrap(), second.unwrap()];
            let count =
                |is: fn(&Rotation) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
            assert_eq!(count(|outcome| matches!(outcome, Rotation::Unknown)), 1, "{outcomes:?}");
            assert_eq!(count(|outcome| matches!(outcome, Rotation::Rotated(_))), 1, "{outcomes:?}");
            assert_eq!(store.sessions().find(session.id).await.unwrap().revoked_at, None);
        }
    })
    .await;
}

#[tokio::test]
async fn one_session_or_every_session_of_a_user_can_be_ended() {
    each_database(async |store| {
        let sessions = store.sessions();
        let first = given_session(&store, ANNA, 1).await.id;
        let second = given_session(&store, ANNA, 2).await.id;
        let other = given_session(&store, BERT, 3).await.id;

        sessions.revoke(first, at(1)).await.unwrap();
        sessions.revoke(first, at(2)).await.unwrap();
        sessions.revoke_all(ANNA, at(3)).await.unwrap();

        let ended = async |id| sessions.find(id).await.unwrap().revoked_at;
        assert_eq!(ended(first).await, Some(at(1)));
        assert_eq!(ended(second).await, Some(at(3)));
        assert_eq!(ended(other).await, None);
        assert_eq!(sessions.revoked_since(at(0)).await.unwrap(), [first, second]);
        assert_eq!(sessions.revoked_since(at(3)).await.unwrap(), [second]);
        assert_eq!(sessions.revoked_since(at(4)).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn sessions_that_ended_long_ago_are_removed_in_parts() {
    each_database(async |store| {
        let open = async |number: u8, expires: i64| {
            let (sessions, expires) = (store.sessions(), at(expires));
            let opened = sessions.open(ANNA, hash(number), expires, None, None, at(0)).await;
            opened.unwrap().id
        };
        let (expired, revoked) = (open(1, 10).await, open(2, 900).await);
        let (live, later) = (open(3, 900).await, open(4, 60).await);
        store.sessions().revoke(revoked, at(20)).await.unwrap();

        assert_eq!(store.sessions().purge_ended(at(50), 1).await.unwrap(), 1);
        assert_eq!(store.sessions().purge_ended(at(50), 10).await.unwrap(), 1);
        assert_eq!(store.sessions().purge_ended(at(50), 10).await.unwrap(), 0);

        for gone in [expired, revoked] {
            assert!(matches!(store.sessions().find(gone).await, Err(StoreError::NotFound)));
        }
        for left in [live, later] {
            store.sessions().find(left).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn the_open_sessions_of_a_user_are_told_the_last_used_first() {
    each_database(async |store| {
        let first = given_session(&store, ANNA, 1).await;
        let second = given_session(&store, ANNA, 2).await;
        let revoked = given_session(&store, ANNA, 3).await;
        given_session(&store, BERT, 4).await;
        let sessions = store.sessions();
        sessions.revoke(revoked.id, at(1)).await.unwrap();
        sessions.rotate(hash(1), hash(5), at(2), at(200)).await.unwrap();

        let ids = async |now| -> Vec<_> {
            let open = store.sessions().open_of(ANNA, now).await.unwrap();
            open.into_iter().map(|session| session.id).collect()
        };
        assert_eq!(ids(at(3)).await, [first.id, second.id]);
        assert_eq!(ids(at(150)).await, [first.id], "the other one has expired");
    })
    .await;
}
