//! Reports end.

use std::time::Duration;

use tollgate_store::StoreError;

use super::*;

#[tokio::test]
async fn a_database_ends_what_takes_too_long_and_goes_on_with_the_next() {
    each_database(async |store| {
        given(&store, &[answered(time(START))]).await;

        let slow = store.read_slowly(Duration::from_millis(50)).await;

        assert!(matches!(slow, Err(StoreError::TooSlow)), "{slow:?}");
        // More of them than there are connections: each is good for what comes next.
        for _ in 0..12 {
            given(&store, &[answered(time(START))]).await;
            let report = store.reports().usage(&whole_year(GroupBy::Day, Tz::UTC)).await;
            assert_eq!(report.unwrap().len(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_who_leaves_does_not_leave_the_bound_to_the_next() {
    each_database(async |store| {
        let limit = Duration::from_millis(200);
        for _ in 0..8 {
            // Dropped in the midst of it.
            let reading = store.read_slowly(limit);
            assert!(tokio::time::timeout(Duration::from_millis(20), reading).await.is_err());
        }
        let wide = store.read_slowly(Duration::from_millis(400));
        let narrow = async {
            for _ in 0..20 {
                given(&store, &[answered(time(START))]).await;
            }
        };

        let (wide, ()) = tokio::join!(wide, narrow);

        assert!(matches!(wide, Err(StoreError::TooSlow)), "{wide:?}");
    })
    .await;
}

#[tokio::test]
async fn a_whole_report_is_bounded_too() {
    each_database(async |store| {
        given(&store, &varied_logs(&mut Draw(1))).await;

        let reports = store.reports().within(Duration::ZERO);

        let usage = reports.usage(&whole_year(GroupBy::Hour, Tz::UTC)).await;
        assert!(matches!(usage, Err(StoreError::TooSlow)), "{usage:?}");
        let board = reports.dashboard(&TrendQuery::last_days(7, Tz::UTC, time(START))).await;
        assert!(matches!(board, Err(StoreError::TooSlow)), "{board:?}");
    })
    .await;
}
