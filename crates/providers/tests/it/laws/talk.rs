//! Requests that both dialects can express, and their normal form in each.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::reply::{any_input, any_text};

/// A request in no dialect.
#[derive(Clone, Debug)]
pub(super) struct Talk {
    pub(super) system: Option<String>,
    pub(super) turns: Vec<Turn>,
    pub(super) last: Vec<Piece>,
    pub(super) tools: Vec<Tool>,
    /// `auto`, `none`, `any` or the name of a tool.
    pub(super) choice: Option<String>,
    pub(super) is_single: bool,
    pub(super) max_tokens: i64,
    pub(super) temperature: Option<f64>,
    pub(super) top_p: Option<f64>,
    pub(super) stop: Vec<String>,
    pub(super) user: Option<String>,
    pub(super) schema: Option<Value>,
    pub(super) is_stream: bool,
}

/// What the user says, what the model says and calls, and what comes of the calls.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    pub(super) user: Vec<Piece>,
    pub(super) text: Option<String>,
    pub(super) calls: Vec<(String, Value, String)>,
}

#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    /// A PNG.
    Image(&'static str),
    Pdf(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) schema: Value,
}

fn any_piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        4 => any_text().prop_map(Piece::Text),
        1 => Just(Piece::Image("iVBORw0KGgo=")),
        1 => Just(Piece::Pdf("JVBERi0xLjQ=")),
    ]
}

fn any_turn() -> impl Strategy<Value = Turn> {
    let call = ("[a-z]{3,6}", any_input(), any_text());
    (vec(any_piece(), 1..4), any_text(), any::<bool>(), vec(call, 0..3)).prop_map(
        |(user, text, has_text, calls)| {
            let text = (has_text || calls.is_empty()).then_some(text);
            Turn { user, text, calls }
        },
    )
}

fn any_tool() -> impl Strategy<Value = Tool> {
    let schema = any_text().prop_map(|text| {
        json!({"type": "object", "properties": {"a": {"type": "string", "description": text}}})
    });
    ("[a-z]{3,6}", option::of(any_text()), schema).prop_map(|(name, description, schema)| Tool {
        name,
        description,
        schema,
    })
}

pub(super) fn any_talk() -> impl Strategy<Value = Talk> {
    let said = (option::of(any_text()), vec(any_turn(), 0..4), vec(any_piece(), 1..4));
    let tools = (vec(any_tool(), 0..3), 0..5_usize, any::<bool>());
    let quarter = option::of((0..5_i32).prop_map(|quarters| f64::from(quarters) / 4.0));
    let params = (1..9999_i64, quarter.clone(), quarter, vec(any_text(), 0..5));
    let schema =
        json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false});
    let rest = (option::of("[a-z0-9]{1,9}"), option::of(Just(schema)), any::<bool>());
    (said, tools, params, rest).prop_map(|(said, (mut tools, choice, is_single), params, rest)| {
        for (at, tool) in tools.iter_mut().enumerate() {
            tool.name += &at.to_string();
        }
        let words = ["auto", "none", "any"];
        let named = tools.first().map(|tool| tool.name.clone());
        let choice = words.get(choice).map(|word| (*word).to_owned()).or(named);
        let choice = choice.filter(|_| !tools.is_empty());
        Talk {
            system: said.0,
            turns: said.1,
            last: said.2,
            // Only who may call several at once can be told not to.
            is_single: is_single && choice.as_ref().is_some_and(|choice| choice != "none"),
            tools,
            choice,
            max_tokens: params.0,
            temperature: params.1,
            top_p: params.2,
            stop: params.3.into_iter().take(4).collect(),
            user: rest.0,
            schema: rest.1,
            is_stream: rest.2,
        }
    })
}

/// Puts `value` into `body` if there is one.
fn put<T: Into<Value>>(body: &mut Map<String, Value>, name: &str, value: Option<T>) {
    if let Some(value) = value {
        body.insert(name.to_owned(), value.into());
    }
}

impl Talk {
    fn params(&self) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("model".to_owned(), json!("m"));
        put(&mut body, "temperature", self.temperature);
        put(&mut body, "top_p", self.top_p);
        put(&mut body, "stream", self.is_stream.then_some(true));
        body
    }

    /// As an OpenAI caller asks it.
    pub(super) fn openai(&self) -> Value {
        let mut messages = Vec::new();
        let system = self.system.iter().map(|text| json!({"role": "system", "content": text}));
        messages.extend(system);
        let mut at = 0;
        for turn in &self.turns {
            messages.push(json!({"role": "user", "content": openai_parts(&turn.user)}));
            let mut said = json!({"role": "assistant", "content": turn.text});
            let ids: Vec<String> = turn.calls.iter().map(|_| next(&mut at)).collect();
            let calls = turn.calls.iter().zip(&ids).map(|((name, input, _), id)| {
                let function = json!({"name": name, "arguments": input.to_string()});
                json!({"id": id, "type": "function", "function": function})
            });
            let calls: Vec<Value> = calls.collect();
            if !calls.is_empty() {
                said["tool_calls"] = json!(calls);
            }
            messages.push(said);
            messages.extend(turn.calls.iter().zip(&ids).map(|((_, _, result), id)| {
                json!({"role": "tool", "tool_call_id": id, "content": result})
            }));
        }
        messages.push(json!({"role": "user", "content": openai_parts(&self.last)}));
        let mut body = self.params();
        body.insert("messages".to_owned(), json!(messages));
        body.insert("max_completion_tokens".to_owned(), json!(self.max_tokens));
        put(&mut body, "stop", (!self.stop.is_empty()).then(|| json!(self.stop)));
        put(&mut body, "user", self.user.clone());
        let tool = |tool: &Tool| {
            let mut function = json!({"name": tool.name, "parameters": tool.schema});
            put(function.as_object_mut().unwrap(), "description", tool.description.clone());
            json!({"type": "function", "function": function})
        };
        let tools: Vec<Value> = self.tools.iter().map(tool).collect();
        put(&mut body, "tools", (!tools.is_empty()).then_some(tools));
        let choice = self.choice.as_deref().map(|choice| match choice {
            "auto" | "none" => json!(choice),
            "any" => json!("required"),
            name => json!({"type": "function", "function": {"name": name}}),
        });
        put(&mut body, "tool_choice", choice);
        put(&mut body, "parallel_tool_calls", self.is_single.then_some(false));
        let format = self.schema.as_ref().map(|schema| {
            let schema = json!({"name": "answer", "strict": true, "schema": schema});
            json!({"type": "json_schema", "json_schema": schema})
        });
        put(&mut body, "response_format", format);
        Value::Object(body)
    }

    /// As an Anthropic caller asks it.
    pub(super) fn anthropic(&self) -> Value {
        let mut messages: Vec<Value> = Vec::new();
        let mut at = 0;
        let mut results: Vec<Value> = Vec::new();
        for turn in &self.turns {
            let said = std::mem::take(&mut results).into_iter();
            let said: Vec<Value> = said.chain(anthropic_blocks(&turn.user)).collect();
            messages.push(json!({"role": "user", "content": said}));
            let text = turn.text.iter().map(|text| json!({"type": "text", "text": text}));
            let mut said: Vec<Value> = text.collect();
            for (name, input, result) in &turn.calls {
                let id = next(&mut at);
                said.push(json!({"type": "tool_use", "id": id, "name": name, "input": input}));
                let result = json!([{"type": "text", "text": result}]);
                results.push(json!({"type": "tool_result", "tool_use_id": id, "content": result}));
            }
            messages.push(json!({"role": "assistant", "content": said}));
        }
        let said: Vec<Value> = results.into_iter().chain(anthropic_blocks(&self.last)).collect();
        messages.push(json!({"role": "user", "content": said}));
        let mut body = self.params();
        body.insert("messages".to_owned(), json!(messages));
        body.insert("max_tokens".to_owned(), json!(self.max_tokens));
        let system = self.system.as_ref().map(|text| json!([{"type": "text", "text": text}]));
        put(&mut body, "system", system);
        put(&mut body, "stop_sequences", (!self.stop.is_empty()).then(|| json!(self.stop)));
        put(&mut body, "metadata", self.user.as_ref().map(|user| json!({"user_id": user})));
        let tool = |tool: &Tool| {
            let mut it = json!({"name": tool.name, "input_schema": tool.schema});
            put(it.as_object_mut().unwrap(), "description", tool.description.clone());
            it
        };
        let tools: Vec<Value> = self.tools.iter().map(tool).collect();
        put(&mut body, "tools", (!tools.is_empty()).then_some(tools));
        let choice = self.choice.as_deref().map(|choice| {
            let mut it = match choice {
                "auto" | "none" | "any" => json!({"type": choice}),
                name => json!({"type": "tool", "name": name}),
            };
            if self.is_single {
                it["disable_parallel_tool_use"] = json!(true);
            }
            it
        });
        put(&mut body, "tool_choice", choice);
        let format = self
            .schema
            .as_ref()
            .map(|schema| json!({"format": {"type": "json_schema", "schema": schema}}));
        put(&mut body, "output_config", format);
        Value::Object(body)
    }
}

fn next(at: &mut usize) -> String {
    *at += 1;
    format!("call_{at}")
}

fn openai_parts(pieces: &[Piece]) -> Value {
    let part = |piece: &Piece| match piece {
        Piece::Text(text) => json!({"type": "text", "text": text}),
        Piece::Image(data) => {
            let url = format!("data:image/png;base64,{data}");
            json!({"type": "image_url", "image_url": {"url": url}})
        }
        Piece::Pdf(data) => {
            let data = format!("data:application/pdf;base64,{data}");
            json!({"type": "file", "file": {"filename": "a.pdf", "file_data": data}})
        }
    };
    pieces.iter().map(part).collect()
}

fn anthropic_blocks(pieces: &[Piece]) -> Vec<Value> {
    let block = |piece: &Piece| match piece {
        Piece::Text(text) => json!({"type": "text", "text": text}),
        Piece::Image(data) => {
            let source = json!({"type": "base64", "media_type": "image/png", "data": data});
            json!({"type": "image", "source": source})
        }
        Piece::Pdf(data) => {
            let source = json!({"type": "base64", "media_type": "application/pdf", "data": data});
            json!({"type": "document", "title": "a.pdf", "source": source})
        }
    };
    pieces.iter().map(block).collect()
}

/// OpenAI's request in its normal form: contents as parts, arguments read, one name for each
/// field that has two, nothing that only repeats a default.
pub(super) fn normal_openai(mut body: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    for (other, name) in [("max_tokens", "max_completion_tokens"), ("safety_identifier", "user")] {
        if let Some(value) = fields.remove(other) {
            fields.insert(name.to_owned(), value);
        }
    }
    fields.remove("stream_options");
    let mut messages: Vec<Value> = Vec::new();
    for mut message in fields["messages"].as_array().cloned().unwrap() {
        parts_of(&mut message["content"]);
        for call in
            message.get_mut("tool_calls").into_iter().flat_map(|it| it.as_array_mut().unwrap())
        {
            let arguments = &mut call["function"]["arguments"];
            *arguments = serde_json::from_str(arguments.as_str().unwrap()).unwrap();
        }
        messages.push(message);
    }
    fields["messages"] = json!(messages);
    body
}

/// Anthropic's request in its normal form: every content as blocks.
pub(super) fn normal_anthropic(mut body: Value) -> Value {
    let fields = body.as_object_mut().unwrap();
    if let Some(system) = fields.get_mut("system") {
        parts_of(system);
    }
    for message in fields["messages"].as_array_mut().unwrap() {
        parts_of(&mut message["content"]);
    }
    body
}

fn parts_of(content: &mut Value) {
    if let Value::String(text) = content {
        *content = json!([{"type": "text", "text": text}]);
    }
}
