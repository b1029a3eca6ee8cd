//! A caller of either dialect, who asks the same and hears the same.

use serde_json::{Map, Value, json};
use tollgate_domain::chat::Dialect;

use super::Behaviour::{self, Embeddings, Logprobs, Seed, SeveralChoices, TopK};
use super::Provider;
use crate::chat_scene::Scene;
use crate::support::Reply;

pub(super) const CALLERS: [Dialect; 2] = [Dialect::OpenAi, Dialect::Anthropic];

/// Somebody who asks a provider.
pub(super) struct Caller<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) provider: &'a Provider,
    pub(super) dialect: Dialect,
}

/// A call of a tool, and what came of it.
pub(super) struct Result<'a> {
    pub(super) call: &'a Value,
    pub(super) text: &'a str,
}

/// What a caller hears, in words of neither dialect.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Heard {
    pub(super) text: String,
    pub(super) thinking: String,
    /// Each call as `{id, name, input}`.
    pub(super) calls: Vec<Value>,
    /// In OpenAI's words.
    pub(super) finish: String,
    /// All of the prompt, what of it came from the cache, and the answer.
    pub(super) tokens: [i64; 3],
}

impl Caller<'_> {
    /// Whether the dialect has words for it.
    pub(super) fn can_ask(&self, behaviour: Behaviour) -> bool {
        match behaviour {
            Embeddings | SeveralChoices | Logprobs | Seed => self.dialect == Dialect::OpenAi,
            TopK => self.dialect == Dialect::Anthropic,
            _ => true,
        }
    }

    /// Who asks whom, for messages of failed tests.
    pub(super) fn name(&self) -> String {
        format!("{} for {}", self.provider.code, self.dialect)
    }

    /// The path that is asked.
    pub(super) fn path(&self) -> &'static str {
        match self.dialect {
            Dialect::OpenAi => "/v1/chat/completions",
            Dialect::Anthropic => "/v1/messages",
        }
    }

    /// A question with those fields beside it, which each dialect has for itself.
    pub(super) fn body(&self, model: &str, question: &str, fields: [Value; 2]) -> Value {
        let content = json!([{"role": "user", "content": question}]);
        let mut body = json!({
            "model": format!("{}/{model}", self.provider.code), "messages": content,
        });
        if self.dialect == Dialect::Anthropic {
            body["max_tokens"] = json!(4096);
        }
        let [openai, anthropic] = fields;
        let fields = if self.dialect == Dialect::OpenAi { openai } else { anthropic };
        let fields: Map<String, Value> = fields.as_object().cloned().unwrap();
        body.as_object_mut().unwrap().extend(fields);
        body
    }

    /// Asks `sim-chat`.
    pub(super) async fn asks(&self, question: &str, fields: [Value; 2]) -> Heard {
        self.hears(&self.body("sim-chat", question, fields)).await
    }

    /// The answer to that body, whole; a stream has to say the same.
    pub(super) async fn hears(&self, body: &Value) -> Heard {
        let whole = self.replies(body).await;
        assert_eq!(whole.status, 200, "{}: {}", self.name(), whole.text);
        let heard = self.read(&whole.json());
        let mut streamed = body.clone();
        streamed["stream"] = json!(true);
        if self.dialect == Dialect::OpenAi {
            streamed["stream_options"] = json!({"include_usage": true});
        }
        let stream = self.scene.streams(self.path(), &streamed).await;
        assert_eq!(stream.reply.status, 200, "{}: {}", self.name(), stream.reply.text);
        let mut assembled = self.assemble(&stream.events());
        // The simulator's ids tell its answers apart.
        for (one, other) in assembled.calls.iter_mut().zip(&heard.calls) {
            one["id"] = other["id"].clone();
        }
        assert_eq!(assembled, heard, "{}, streamed", self.name());
        heard
    }

    /// The reply to that body.
    pub(super) async fn replies(&self, body: &Value) -> Reply {
        self.scene.app_user.post(self.path(), body).await
    }

    /// The body that the provider was sent last.
    pub(super) fn sent(&self) -> Value {
        self.scene.simulator.calls().last().expect("the provider was asked").json()
    }

    /// The conversation after `calls`, with their results.
    pub(super) fn with_results(&self, body: &Value, results: &[Result<'_>]) -> Value {
        let mut body = body.clone();
        let messages = body["messages"].as_array_mut().unwrap();
        match self.dialect {
            Dialect::OpenAi => {
                let call = |it: &Result<'_>| {
                    let arguments = it.call["input"].to_string();
                    json!({"id": it.call["id"], "type": "function",
                        "function": {"name": it.call["name"], "arguments": arguments}})
                };
                let calls: Vec<Value> = results.iter().map(call).collect();
                messages.push(json!({"role": "assistant", "content": null, "tool_calls": calls}));
                messages.extend(results.iter().map(
                    |it| json!({"role": "tool", "tool_call_id": it.call["id"], "content": it.text}),
                ));
            }
            Dialect::Anthropic => {
                let call = |it: &Result<'_>| {
                    json!({"type": "tool_use", "id": it.call["id"], "name": it.call["name"],
                        "input": it.call["input"]})
                };
                let result = |it: &Result<'_>| json!({"type": "tool_result", "tool_use_id": it.call["id"], "content": it.text});
                let calls: Vec<Value> = results.iter().map(call).collect();
                let results: Vec<Value> = results.iter().map(result).collect();
                messages.push(json!({"role": "assistant", "content": calls}));
                messages.push(json!({"role": "user", "content": results}));
            }
        }
        body
    }

    /// Panics unless the error is of the type that the dialect has for it.
    pub(super) fn is_told(&self, reply: &Reply, openai: &str, anthropic: &str) {
        let expected = if self.dialect == Dialect::OpenAi { openai } else { anthropic };
        assert_eq!(self.error_of(reply).0, expected, "{}: {}", self.name(), reply.text);
    }

    /// The error's type, and the field that it names.
    pub(super) fn error_of(&self, reply: &Reply) -> (String, String) {
        let error = reply.json()["error"].clone();
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (text("type"), text("param") + &text("message"))
    }

    fn read(&self, body: &Value) -> Heard {
        match self.dialect {
            Dialect::OpenAi => {
                let choice = &body["choices"][0];
                let mut heard = Heard::default();
                heard.add_openai(&choice["message"], &choice["finish_reason"], &body["usage"]);
                heard.read_inputs();
                heard
            }
            Dialect::Anthropic => {
                let mut heard = Heard::default();
                for block in body["content"].as_array().unwrap() {
                    heard.add_block(block);
                }
                heard.end_anthropic(body, &body["usage"]);
                heard
            }
        }
    }

    fn assemble(&self, events: &[Value]) -> Heard {
        let mut heard = Heard::default();
        for event in events {
            match self.dialect {
                Dialect::OpenAi => {
                    let choice = &event["choices"][0];
                    heard.add_openai(&choice["delta"], &choice["finish_reason"], &event["usage"]);
                }
                Dialect::Anthropic => match event["type"].as_str().unwrap() {
                    "content_block_start" => heard.add_block(&event["content_block"]),
                    "content_block_delta" => heard.add_delta(&event["delta"]),
                    "message_delta" => heard.end_anthropic(&event["delta"], &event["usage"]),
                    _ => {}
                },
            }
        }
        heard.read_inputs();
        heard
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn count(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

impl Heard {
    fn add_openai(&mut self, part: &Value, finish: &Value, usage: &Value) {
        self.text += text(&part["content"]);
        self.thinking += text(&part["reasoning_content"]);
        self.finish += text(finish);
        for (at, call) in part["tool_calls"].as_array().into_iter().flatten().enumerate() {
            let at = call["index"].as_u64().map_or(at, |index| index as usize);
            let arguments = text(&call["function"]["arguments"]);
            match self.calls.get_mut(at) {
                Some(known) => known["input"] = json!(text(&known["input"]).to_owned() + arguments),
                None => self.calls.push(json!({
                    "id": call["id"], "name": call["function"]["name"], "input": arguments,
                })),
            }
        }
        if usage.is_object() {
            let cached = count(&usage["prompt_tokens_details"]["cached_tokens"]);
            self.tokens =
                [count(&usage["prompt_tokens"]), cached, count(&usage["completion_tokens"])];
        }
    }

    fn add_block(&mut self, block: &Value) {
        self.text += text(&block["text"]);
        self.thinking += text(&block["thinking"]);
        if block["type"] == "tool_use" {
            let input = &block["input"];
            self.calls.push(json!({"id": block["id"], "name": block["name"], "input": input}));
        }
    }

    fn add_delta(&mut self, delta: &Value) {
        self.text += text(&delta["text"]);
        self.thinking += text(&delta["thinking"]);
        if let Some(fragment) = delta["partial_json"].as_str() {
            let input = &mut self.calls.last_mut().unwrap()["input"];
            *input = json!(text(input).to_owned() + fragment);
        }
    }

    fn end_anthropic(&mut self, ending: &Value, usage: &Value) {
        let word = match text(&ending["stop_reason"]) {
            "end_turn" | "stop_sequence" => "stop",
            "max_tokens" => "length",
            "tool_use" => "tool_calls",
            other => other,
        };
        self.finish += word;
        let cached = count(&usage["cache_read_input_tokens"]);
        let written = count(&usage["cache_creation_input_tokens"]);
        self.tokens = [
            count(&usage["input_tokens"]) + cached + written,
            cached,
            count(&usage["output_tokens"]),
        ];
    }

    /// Reads the inputs of calls that came as text.
    fn read_inputs(&mut self) {
        for call in &mut self.calls {
            if let Some(input) = call["input"].as_str() {
                call["input"] = serde_json::from_str(input).unwrap();
            }
        }
    }
}
