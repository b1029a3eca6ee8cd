//! The protocols that the simulator speaks, and what an error is in each of them.

use serde_json::{Value, json};

/// A protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    OpenAi,
    Anthropic,
    Gemini,
}

impl Protocol {
    /// The provider whose own protocol it is, as names of errors begin.
    pub(crate) fn provider(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
        }
    }

    /// Whose protocol an error of this name is in; every provider but two speaks OpenAI's.
    /// `None` for errors that are in nobody's, such as those that repeat the key.
    pub(crate) fn of_error(name: &str) -> Option<Self> {
        match name.split_once('.')?.0 {
            "anthropic" => Some(Self::Anthropic),
            "gemini" => Some(Self::Gemini),
            "openai" | "deepseek" | "moonshot" | "qwen" | "azure" | "llamacpp" | "ollama"
            | "openrouter" | "vllm" => Some(Self::OpenAi),
            _ => None,
        }
    }

    /// The body of an error of which no more is known than its status.
    pub(crate) fn error_body(self, status: u16) -> Value {
        let message = format!("The simulator was asked for status {status}.");
        let is_callers = status < 500;
        match self {
            Self::OpenAi => {
                let kind = if is_callers { "invalid_request_error" } else { "server_error" };
                json!({"error": {"message": message, "type": kind, "param": null, "code": null}})
            }
            Self::Anthropic => {
                let kind = match status {
                    503 | 529 => "overloaded_error",
                    _ if is_callers => "invalid_request_error",
                    _ => "api_error",
                };
                json!({"type": "error", "error": {"type": kind, "message": message}})
            }
            Self::Gemini => {
                let kind = match status {
                    401 => "UNAUTHENTICATED",
                    403 => "PERMISSION_DENIED",
                    404 => "NOT_FOUND",
                    429 => "RESOURCE_EXHAUSTED",
                    503 | 529 => "UNAVAILABLE",
                    504 => "DEADLINE_EXCEEDED",
                    _ if is_callers => "INVALID_ARGUMENT",
                    _ => "INTERNAL",
                };
                json!({"error": {"code": status, "message": message, "status": kind}})
            }
        }
    }
}
