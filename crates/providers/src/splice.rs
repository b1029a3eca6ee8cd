//! Editing the fields of a JSON object in its text, so that all else stays byte for byte.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// Whether an object may have a field of that name, which needs no escape: a quick look, before
/// anything is parsed. A name that is written in escapes is not seen.
#[must_use]
pub fn may_have(json: &[u8], name: &str) -> bool {
    let quotes = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| json.get(before));
        before == Some(&b'"') && json.get(at + name.len()) == Some(&b'"')
    };
    memchr::memmem::find_iter(json, name).any(quotes)
}

/// A JSON object's text and where its fields are in it.
#[derive(Debug)]
pub struct Fields<'a> {
    text: &'a str,
    fields: Vec<Field<'a>>,
}

#[derive(Debug)]
struct Field<'a> {
    name: Cow<'a, str>,
    value: &'a str,
}

impl<'a> Fields<'a> {
    /// Finds the fields of the object that `text` is.
    ///
    /// # Errors
    /// It is no JSON object.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        let Pairs(fields) = serde_json::from_str(text)?;
        Ok(Self { text, fields })
    }

    /// The text of that field's value; of its last one, if the name comes more than once.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.fields.iter().rev().find(|field| field.name == name).map(|field| field.value)
    }

    /// The fields' names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_ref())
    }

    /// The object with `edits` made; `None` when they change nothing.
    #[must_use]
    pub fn edited(&self, edits: &[Edit<'_>]) -> Option<String> {
        let mut changes = Vec::new();
        for (index, field) in self.fields.iter().enumerate() {
            match edits.iter().find(|edit| edit.name == field.name) {
                Some(Edit { value: Some(value), .. }) if *value != field.value => {
                    let start = self.offset(field);
                    changes.push((start, start + field.value.len(), value.as_ref()));
                }
                Some(Edit { value: None, .. }) => changes.push(self.removal(index)),
                _ => {}
            }
        }
        let added: Vec<_> = edits
            .iter()
            .filter(|edit| !self.fields.iter().any(|field| field.name == edit.name))
            .filter_map(|edit| Some((&edit.name, edit.value.as_ref()?)))
            .collect();
        if changes.is_empty() && added.is_empty() {
            return None;
        }
        let mut text = String::with_capacity(self.text.len() + 64);
        let mut copied = 0;
        for (start, end, value) in changes {
            text.push_str(&self.text[copied..start]);
            text.push_str(value);
            copied = end;
        }
        let close = self.text.rfind('}').unwrap_or(self.text.len());
        text.push_str(&self.text[copied..close]);
        for (name, value) in added {
            push_separator(&mut text);
            text.push_str(&quoted(name));
            text.push(':');
            text.push_str(value);
        }
        text.push_str(&self.text[close..]);
        Some(tidy(text))
    }

    fn offset(&self, field: &Field<'_>) -> usize {
        field.value.as_ptr() as usize - self.text.as_ptr() as usize
    }

    fn end(&self, index: usize) -> usize {
        self.offset(&self.fields[index]) + self.fields[index].value.len()
    }

    /// What to cut for a field to be gone: from the end of the one before, so that its comma goes
    /// too; the first one leaves the comma behind it to [`tidy`].
    fn removal(&self, index: usize) -> (usize, usize, &'static str) {
        let start = match index.checked_sub(1) {
            Some(before) => self.end(before),
            None => self.text.find('{').map_or(0, |brace| brace + 1),
        };
        (start, self.end(index), "")
    }
}

/// Adds a comma unless the object is still empty.
fn push_separator(text: &mut String) {
    if !text.trim_end().ends_with(['{', ',']) {
        text.truncate(text.trim_end().len());
        text.push(',');
    }
}

/// Drops the comma that a removed first field left behind the opening brace.
fn tidy(mut text: String) -> String {
    let Some(brace) = text.find('{') else { return text };
    let inside = &text[brace + 1..];
    let blank = inside.len() - inside.trim_start().len();
    if inside.trim_start().starts_with(',') {
        text.replace_range(brace + 1..=brace + 1 + blank, "");
    }
    text
}

/// What becomes of one field.
#[derive(Clone, Debug)]
pub struct Edit<'a> {
    name: Cow<'a, str>,
    value: Option<Cow<'a, str>>,
}

impl<'a> Edit<'a> {
    /// The field's value becomes that JSON text; the field is added at the end if it is not there.
    pub fn set(name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), value: Some(value.into()) }
    }

    /// The field goes.
    pub fn remove(name: impl Into<Cow<'a, str>>) -> Self {
        Self { name: name.into(), value: None }
    }

    /// What the field is set to.
    pub(crate) fn value(&self) -> Option<Cow<'a, str>> {
        self.value.clone()
    }

    /// Whether the edit is of that field.
    pub(crate) fn is_of(&self, name: &str) -> bool {
        self.name == name
    }
}

/// The edits of one object, at most one for a field: a later one replaces an earlier one.
#[derive(Debug, Default)]
pub(crate) struct Edits<'a>(Vec<Edit<'a>>);

impl<'a> Edits<'a> {
    /// The field becomes that JSON text.
    pub(crate) fn set(&mut self, name: &'a str, value: impl Into<Cow<'a, str>>) {
        self.put(Edit::set(name, value));
    }

    /// The field goes.
    pub(crate) fn remove(&mut self, name: &'a str) {
        self.put(Edit::remove(name));
    }

    /// What an edit sets that field to.
    pub(crate) fn value_of(&self, name: &str) -> Option<Cow<'a, str>> {
        self.of(name).and_then(Edit::value)
    }

    /// What that field will be; `None` for one that is not there, or null.
    pub(crate) fn outcome(&self, fields: &Fields<'a>, name: &str) -> Option<Cow<'a, str>> {
        let value = match self.of(name) {
            Some(edit) => edit.value(),
            None => fields.get(name).map(Cow::Borrowed),
        };
        value.filter(|value| value != "null")
    }

    /// The object with the edits made; `None` when they change nothing.
    pub(crate) fn made(&self, fields: &Fields<'_>) -> Option<String> {
        fields.edited(&self.0)
    }

    fn of(&self, name: &str) -> Option<&Edit<'a>> {
        self.0.iter().find(|edit| edit.is_of(name))
    }

    fn put(&mut self, edit: Edit<'a>) {
        self.0.retain(|earlier| earlier.name != edit.name);
        self.0.push(edit);
    }
}

/// Whether a JSON text is that string.
pub(crate) fn names(json: Option<&str>, name: &str) -> bool {
    json.is_some_and(|json| serde_json::from_str::<Value>(json).is_ok_and(|value| value == name))
}

/// The list in a JSON text with `item` at its end; `None` when the text is no list.
pub(crate) fn appended(list: &str, item: &str) -> Option<String> {
    let items: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    let (head, tail) = match items.last() {
        // Behind the last item, so that the space before the bracket stays where it was.
        Some(last) => {
            let start = last.get().as_ptr() as usize - list.as_ptr() as usize;
            list.split_at(start + last.get().len())
        }
        None => list.split_at(list.find('[')? + 1),
    };
    let comma = if items.is_empty() { "" } else { "," };
    Some([head, comma, item, tail].concat())
}

/// The JSON list with what `edit` makes of its items, all else byte for byte; `None` where it makes
/// nothing of any, or the text is no list.
pub(crate) fn edited_items(list: &str, edit: impl Fn(&str) -> Option<String>) -> Option<String> {
    let items: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    let mut text = String::with_capacity(list.len() + 32);
    let mut copied = 0;
    for item in items {
        let Some(edited) = edit(item.get()) else { continue };
        let start = item.get().as_ptr() as usize - list.as_ptr() as usize;
        text.push_str(&list[copied..start]);
        text.push_str(&edited);
        copied = start + item.get().len();
    }
    if copied == 0 {
        return None;
    }
    text.push_str(&list[copied..]);
    Some(text)
}

/// `text` as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

struct Pairs<'a>(Vec<Field<'a>>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor).map(Self)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Vec<Field<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        let mut fields = Vec::with_capacity(8);
        while let Some((Name(name), value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
            fields.push(Field { name, value: value.get() });
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;

    fn edited(text: &str, edits: &[Edit<'_>]) -> Option<String> {
        Fields::parse(text).unwrap().edited(edits)
    }

    #[test]
    fn only_the_named_fields_change() {
        let text = r#"{ "model" : "a" , "big":12345678901234567890123, "t": 1.50 }"#;

        assert_eq!(
            edited(text, &[Edit::set("model", r#""b""#), Edit::remove("t"), Edit::set("n", "1")])
                .unwrap(),
            r#"{ "model" : "b" , "big":12345678901234567890123,"n":1}"#,
        );
        assert_eq!(edited(text, &[Edit::set("model", r#""a""#), Edit::remove("x")]), None);
    }

    #[test]
    fn a_name_in_escapes_or_twice_is_still_the_name() {
        let text = r#"{"mod\u0065l":1,"x":2,"model":3}"#;

        assert_eq!(Fields::parse(text).unwrap().get("model"), Some("3"));
        assert_eq!(
            edited(text, &[Edit::set("model", "9")]).unwrap(),
            r#"{"mod\u0065l":9,"x":2,"model":9}"#
        );
        assert_eq!(edited(text, &[Edit::remove("model")]).unwrap(), r#"{"x":2}"#);
    }

    #[test]
    fn an_item_goes_to_the_end_of_a_list_and_nothing_else_moves() {
        let cases = [
            ("[]", Some("[9]")),
            ("[ ]", Some("[9 ]")),
            ("[1 , \"]\"\n]", Some("[1 , \"]\",9\n]")),
            ("{}", None),
            ("", None),
        ];
        for (list, expected) in cases {
            assert_eq!(appended(list, "9").as_deref(), expected, "{list}");
        }
    }

    #[test]
    fn a_quick_look_tells_where_a_field_cannot_be() {
        let cases = [
            (r#"{"a":1,"seek":2}"#, true),
            (r#"["seek"]"#, true),
            (r#"{"seeks":1,"unseek":2}"#, false),
            ("seek", false),
            (r#""seek"#, false),
            ("", false),
        ];
        for (text, expected) in cases {
            assert_eq!(may_have(text.as_bytes(), "seek"), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for text in ["[]", "1", "{", "{}x", ""] {
            assert!(Fields::parse(text).is_err(), "{text}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(json!(null)),
            any::<i64>().prop_map(Value::from),
            "[ -~é]{0,6}".prop_map(Value::from),
            Just(json!({"a": [1, {"}": ","}]})),
            Just(json!([])),
        ]
    }

    proptest! {
        #[test]
        fn an_edited_object_reads_as_the_object_with_the_edits(
            fields in proptest::collection::vec(("[a-f\"\\\\,{}é]{0,2}", value()), 0..8),
            edits in proptest::collection::btree_map("[a-f\"\\\\,{}é]{0,2}", proptest::option::of(value()), 0..5),
            blank in prop_oneof![Just(""), Just(" "), Just("\n\t ")],
        ) {
            let body: Vec<_> = fields
                .iter()
                .map(|(name, value)| format!("{blank}{}{blank}:{blank}{value}{blank}", quoted(name)))
                .collect();
            let text = format!("{blank}{{{}{blank}}}{blank}", body.join(","));
            let list: Vec<_> = edits
                .iter()
                .map(|(name, value)| match value {
                    Some(value) => Edit::set(name.as_str(), value.to_string()),
                    None => Edit::remove(name.as_str()),
                })
                .collect();

            let after = edited(&text, &list);

            let mut expected: Map<String, Value> = fields.into_iter().collect();
            let before = expected.clone();
            for (name, value) in edits {
                match value {
                    Some(value) => expected.insert(name, value),
                    None => expected.remove(&name),
                };
            }
            prop_assert!(after.is_some() || before == expected);
            let read: Map<String, Value> = serde_json::from_str(after.as_deref().unwrap_or(&text)).unwrap();
            prop_assert_eq!(read, expected);
        }
    }
}
