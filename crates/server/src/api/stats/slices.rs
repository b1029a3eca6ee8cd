//! `GET /api/admin/ai-stats/usage/series` and `/usage/breakdown`: usage by time and member, and by
//! one thing with another, against the time before.

use std::collections::HashMap;

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tollgate_domain::NanoUsd;
use tollgate_store::reports::{
    Dimension, Group, Line, MAX_PAIRS, PairRow, Rank, SeriesPoint, UsageSums, shifted_minutes,
};
use utoipa::ToSchema;

use super::board::{span_of, views};
use super::query::RangeParams;
use super::range::TimeRange;
use super::report::Report;
use super::span::{CompareParams, FilterParams, SpanParams, SpanView, range_before};
use super::{range, zone};
use crate::app::App;
use crate::error::ApiResult;
use crate::extract::{Analyst, Checks, Envelope, Params, Validate};
use crate::openapi::{ReadErrors, ReportErrors};

/// Days of the series where the caller names none.
const SERIES_DAYS: u32 = 7;
/// Members of the series where the caller does not say.
const TOP: u32 = 6;

/// What usage is told apart by.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DimensionWord {
    /// A provider.
    Provider,
    /// The model that was called, whoever serves it.
    Model,
    /// An upstream key.
    Key,
    /// An app token.
    #[default]
    App,
    /// A user.
    User,
}

/// Which members matter most.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RankWord {
    /// Those with the most calls.
    #[default]
    Requests,
    /// Those whose calls failed most often.
    Errors,
    /// Those that used the most tokens.
    Tokens,
    /// Those that cost most.
    Cost,
}

/// Which lines.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct SeriesParams {
    /// What a line is.
    #[serde(default)]
    #[param(inline, required = false)]
    pub by: DimensionWord,
    /// Which members have lines.
    #[serde(default)]
    #[param(inline, required = false)]
    pub rank_by: RankWord,
    /// How many members have lines; 6 where absent.
    #[param(minimum = 1, maximum = 12)]
    pub top: Option<u32>,
}

impl Validate for SeriesParams {
    fn validate(&self, checks: &mut Checks) {
        checks.range("top", self.top.map(i64::from), 1..=12);
    }
}

/// What a row is.
#[derive(Clone, Copy, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BreakdownParams {
    /// What a row is.
    #[serde(default)]
    #[param(inline, required = false)]
    pub by: DimensionWord,
    /// What it is cut into further; another one than `by`.
    #[param(inline, required = false)]
    pub then: Option<DimensionWord>,
}

impl Validate for BreakdownParams {
    fn validate(&self, checks: &mut Checks) {
        if self.then == Some(self.by) {
            checks.wrong("then", "must be another one than by");
        }
    }
}

/// A provider, model, key, app token or user.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberView {
    by: DimensionWord,
    /// Its id, or the model's code; null for calls that have none.
    key: Option<String>,
    /// What people call it, also after its deletion; null for calls that have none.
    name: Option<String>,
}

/// How the members that matter most develop beside each other.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesView {
    range: SpanView,
    /// Each hour, day or month, oldest first, empty ones as zeros, with the sums over all members.
    points: Vec<SeriesPointView>,
    /// The members that matter most, the first of them first.
    series: Vec<LineView>,
}

/// An hour, a day or a month.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesPointView {
    /// The hour (with its offset), the day or the month.
    #[schema(example = "2026-11-21")]
    date: String,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    #[serde(flatten)]
    sums: PointView,
}

/// One member.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    #[serde(flatten)]
    member: MemberView,
    /// Its sums, for each point.
    values: Vec<PointView>,
}

/// The sums of a point.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    requests: i64,
    errors: i64,
    tokens: i64,
    /// US dollars.
    #[schema(value_type = f64)]
    cost: NanoUsd,
}

/// Usage by one thing, or by one with another, those that cost most first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BreakdownView {
    range: SpanView,
    /// The time before, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_range: Option<SpanView>,
    rows: Vec<BreakdownRow>,
    /// All rows together.
    total: SliceView,
    /// All of the time before.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_total: Option<SliceView>,
    /// True where only the 5,000 rows that cost most are told.
    is_cut: bool,
}

/// One member, or two together.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakdownRow {
    /// Whose they are: one for each dimension that was asked for.
    members: Vec<MemberView>,
    #[serde(flatten)]
    sums: SliceView,
    /// The same of the time before, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<SliceView>,
}

/// Sums. Tokens and cost are of every attempt.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliceView {
    total_requests: i64,
    success_count: i64,
    error_count: i64,
    total_tokens: i64,
    /// US dollars.
    #[schema(value_type = f64)]
    total_cost: NanoUsd,
    /// Attempts that used tokens and have no price.
    unpriced_count: i64,
    avg_latency_ms: i64,
}

/// How the members of a dimension that matter most develop beside each other.
///
/// Calls that have no member of it are in the points alone.
#[utoipa::path(get, path = "/api/admin/ai-stats/usage/series", tag = "stats",
    params(SpanParams, SeriesParams, FilterParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Report<SeriesView>), ReadErrors, ReportErrors))]
pub async fn series(
    _: Analyst,
    app: Data<App>,
    Params(span): Params<SpanParams>,
    Params(lines): Params<SeriesParams>,
    Params(filter): Params<FilterParams>,
) -> ApiResult<Report<SeriesView>> {
    let query = span.query(&app, filter.filter(), SERIES_DAYS)?;
    let top = usize::try_from(lines.top.unwrap_or(TOP)).unwrap_or(usize::MAX);
    let reports = app.store.reports();
    let found = reports.series(&query, lines.by.into(), lines.rank_by.into(), top).await?;
    let line = |line: Line| LineView {
        member: MemberView::new(lines.by, line.group),
        values: views(line.sums),
    };
    let view = SeriesView {
        range: span_of(&query),
        points: views(found.points),
        series: found.lines.into_iter().map(line).collect(),
    };
    Ok(Report::new(view, shifted_minutes(app.clock.now(), query.tz)))
}

/// Usage by one thing, or by one with another, against the time before.
#[utoipa::path(get, path = "/api/admin/ai-stats/usage/breakdown", tag = "stats",
    params(RangeParams, BreakdownParams, CompareParams, FilterParams),
    security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = Envelope<BreakdownView>), ReadErrors, ReportErrors))]
pub async fn breakdown(
    _: Analyst,
    app: Data<App>,
    Params(params): Params<RangeParams>,
    Params(by): Params<BreakdownParams>,
    Params(CompareParams { compare }): Params<CompareParams>,
    Params(filter): Params<FilterParams>,
) -> ApiResult<Envelope<BreakdownView>> {
    let (tz, filter) = (zone(&app, params.tz.as_deref())?, filter.filter());
    let range = range(&app, params.start_date.as_deref(), params.end_date.as_deref(), tz)?;
    let dimensions = (by.by.into(), by.then.map(Dimension::from));
    let rows = async |range: TimeRange| {
        app.store.reports().pairs((range.from, range.to), &filter, dimensions).await
    };
    let current = rows(range).await?;
    let before = if compare {
        let range = range_before(range, tz, app.clock.now());
        Some((range, rows(range).await?))
    } else {
        None
    };
    Ok(Envelope::ok(BreakdownView::new(by, (range, current), before)))
}

impl BreakdownView {
    fn new(
        by: BreakdownParams,
        (range, current): (TimeRange, Vec<PairRow>),
        before: Option<(TimeRange, Vec<PairRow>)>,
    ) -> Self {
        let is_compared = before.is_some();
        let (previous_range, earlier) = before.unzip();
        let earlier = earlier.unwrap_or_default();
        let is_cut = current.len() == MAX_PAIRS || earlier.len() == MAX_PAIRS;
        let total = SliceView::from(current.iter().map(|row| row.sums).sum::<UsageSums>());
        let previous_total: UsageSums = earlier.iter().map(|row| row.sums).sum();
        let mut earlier: HashMap<_, PairRow> =
            earlier.into_iter().map(|row| (ids(&row), row)).collect();
        let mut rows: Vec<BreakdownRow> = Vec::new();
        for row in current {
            let previous = earlier.remove(&ids(&row)).map(|row| row.sums).unwrap_or_default();
            rows.push(BreakdownRow::new(by, row, is_compared.then_some(previous)));
        }
        // What was used before alone: the difference matters as much.
        let mut gone: Vec<PairRow> = earlier.into_values().collect();
        gone.sort_by_key(|row| (std::cmp::Reverse(row.sums.cost), ids(row)));
        rows.extend(gone.into_iter().map(|row| {
            let sums = row.sums;
            BreakdownRow::new(by, PairRow { sums: UsageSums::default(), ..row }, Some(sums))
        }));
        Self {
            range: range.into(),
            previous_range: previous_range.map(SpanView::from),
            rows,
            total,
            previous_total: is_compared.then(|| previous_total.into()),
            is_cut,
        }
    }
}

impl BreakdownRow {
    fn new(by: BreakdownParams, row: PairRow, previous: Option<UsageSums>) -> Self {
        let (one, other) = row.groups;
        let mut members = vec![MemberView::new(by.by, one)];
        members.extend(by.then.zip(other).map(|(by, group)| MemberView::new(by, group)));
        Self { members, sums: row.sums.into(), previous: previous.map(SliceView::from) }
    }
}

/// What a row is known by.
fn ids(row: &PairRow) -> (Option<String>, Option<String>) {
    (id(&row.groups.0), row.groups.1.as_ref().and_then(id))
}

fn id(group: &Group) -> Option<String> {
    match group {
        Group::Row { id, .. } => Some(id.to_string()),
        Group::Model(code) | Group::Time(code) => Some(code.clone()),
        Group::None => None,
    }
}

impl MemberView {
    fn new(by: DimensionWord, group: Group) -> Self {
        let key = id(&group);
        let name = match group {
            Group::Row { name, .. } => name,
            Group::Model(code) | Group::Time(code) => Some(code),
            Group::None => None,
        };
        Self { by, key, name }
    }
}

impl From<SeriesPoint> for SeriesPointView {
    fn from(point: SeriesPoint) -> Self {
        Self { date: point.label, from: point.from, to: point.to, sums: point.sums.into() }
    }
}

impl From<UsageSums> for PointView {
    fn from(sums: UsageSums) -> Self {
        Self {
            requests: sums.requests,
            errors: sums.errors,
            tokens: sums.usage.total(),
            cost: sums.cost,
        }
    }
}

impl From<UsageSums> for SliceView {
    fn from(sums: UsageSums) -> Self {
        Self {
            total_requests: sums.requests,
            success_count: sums.successes,
            error_count: sums.errors,
            total_tokens: sums.usage.total(),
            total_cost: sums.cost,
            unpriced_count: sums.unpriced,
            avg_latency_ms: sums.avg_latency_ms(),
        }
    }
}

impl From<DimensionWord> for Dimension {
    fn from(word: DimensionWord) -> Self {
        match word {
            DimensionWord::Provider => Self::Provider,
            DimensionWord::Model => Self::Model,
            DimensionWord::Key => Self::Key,
            DimensionWord::App => Self::App,
            DimensionWord::User => Self::User,
        }
    }
}

impl From<RankWord> for Rank {
    fn from(word: RankWord) -> Self {
        match word {
            RankWord::Requests => Self::Requests,
            RankWord::Errors => Self::Errors,
            RankWord::Tokens => Self::Tokens,
            RankWord::Cost => Self::Cost,
        }
    }
}
