//! The shape of JSON objects: which fields they have and what is in them; unknown ones are refused, as typing errors are.

use serde_json::Value;

/// A field that an object may or must have.
pub(crate) struct Field {
    name: &'static str,
    kind: Kind,
    required: bool,
}

/// What is in a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// Exactly this text.
    Word(&'static str),
    Bool,
    Integer,
    Number,
    List,
    Object,
    TextOrList,
    TextOrObject,
    /// A text, a list, or null.
    Content,
}

/// A field that must be there.
pub(crate) const fn must(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

/// A field that may be there.
pub(crate) const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

/// Adds a complaint for every field that is missing, unknown or of the wrong kind.
pub(crate) fn check(value: &Value, place: &str, fields: &[Field], wrong: &mut Vec<String>) {
    let Some(object) = value.as_object() else {
        wrong.push(format!("{place} is not an object"));
        return;
    };
    for (name, value) in object {
        match fields.iter().find(|field| field.name == name) {
            None => wrong.push(format!("{place} has the unknown field {name:?}")),
            Some(field) if !field.kind.fits(value) => {
                wrong.push(format!("{place}.{name} is {value}, not {}", field.kind.name()));
            }
            Some(_) => {}
        }
    }
    let missing = fields.iter().filter(|field| field.required && !object.contains_key(field.name));
    wrong.extend(missing.map(|field| format!("{place} lacks {:?}", field.name)));
}

/// Every text in a value, however deep.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| std::iter::once(name.as_str()).chain(texts(value)))
            .collect(),
        _ => Vec::new(),
    }
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Word(word) => value == word,
            Self::Bool => value.is_boolean(),
            Self::Integer => value.is_u64(),
            Self::Number => value.is_number(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
            Self::TextOrList => value.is_string() || value.is_array(),
            Self::TextOrObject => value.is_string() || value.is_object(),
            Self::Content => value.is_string() || value.is_array() || value.is_null(),
        }
    }

    fn name(self) -> String {
        match self {
            Self::Text => "a text".into(),
            Self::Word(word) => format!("{word:?}"),
            Self::Bool => "true or false".into(),
            Self::Integer => "a whole number of 0 or more".into(),
            Self::Number => "a number".into(),
            Self::List => "a list".into(),
            Self::Object => "an object".into(),
            Self::TextOrList => "a text or a list".into(),
            Self::TextOrObject => "a text or an object".into(),
            Self::Content => "a text, a list or null".into(),
        }
    }
}
