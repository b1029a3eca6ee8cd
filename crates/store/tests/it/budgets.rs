use chrono::TimeDelta;
use tokio::task::JoinSet;
use tollgate_domain::limit::{AppLimits, Budget, BudgetPeriod};
use tollgate_domain::{AppTokenId, NanoUsd};
use tollgate_store::Store;
use tollgate_store::app_tokens::{AppTokenPatch, NewAppToken};
use tollgate_store::budgets::{BudgetKey, BudgetStanding, Holder, Holding, Moved};
use tollgate_store::testing::each_database;

use crate::support::at;

const PERIOD: BudgetPeriod = BudgetPeriod::Day;

fn nanos(amount: i64) -> NanoUsd {
    NanoUsd::new(amount)
}

fn says(leased: i64, spent: i64) -> Holding {
    Holding { leased: nanos(leased), spent: nanos(spent) }
}

fn holder(name: &str) -> Holder {
    Holder { instance: name.to_owned(), expires_at: at(60) }
}

/// A token that may spend 1,000 a day.
async fn given_budget(store: &Store) -> BudgetKey {
    let new = NewAppToken {
        name: "shop".to_owned(),
        token_hash: [1; 32],
        hint: String::new(),
        owner_id: None,
        scopes: Vec::new(),
        allowed_models: Vec::new(),
        allowed_providers: Vec::new(),
        limits: AppLimits::default(),
        budget: Budget { cap: Some(nanos(1_000)), period: PERIOD },
        expires_at: None,
        is_active: true,
    };
    let token = store.app_tokens().insert(&new, at(0)).await.unwrap().id;
    BudgetKey { token, period_start: PERIOD.start(at(0)) }
}

async fn lease(
    store: &Store,
    key: BudgetKey,
    name: &str,
    (from, spent): (Holding, i64),
    more: i64,
) -> Moved {
    let state = (from, nanos(spent));
    let budgets = store.budgets();
    budgets.lease((key, PERIOD), &holder(name), state, nanos(more), at(1)).await.unwrap()
}

async fn settle(store: &Store, key: BudgetKey, name: &str, from: Holding, to: Holding) -> Moved {
    store.budgets().settle(key, &holder(name), (from, to), at(1)).await.unwrap()
}

async fn standing(store: &Store, key: BudgetKey) -> (i64, i64, i64) {
    let BudgetStanding { leased, spent, others_unspent } =
        store.budgets().standing(key, "one", at(1)).await.unwrap();
    (leased.get(), spent.get(), others_unspent.get())
}

#[tokio::test]
async fn a_budget_is_handed_out_and_given_back_but_never_twice() {
    each_database(async |store| {
        let key = given_budget(&store).await;
        let none = Holding::default();

        assert_eq!(lease(&store, key, "one", (none, 0), 600).await, Moved::Done);
        assert_eq!(lease(&store, key, "two", (none, 0), 401).await, Moved::Refused);
        assert_eq!(lease(&store, key, "two", (none, 0), 400).await, Moved::Done);
        assert_eq!(standing(&store, key).await, (1_000, 0, 400));

        assert_eq!(settle(&store, key, "one", says(600, 0), says(250, 200)).await, Moved::Done);
        assert_eq!(standing(&store, key).await, (650, 200, 400));
        assert_eq!(lease(&store, key, "two", (says(400, 0), 10), 350).await, Moved::Done);
        assert_eq!(standing(&store, key).await, (1_000, 210, 740));

        let end = (says(250, 200), nanos(230));
        assert_eq!(store.budgets().close(key, "one", end, at(1)).await.unwrap(), Moved::Done);
        assert_eq!(standing(&store, key).await, (980, 240, 740));
        assert_eq!(store.budgets().holding(key, "one").await.unwrap(), None);
        assert_eq!(store.budgets().holding(key, "two").await.unwrap(), Some(says(750, 10)));
    })
    .await;
}

#[tokio::test]
async fn of_many_that_race_for_a_budget_as_many_get_a_part_as_there_are() {
    each_database(async |store| {
        let key = given_budget(&store).await;

        let mut racing = JoinSet::new();
        for number in 0..16 {
            let store = store.clone();
            racing.spawn(async move {
                let holder = holder(&format!("holder {number}"));
                let state = (Holding::default(), NanoUsd::ZERO);
                loop {
                    let more = nanos(100);
                    let moved =
                        store.budgets().lease((key, PERIOD), &holder, state, more, at(1)).await;
                    // Two that make the period's row at once may stand in each other's way.
                    if let Ok(moved) = moved {
                        return moved;
                    }
                }
            });
        }
        let moved = racing.join_all().await;

        let granted = moved.iter().filter(|moved| **moved == Moved::Done).count();
        assert_eq!(granted, 10);
        assert_eq!(standing(&store, key).await.0, 1_000);
    })
    .await;
}

#[tokio::test]
async fn what_the_tokens_row_says_holds_from_the_next_lease_on() {
    each_database(async |store| {
        let key = given_budget(&store).await;
        let none = Holding::default();
        let refused = async || lease(&store, key, "one", (none, 0), 500).await == Moved::Refused;
        let change = async |patch: AppTokenPatch| {
            store.app_tokens().update(key.token, &patch, at(1)).await.unwrap();
        };

        for (budget, period) in
            [(Some(499), PERIOD), (None, PERIOD), (Some(900), BudgetPeriod::Month)]
        {
            let budget = Some(budget.map(nanos));
            change(AppTokenPatch { budget, budget_period: Some(period), ..Default::default() })
                .await;
            assert!(refused().await, "{budget:?} {period}");
        }
        let budget_period = Some(PERIOD);
        change(AppTokenPatch { budget_period, ..Default::default() }).await;
        assert_eq!(lease(&store, key, "two", (none, 0), 400).await, Moved::Done);
        store.app_tokens().delete(key.token, at(2)).await.unwrap();
        assert!(refused().await, "a deleted token");
    })
    .await;
}

#[tokio::test]
async fn a_row_that_is_not_as_its_holder_believes_is_left_alone() {
    each_database(async |store| {
        let key = given_budget(&store).await;
        assert_eq!(lease(&store, key, "one", (Holding::default(), 0), 300).await, Moved::Done);
        let before = standing(&store, key).await;
        let wrong = says(299, 0);

        assert_eq!(lease(&store, key, "one", (wrong, 0), 10).await, Moved::Lost);
        assert_eq!(settle(&store, key, "one", wrong, says(10, 10)).await, Moved::Lost);
        let end = (wrong, nanos(10));
        assert_eq!(store.budgets().close(key, "one", end, at(1)).await.unwrap(), Moved::Lost);

        assert_eq!(standing(&store, key).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_holder_that_vanished_can_give_nothing_back() {
    each_database(async |store| {
        let key = given_budget(&store).await;
        assert_eq!(lease(&store, key, "two", (Holding::default(), 0), 300).await, Moved::Done);

        let late = at(60) + TimeDelta::milliseconds(1);
        let standing = store.budgets().standing(key, "one", late).await.unwrap();

        assert_eq!((standing.leased, standing.others_unspent), (nanos(300), nanos(0)));
    })
    .await;
}

#[tokio::test]
async fn what_is_spent_is_told_of_the_period_that_each_token_is_in() {
    each_database(async |store| {
        let key = given_budget(&store).await;
        settle(&store, key, "one", Holding::default(), says(70, 70)).await;
        settle(&store, key, "two", Holding::default(), says(30, 5)).await;
        let end = (says(70, 70), nanos(70));
        store.budgets().close(key, "one", end, at(1)).await.unwrap();
        let of = |period| Budget { cap: None, period };
        let tokens = [
            (key.token, of(PERIOD)),
            (key.token, of(BudgetPeriod::Total)),
            (AppTokenId::new(99), of(PERIOD)),
        ];

        let today = store.budgets().spent(&tokens, at(1)).await.unwrap();
        let tomorrow = store.budgets().spent(&tokens, at(24 * 3600)).await.unwrap();

        assert_eq!(today, [nanos(75), nanos(0), nanos(0)]);
        assert_eq!(tomorrow, [nanos(0), nanos(0), nanos(0)]);
    })
    .await;
}
