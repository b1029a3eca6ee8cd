//! JSON as a tree of borrowed parts, for reading what a caller sent; and numbers that providers
//! write in several ways.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The most values that one body may hold: a tree takes many times the bytes of `[0,0,0,…]`.
pub(crate) const MAX_VALUES: usize = 1_000_000;

/// A JSON value. Texts are borrowed from the body unless they hold escapes.
#[derive(Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// Any other number.
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Why a body is not read.
#[derive(Debug)]
pub(crate) enum JsonError {
    /// It is not JSON, or too deep.
    Malformed(serde_json::Error),
    /// It holds more than [`MAX_VALUES`] values.
    TooMany,
}

impl<'a> Json<'a> {
    /// The tree of a body.
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, JsonError> {
        let left = Cell::new(MAX_VALUES);
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let value = Tree { left: &left }.deserialize(&mut deserializer);
        let value = value.and_then(|value| deserializer.end().map(|()| value));
        value.map_err(|error| match error.classify() {
            serde_json::error::Category::Data if left.get() == 0 => JsonError::TooMany,
            _ => JsonError::Malformed(error),
        })
    }

    /// The field of that name that is not null; the last one, if it comes more than once.
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        let Self::Object(fields) = self else { return None };
        let (_, value) = fields.iter().rev().find(|(field, _)| field == name)?;
        (*value != Self::Null).then_some(value)
    }

    /// The text that it is.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number that it is.
    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// Bytes of all texts and names in it.
    pub(crate) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(items) => items.iter().map(Self::text_bytes).sum(),
            Self::Object(fields) => {
                fields.iter().map(|(name, value)| name.len() + value.text_bytes()).sum()
            }
            _ => 0,
        }
    }
}

/// Builds a tree of no more values than are `left`.
#[derive(Clone, Copy)]
struct Tree<'c> {
    left: &'c Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom("too many"))?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Json::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Json::Float(value as f64), Json::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Json::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        let mut fields = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            fields.push((name, map.next_value_seed(self)?));
        }
        Ok(Json::Object(fields))
    }
}

/// A provider's number of tokens, however it is written; `None` for what is no number.
pub(crate) fn count<'de, D: Deserializer<'de>>(tokens: D) -> Result<Option<i64>, D::Error> {
    let tokens = serde_json::Value::deserialize(tokens)?;
    // The cast cuts counts beyond belief to the bounds.
    Ok(tokens.as_i64().or_else(|| tokens.as_f64().map(|tokens| tokens as i64)))
}
