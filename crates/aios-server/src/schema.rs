//! What the types of a command say about themselves, as JSON schemas.

use std::collections::BTreeMap;

use aios_protocol::Route;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The schemas that others refer to, by name.
#[derive(Debug, Default)]
pub(crate) struct Components(BTreeMap<String, Value>);

/// A field of a request, outside of the path.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) schema: Value,
    pub(crate) required: bool,
    kind: Kind,
}

/// What the text of a query becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    List,
}

impl Components {
    /// The schema of a type, written out; what it refers to becomes part of the components.
    pub(crate) fn describe<T: ToSchema>(&mut self) -> Value {
        let mut reached = Vec::new();
        T::schemas(&mut reached);
        for (name, schema) in reached {
            self.0.entry(name).or_insert_with(|| exact(json!(schema)));
        }
        exact(json!(T::schema()))
    }

    /// Refers to the schema of a type.
    pub(crate) fn refer<T: ToSchema>(&mut self) -> Value {
        let (name, schema) = (T::name().into_owned(), self.describe::<T>());
        self.0.entry(name.clone()).or_insert(schema);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// The fields of a request type that a route does not take from its path.
    pub(crate) fn fields<T: ToSchema>(&mut self, route: &Route) -> Vec<Field> {
        let schema = self.describe::<T>();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let given = |name: &str| {
            route.parameters().any(|parameter| parameter == name)
                || route.fixed.is_some_and(|(field, _)| field == name)
        };
        let fields = schema["properties"].as_object().into_iter().flatten().filter(|(name, _)| !given(name));
        fields
            .map(|(name, schema)| Field {
                name: name.clone(),
                schema: schema.clone(),
                required: required.contains(&name.as_str()),
                kind: self.kind(schema),
            })
            .collect()
    }

    /// The schema of a path's parameter.
    pub(crate) fn parameter<T: ToSchema>(&mut self, name: &str) -> Value {
        self.describe::<T>()["properties"][name].clone()
    }

    fn kind(&self, schema: &Value) -> Kind {
        let reference = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        if let Some(schema) = reference.and_then(|name| self.0.get(name)) {
            return self.kind(schema);
        }
        let is = |name: &str| match &schema["type"] {
            Value::Array(types) => types.iter().any(|known| known == name),
            known => known == name,
        };
        match () {
            () if is("integer") || is("number") => Kind::Number,
            () if is("boolean") => Kind::Flag,
            () if is("array") => Kind::List,
            () => Kind::Text,
        }
    }

    pub(crate) fn into_value(mut self) -> Value {
        self.open_parts();
        self.0.into_iter().collect::<Map<_, _>>().into()
    }
}

impl Components {
    /// What is one part of a larger schema must allow the fields of the other parts.
    fn open_parts(&mut self) {
        let parts: Vec<String> = self
            .0
            .values()
            .filter_map(|schema| schema["allOf"].as_array())
            .flatten()
            .filter_map(|part| part["$ref"].as_str()?.rsplit('/').next().map(str::to_owned))
            .collect();
        for part in parts {
            if let Some(Value::Object(schema)) = self.0.get_mut(&part) {
                schema.remove("additionalProperties");
            }
        }
    }
}

impl Field {
    /// Puts the text of a query into a request, as what the field wants. Text that is none of it stays text, and is refused
    /// where the request is read.
    pub(crate) fn put(&self, text: &str, request: &mut Map<String, Value>) {
        let text_itself = || Value::from(text);
        let value = match self.kind {
            Kind::Text | Kind::List => text_itself(),
            Kind::Number => text.parse::<serde_json::Number>().map_or_else(|_| text_itself(), Value::Number),
            Kind::Flag => text.parse::<bool>().map_or_else(|_| text_itself(), Value::Bool),
        };
        match (self.kind, request.get_mut(&self.name)) {
            (Kind::List, Some(Value::Array(list))) => list.push(value),
            (Kind::List, _) => _ = request.insert(self.name.clone(), Value::Array(vec![value])),
            (_, _) => _ = request.insert(self.name.clone(), value),
        }
    }
}

/// Numbers without a sign have twice the room that their format says.
fn exact(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(fields) => {
            let is_unsigned = fields.get("minimum").and_then(Value::as_f64) == Some(0.0);
            let most = match fields.get("format").and_then(Value::as_str) {
                Some("int32") if is_unsigned => Some(u64::from(u32::MAX)),
                Some("int64") if is_unsigned => Some(u64::MAX),
                _ => None,
            };
            if let Some(most) = most {
                fields.remove("format");
                fields.insert("maximum".to_owned(), most.into());
            }
            fields.values_mut().for_each(|part| *part = exact(part.take()));
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| *part = exact(part.take())),
        _ => {}
    }
    schema
}

/// An object's schema from its fields.
pub(crate) fn object(fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.clone(), field.schema.clone())).collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
