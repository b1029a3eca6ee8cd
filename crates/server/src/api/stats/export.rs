//! `GET /api/admin/ai-stats/logs/export`: every attempt, as a file.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use bytes::Bytes;
use futures_util::Stream;
use tollgate_store::api_logs::{ExportChunk, LogFilter};

use super::csv_rows::{header as header_line, lines};
use super::query::{CallParams, FormatParams, FormatWord};
use super::{bounds, zone};
use crate::app::App;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Analyst, Params};
use crate::openapi::{ReadErrors, ReportErrors};

/// Attempts read at a time: all that an export keeps in memory.
const CHUNK: u32 = 1_000;

/// Attempts on record, oldest first, as CSV.
///
/// A row is an attempt, so that tokens and costs add up to those of `/usage`; a call has one row
/// with `isFinal`. The filters look at each attempt. A file that was cut short did not end well.
#[utoipa::path(get, path = "/api/admin/ai-stats/logs/export", tag = "stats",
    params(FormatParams, CallParams), security(("bearer" = ["admin", "analyst"])),
    responses((status = 200, body = String, content_type = "text/csv"), ReadErrors, ReportErrors))]
pub async fn export(
    _: Analyst,
    app: Data<App>,
    Params(FormatParams { format: FormatWord::Csv }): Params<FormatParams>,
    Params(params): Params<CallParams>,
) -> ApiResult<HttpResponse> {
    let tz = zone(&app, params.tz.as_deref())?;
    let filter = params.filter(bounds(&params, tz)?)?;
    // Before the answer begins, so that what is wrong from the start is told in an error.
    let first = app.store.api_logs().export(&filter, None, CHUNK).await?;
    let name = app.clock.now().format("tollgate-calls-%Y%m%dT%H%M%SZ.csv");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(file(app, filter, first)))
}

/// The file, chunk by chunk, each of which is read when the one before was taken. An error cuts the
/// connection.
fn file(
    app: Data<App>,
    filter: LogFilter,
    first: ExportChunk,
) -> impl Stream<Item = Result<Bytes, ApiError>> + 'static {
    async_stream::stream! {
        yield header_line().map(Bytes::from).map_err(ApiError::internal);
        let mut chunk = first;
        loop {
            yield lines(&chunk.rows).map(Bytes::from).map_err(ApiError::internal);
            let Some(after) = chunk.next else { return };
            chunk = match app.store.api_logs().export(&filter, Some(after), CHUNK).await {
                Ok(chunk) => chunk,
                Err(error) => {
                    let error = anyhow::Error::from(error).context("an export broke off here");
                    tracing::error!("{error:#}");
                    yield Err(ApiError::internal(error));
                    return;
                }
            };
        }
    }
}
