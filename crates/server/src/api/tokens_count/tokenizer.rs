//! Counting with the tokenizers of OpenAI's models, which are part of the binary.

use serde_json::Value;
use tiktoken_rs::tokenizer::{Tokenizer, get_tokenizer};
use tiktoken_rs::{CoreBPE, cl100k_base_singleton, o200k_base_singleton};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The longest text that is counted, in bytes: some take 3 µs a byte, and the regular expressions
/// overflow at white space of about a MiB.
const LONGEST: usize = 256 * 1024;
/// What a message has beside its texts, what a name adds, and what begins the answer, in tokens:
/// as OpenAI's cookbook has it in "How to count tokens with tiktoken".
const MESSAGE: usize = 3;
const NAME: usize = 1;
const ANSWER: usize = 3;
/// The models that the cookbook says so of; about others OpenAI tells nothing.
const TOLD: [&str; 3] = ["gpt-3.5-turbo", "gpt-4", "gpt-4o"];
/// Counts under way at a time, so that they leave processors to the rest.
static RUNNING: Semaphore = Semaphore::const_new(2);

/// A tokenizer that we have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Cl100k,
    O200k,
}

/// What is counted.
#[derive(Debug)]
pub(super) enum Prompt {
    Text(String),
    /// Messages of a chat in our words.
    Messages(Value),
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) tokens: i64,
    pub(super) is_exact: bool,
}

/// The tokenizer of a model of OpenAI's; `None` for every other model.
pub(super) fn encoding_of(model: &str) -> Option<Encoding> {
    match get_tokenizer(model)? {
        Tokenizer::Cl100kBase => Some(Encoding::Cl100k),
        Tokenizer::O200kBase => Some(Encoding::O200k),
        _ => None,
    }
}

/// Counts on a thread that may block: the first count loads the tokenizer. `None` for what is
/// too long, or holds more than texts.
pub(super) async fn count(encoding: Encoding, model: &str, prompt: Prompt) -> Option<Counted> {
    let is_told = is_told(model);
    let _permit = RUNNING.acquire().await.ok()?;
    let counting = spawn_blocking(move || count_now(encoding, is_told, &prompt));
    counting
        .await
        .inspect_err(|error| tracing::error!("Tokens could not be counted: {error}"))
        .ok()?
}

fn count_now(encoding: Encoding, is_told: bool, prompt: &Prompt) -> Option<Counted> {
    let (texts, beside, is_exact) = match prompt {
        Prompt::Text(text) => (vec![text.as_str()], 0, true),
        Prompt::Messages(messages) => {
            let (texts, beside) = texts_of(messages)?;
            (texts, beside, is_told)
        }
    };
    if texts.iter().map(|text| text.len()).sum::<usize>() > LONGEST {
        return None;
    }
    let tokenizer = encoding.tokenizer();
    let of_texts: usize = texts.iter().map(|text| tokenizer.count_ordinary(text)).sum();
    Some(Counted { tokens: i64::try_from(of_texts + beside).ok()?, is_exact })
}

/// Every text that counts in `messages`, and the tokens beside them; `None` where a message holds
/// more than texts.
fn texts_of(messages: &Value) -> Option<(Vec<&str>, usize)> {
    let (mut texts, mut beside) = (Vec::new(), ANSWER);
    for message in messages.as_array()? {
        beside += MESSAGE;
        for (name, value) in message.as_object()? {
            match name.as_str() {
                "role" | "content" => {}
                "name" => beside += NAME,
                _ => return None,
            }
            texts.push(value.as_str()?);
        }
    }
    Some((texts, beside))
}

/// Whether OpenAI tells how it counts the messages of a model: one of those, or a dated version.
fn is_told(model: &str) -> bool {
    let is_dated = |rest: &str| rest.is_empty() || rest.starts_with('-');
    TOLD.iter().any(|told| model.strip_prefix(told).is_some_and(is_dated))
}

impl Encoding {
    fn tokenizer(self) -> &'static CoreBPE {
        match self {
            Self::Cl100k => cl100k_base_singleton(),
            Self::O200k => o200k_base_singleton(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The cookbook's messages.
    fn cookbook() -> Value {
        json!([
            {"role": "system", "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
            {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
            {"role": "system", "name": "example_assistant", "content": "Things working well together will increase revenue."},
            {"role": "system", "name": "example_user", "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
            {"role": "system", "name": "example_assistant", "content": "Let's talk later when we're less busy about how to do better."},
            {"role": "user", "content": "This late pivot means we don't have time to boil the ocean for the client deliverable."},
        ])
    }

    async fn counted(model: &str, prompt: Prompt) -> Option<(i64, bool)> {
        let counted = count(encoding_of(model).unwrap(), model, prompt).await?;
        Some((counted.tokens, counted.is_exact))
    }

    #[test]
    fn each_model_of_openais_has_its_tokenizer_and_no_other_model_has_one() {
        for (model, encoding) in [
            ("gpt-4o", Some(Encoding::O200k)),
            ("gpt-4o-mini-2024-07-18", Some(Encoding::O200k)),
            ("gpt-5", Some(Encoding::O200k)),
            ("o3", Some(Encoding::O200k)),
            ("gpt-4", Some(Encoding::Cl100k)),
            ("gpt-3.5-turbo", Some(Encoding::Cl100k)),
            ("gpt-oss-120b", None),
            ("deepseek-chat", None),
            ("", None),
        ] {
            assert_eq!(encoding_of(model), encoding, "{model}");
        }
    }

    #[tokio::test]
    async fn texts_are_counted_as_the_models_do() {
        for (model, text, tokens) in [
            ("gpt-4o", "", 0),
            ("gpt-4o", "hello world", 2),
            ("gpt-4", "tiktoken is great!", 6),
            ("gpt-4o", "お誕生日おめでとう", 8),
            ("gpt-4", "お誕生日おめでとう", 9),
            // What would mean something to a model that reads it in a prompt is text here.
            ("gpt-4", "<|endoftext|>", 7),
        ] {
            let found = counted(model, Prompt::Text(text.to_owned())).await;
            assert_eq!(found, Some((tokens, true)), "{model}: {text}");
        }
    }

    #[tokio::test]
    async fn messages_are_counted_by_openais_formula_where_there_is_one() {
        // The numbers that the cookbook got from the API.
        for (model, tokens) in [("gpt-3.5-turbo", 129), ("gpt-4-0613", 129), ("gpt-4o", 124)] {
            assert_eq!(counted(model, Prompt::Messages(cookbook())).await, Some((tokens, true)));
        }
        assert_eq!(counted("gpt-5", Prompt::Messages(cookbook())).await, Some((124, false)));
    }

    #[tokio::test]
    async fn what_holds_more_than_texts_or_is_too_long_is_not_counted() {
        let picture = json!([{"role": "user", "content": [{"type": "image_url"}]}]);
        let tools = json!([{"role": "assistant", "content": "", "toolCalls": []}]);
        for messages in [picture, tools] {
            assert_eq!(counted("gpt-4o", Prompt::Messages(messages)).await, None);
        }
        assert_eq!(counted("gpt-4o", Prompt::Text(" ".repeat(LONGEST + 1))).await, None);
        assert!(counted("gpt-4o", Prompt::Text(" ".repeat(LONGEST))).await.is_some());
    }
}
