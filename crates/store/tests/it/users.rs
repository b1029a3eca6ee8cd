use tollgate_domain::user::{Role, User};
use tollgate_domain::{SessionId, UserId};
use tollgate_store::testing::{TestStore, each_database};
use tollgate_store::users::{NewUser, UserPatch};
use tollgate_store::{Store, StoreError};

use crate::support::at;

fn new_user(username: &str, role: Role) -> NewUser {
    NewUser {
        username: username.to_owned(),
        password_hash: format!("$argon2id${username}"),
        role,
        is_active: true,
        must_change_password: false,
    }
}

async fn given_user(store: &Store, username: &str, role: Role) -> User {
    store.users().insert(&new_user(username, role), at(0)).await.unwrap()
}

async fn given_session(store: &Store, user: UserId) -> SessionId {
    let hash = [7; 32];
    store.sessions().open(user, hash, at(9000), None, None, at(0)).await.unwrap().id
}

#[tokio::test]
async fn a_user_comes_back_as_made() {
    each_database(async |store| {
        let user = given_user(&store, "Anna", Role::Analyst).await;

        assert_eq!(store.users().find(user.id).await.unwrap(), user);
        assert_eq!(store.users().count().await.unwrap(), 1);
        assert_eq!((user.role, user.is_active, user.token_version), (Role::Analyst, true, 0));
        assert_eq!((user.created_at, user.updated_at, user.last_login_at), (at(0), at(0), None));
        let found = store.users().find_by_username("Anna").await.unwrap();
        assert_eq!(found, Some((user, "$argon2id$Anna".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn a_name_is_found_and_taken_whatever_its_case() {
    each_database(async |store| {
        let user = given_user(&store, "Ädmin", Role::Admin).await;

        for spelling in ["Ädmin", "ädmin", "ÄDMIN", " ädmin "] {
            let found = store.users().find_by_username(spelling).await.unwrap();
            assert_eq!(found.map(|(user, _)| user.id), Some(user.id), "{spelling}");

            let again = store.users().insert(&new_user(spelling, Role::App), at(1)).await;
            assert!(matches!(again, Err(StoreError::Conflict { field: "username" })));
        }
        // An accent is a different letter, as it is on every database.
        assert_eq!(store.users().find_by_username("admin").await.unwrap(), None);
        given_user(&store, "admin", Role::Admin).await;
    })
    .await;
}

#[tokio::test]
async fn users_are_listed_by_name_and_searched_in_any_case() {
    each_database(async |store| {
        for name in ["carla", "Berta", "anton", "per_cent"] {
            given_user(&store, name, Role::App).await;
        }
        let names = async |search| {
            let users = store.users().list(search).await.unwrap();
            users.into_iter().map(|user| user.username).collect::<Vec<_>>()
        };

        assert_eq!(names(None).await, ["anton", "Berta", "carla", "per_cent"]);
        assert_eq!(names(Some("RT")).await, ["Berta"]);
        assert_eq!(names(Some("_")).await, ["per_cent"]);
        assert_eq!(names(Some("%")).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_nothing_else() {
    each_database(async |store| {
        given_user(&store, "root", Role::Admin).await;
        let user = given_user(&store, "anna", Role::App).await;

        let patch = UserPatch { username: Some("Anne".to_owned()), ..UserPatch::default() };
        let renamed = store.users().update(user.id, &patch, at(5)).await.unwrap();

        let expected = User { username: "Anne".to_owned(), updated_at: at(5), ..user.clone() };
        assert_eq!(renamed, expected);
        assert_eq!(store.users().find_by_username("anna").await.unwrap(), None);
        let taken = UserPatch { username: Some("ROOT".to_owned()), ..UserPatch::default() };
        let taken = store.users().update(user.id, &taken, at(6)).await;
        assert!(matches!(taken, Err(StoreError::Conflict { field: "username" })));
        let nobody = store.users().update(UserId::new(99), &patch, at(6)).await;
        assert!(matches!(nobody, Err(StoreError::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_new_role_outdates_tokens_and_a_new_password_or_deactivation_ends_sessions_too() {
    each_database(async |store| {
        let cases = [
            (UserPatch { must_change_password: Some(true), ..UserPatch::default() }, 0, false),
            (UserPatch { role: Some(Role::Analyst), ..UserPatch::default() }, 1, false),
            (UserPatch { is_active: Some(false), ..UserPatch::default() }, 1, true),
            (UserPatch { password_hash: Some("new".to_owned()), ..UserPatch::default() }, 1, true),
        ];
        for (number, (patch, steps, ends)) in cases.into_iter().enumerate() {
            let user = given_user(&store, &format!("user{number}"), Role::App).await;
            let hash = [u8::try_from(number).unwrap(); 32];
            let session =
                store.sessions().open(user.id, hash, at(9000), None, None, at(0)).await.unwrap();

            let changed = store.users().update(user.id, &patch, at(1)).await.unwrap();

            assert_eq!(changed.token_version, steps, "case {number}");
            let session = store.sessions().find(session.id).await.unwrap();
            assert_eq!(session.revoked_at.is_some(), ends, "case {number}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_password_replaces_the_hash_and_ends_every_session() {
    each_database(async |store| {
        let user = given_user(&store, "anna", Role::App).await;
        let session = given_session(&store, user.id).await;

        store.users().set_password(user.id, "other", true, at(3)).await.unwrap();

        let (changed, hash) = store.users().find_by_username("anna").await.unwrap().unwrap();
        assert_eq!((hash.as_str(), changed.must_change_password), ("other", true));
        assert_eq!(changed.token_version, 1);
        assert_eq!(store.sessions().find(session).await.unwrap().revoked_at, Some(at(3)));
    })
    .await;
}

#[tokio::test]
async fn signing_in_is_remembered() {
    each_database(async |store| {
        let user = given_user(&store, "anna", Role::App).await;

        store.users().record_login(user.id, at(4)).await.unwrap();

        assert_eq!(store.users().find(user.id).await.unwrap().last_login_at, Some(at(4)));
    })
    .await;
}

#[tokio::test]
async fn a_deleted_user_is_gone_and_their_name_is_free_again() {
    each_database(async |store| {
        let user = given_user(&store, "anna", Role::App).await;
        let session = given_session(&store, user.id).await;

        store.users().delete(user.id, at(1)).await.unwrap();

        assert!(matches!(store.users().find(user.id).await, Err(StoreError::NotFound)));
        assert_eq!(store.users().find_by_username("anna").await.unwrap(), None);
        assert_eq!(store.users().count().await.unwrap(), 0);
        assert!(store.users().all().await.unwrap().is_empty());
        assert!(store.sessions().find(session).await.unwrap().revoked_at.is_some());
        let again = store.users().delete(user.id, at(2)).await;
        assert!(matches!(again, Err(StoreError::NotFound)));
        assert_ne!(given_user(&store, "Anna", Role::App).await.id, user.id);
    })
    .await;
}

#[tokio::test]
async fn the_last_active_admin_cannot_be_removed_deactivated_or_demoted() {
    each_database(async |store| {
        let admin = given_user(&store, "root", Role::Admin).await;
        let idle = given_user(&store, "idle", Role::Admin).await;
        given_user(&store, "anna", Role::Analyst).await;
        let off = UserPatch { is_active: Some(false), ..UserPatch::default() };
        store.users().update(idle.id, &off, at(1)).await.unwrap();
        let version = store.settings().config_version().await.unwrap();

        let demoted = UserPatch { role: Some(Role::App), ..UserPatch::default() };
        for patch in [off, demoted] {
            let refused = store.users().update(admin.id, &patch, at(2)).await;
            assert!(matches!(refused, Err(StoreError::LastAdmin)));
        }
        let refused = store.users().delete(admin.id, at(2)).await;
        assert!(matches!(refused, Err(StoreError::LastAdmin)));

        assert_eq!(store.users().find(admin.id).await.unwrap(), admin);
        assert_eq!(store.settings().config_version().await.unwrap(), version);
        store.users().delete(idle.id, at(3)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn of_two_admins_who_remove_each_other_at_once_one_stays() {
    async fn contest(store: &TestStore, round: u32) {
        let one = given_user(store, &format!("one{round}"), Role::Admin).await.id;
        let two = given_user(store, &format!("two{round}"), Role::Admin).await.id;
        let demote = UserPatch { role: Some(Role::App), ..UserPatch::default() };

        let (users, again) = (store.users(), store.users());
        let (first, second) =
            tokio::join!(users.delete(one, at(1)), again.update(two, &demote, at(1)));

        let outcomes = [first.err(), second.err()];
        let refused = outcomes.iter().flatten().collect::<Vec<_>>();
        assert!(matches!(refused[..], [StoreError::LastAdmin]), "{outcomes:?}");
        let admins = store.users().all().await.unwrap();
        let admins: Vec<_> = admins.into_iter().filter(|user| user.role == Role::Admin).collect();
        assert_eq!(admins.len(), 1);

        // Away with the one that is left, for the next round.
        given_user(store, &format!("next{round}"), Role::Admin).await;
        store.users().delete(admins[0].id, at(2)).await.unwrap();
        store
            .execute_sql("UPDATE t_users SET role = 'app' WHERE username LIKE 'next%'")
            .await
            .unwrap();
    }
    each_database(async |store| {
        for round in 0..10 {
            contest(&store, round).await;
        }
    })
    .await;
}

#[tokio::test]
async fn every_change_of_a_user_is_a_change_of_configuration() {
    each_database(async |store| {
        let version = async || store.settings().config_version().await.unwrap();
        let before = version().await;

        let user = given_user(&store, "anna", Role::App).await;
        store.users().set_password(user.id, "other", false, at(1)).await.unwrap();
        store.users().delete(user.id, at(2)).await.unwrap();

        assert_eq!(version().await, before + 3);
    })
    .await;
}
