//! The one timestamp format of the wire: RFC 3339 in UTC with microseconds.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment in time; fields that hold one are named `*_at`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
#[schema(value_type = String, format = "date-time")]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// From microseconds since 1970 UTC, as the store keeps them; out of range becomes the nearest end.
    pub fn from_micros(micros: i64) -> Self {
        let end = if micros < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        Self(jiff::Timestamp::from_microsecond(micros).unwrap_or(end))
    }

    /// Microseconds since 1970 UTC.
    pub fn as_micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// How long after `earlier` this is; zero when the clock went backwards.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.as_micros().saturating_sub(earlier.as_micros()).max(0).unsigned_abs())
    }

    /// This moment plus a duration.
    pub fn plus(self, duration: Duration) -> Self {
        let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
        Self::from_micros(self.as_micros().saturating_add(micros))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<std::time::SystemTime> for Timestamp {
    fn from(time: std::time::SystemTime) -> Self {
        let micros = match time.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_micros()).unwrap_or(i64::MAX),
        };
        Self::from_micros(micros)
    }
}
