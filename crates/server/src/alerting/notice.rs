//! What a channel is told.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use tollgate_domain::alert::{Alert, AlertEvent, AlertLevel};
use tollgate_store::alerts::deliveries::DueNotice;

/// One thing to tell, without secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// By which a receiver knows one that comes twice.
    pub delivery: String,
    /// What it tells.
    pub event: NoticeEvent,
    /// The alert's id; none of a test.
    pub alert_id: Option<i64>,
    /// What the alert is about: `error_rate`.
    pub kind: &'static str,
    /// How much it matters.
    pub level: AlertLevel,
    /// What it is about, in words.
    pub subject: String,
    /// What is wrong, in words.
    pub message: String,
    /// The same for programs.
    pub payload: Value,
    /// When it began.
    pub fired_at: DateTime<Utc>,
    /// When it was over.
    pub resolved_at: Option<DateTime<Utc>>,
}

/// What a notice tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeEvent {
    /// Something of an alert.
    Of(AlertEvent),
    /// That the channel works.
    Test,
}

impl NoticeEvent {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Of(event) => event.as_str(),
            Self::Test => "test",
        }
    }
}

impl Notice {
    /// A notice as the outbox has it.
    #[must_use]
    pub fn of(due: DueNotice) -> Self {
        let DueNotice { delivery, alert } = due;
        let Alert { id, kind, level, subject, message, payload, fired_at, resolved_at, .. } = alert;
        Self {
            delivery: delivery.id.to_string(),
            event: NoticeEvent::Of(delivery.event),
            alert_id: Some(id.get()),
            kind: kind.as_str(),
            level,
            subject,
            message,
            payload: payload.unwrap_or(Value::Null),
            fired_at,
            // The beginning is told as it was, though the end may be known by now.
            resolved_at: resolved_at.filter(|_| delivery.event == AlertEvent::Resolved),
        }
    }

    /// A notice that nothing is wrong, to see whether a channel works.
    #[must_use]
    pub fn test(by: &str, delivery: String, now: DateTime<Utc>) -> Self {
        Self {
            delivery,
            event: NoticeEvent::Test,
            alert_id: None,
            kind: "test",
            level: AlertLevel::Info,
            subject: "test notice".to_owned(),
            message: format!("{by} tries this channel; nothing is wrong"),
            payload: Value::Null,
            fired_at: now,
            resolved_at: None,
        }
    }

    /// The headline.
    #[must_use]
    pub fn title(&self) -> String {
        let what = match self.event {
            NoticeEvent::Of(AlertEvent::Fired) => self.level.as_str(),
            NoticeEvent::Of(AlertEvent::Resolved) => "resolved",
            NoticeEvent::Test => "test",
        };
        format!("Tollgate {what}: {}", one_line(&self.subject))
    }

    /// What stands below the headline, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![one_line(&self.message)];
        match self.resolved_at {
            Some(end) => {
                lines.push(format!("Lasted from {} to {}", shown(self.fired_at), shown(end)));
            }
            None => lines.push(format!("Since {}", shown(self.fired_at))),
        }
        lines.push(match self.alert_id {
            Some(id) => format!("{} · alert {id}", self.kind),
            None => self.kind.to_owned(),
        });
        lines
    }
}

/// A moment as programs read it.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn shown(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// The text without line breaks and other control characters, which a template may read as markup.
fn one_line(text: &str) -> String {
    text.chars().map(|each| if each.is_control() { ' ' } else { each }).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// An alert that fired, or is over.
    pub(in crate::alerting) fn notice(event: AlertEvent) -> Notice {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        Notice {
            delivery: "77".to_owned(),
            event: NoticeEvent::Of(event),
            alert_id: Some(12),
            kind: "error_rate",
            level: AlertLevel::Warning,
            subject: "all calls".to_owned(),
            message: "12 of 100 calls failed".to_owned(),
            payload: json!({"calls": 100}),
            fired_at: at("2026-11-21T10:00:00Z"),
            resolved_at: (event == AlertEvent::Resolved).then(|| at("2026-11-21T10:05:00Z")),
        }
    }

    #[test]
    fn a_notice_says_what_began_and_what_is_over() {
        let fired = notice(AlertEvent::Fired);
        assert_eq!(fired.title(), "Tollgate warning: all calls");
        assert_eq!(
            fired.lines(),
            ["12 of 100 calls failed", "Since 2026-11-21 10:00:00 UTC", "error_rate · alert 12"]
        );
        let over = notice(AlertEvent::Resolved);
        assert_eq!(over.title(), "Tollgate resolved: all calls");
        assert_eq!(
            over.lines()[1],
            "Lasted from 2026-11-21 10:00:00 UTC to 2026-11-21 10:05:00 UTC"
        );
    }

    #[test]
    fn a_line_break_in_a_message_begins_no_line() {
        let odd = Notice { message: "a\n# b\r\0".to_owned(), ..notice(AlertEvent::Fired) };

        assert_eq!(odd.lines()[0], "a # b  ");
    }
}
