//! Money, in whole millionths of a US dollar, so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use aios_protocol::{ModelPrice, TokenUsage};

/// What an unlisted model is taken to cost, in US dollars for a million tokens: the dear end of the catalogue, so that
/// a limit errs to the safe side.
const UNKNOWN_PRICE: ModelPrice = ModelPrice { input: 15.0, cached: 15.0, output: 75.0 };

/// An amount of money in millionths of a US dollar. Arithmetic saturates.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct MicroUsd(pub u64);

impl MicroUsd {
    /// From dollars; negative and not-a-number become zero.
    pub fn from_usd(usd: f64) -> Self {
        // `as` saturates, and maps NaN to zero.
        Self((usd * 1e6).round() as u64)
    }

    /// In dollars, for people and the wire.
    pub fn as_usd(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The price of a call, rounded up so that spend is never understated.
    pub fn of_call(price: &ModelPrice, usage: &TokenUsage) -> Self {
        let cached = usage.cached.min(usage.input);
        let fresh = usage.input - cached;
        // Dollars for a million tokens equal millionths of a dollar for one.
        let micros =
            fresh as f64 * price.input + cached as f64 * price.cached + usage.output as f64 * price.output;
        Self(micros.ceil() as u64)
    }

    /// The same at the listed price, or at the dear end when none is known.
    pub fn of_call_at(price: Option<&ModelPrice>, usage: &TokenUsage) -> Self {
        Self::of_call(price.unwrap_or(&UNKNOWN_PRICE), usage)
    }
}

impl Add for MicroUsd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for MicroUsd {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for MicroUsd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for MicroUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${:.4}", self.as_usd())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_costs_what_the_price_list_says() {
        let price = ModelPrice { input: 2.5, cached: 0.25, output: 10.0 };
        let check = |input, cached, output, micros| {
            assert_eq!(MicroUsd::of_call(&price, &TokenUsage { input, cached, output }), MicroUsd(micros));
        };
        check(1_000_000, 0, 0, 2_500_000);
        check(1_000_000, 1_000_000, 0, 250_000);
        check(0, 0, 100, 1_000);
        check(1, 0, 0, 3); // 2.5, rounded up
        check(0, 50, 0, 0); // more cached than sent: counted as sent
    }

    #[test]
    fn an_unknown_price_is_taken_as_dear() {
        let usage = TokenUsage { input: 1_000_000, cached: 0, output: 0 };
        assert_eq!(MicroUsd::of_call_at(None, &usage), MicroUsd(15_000_000));
        assert_eq!(MicroUsd::of_call_at(Some(&ModelPrice::default()), &usage), MicroUsd(0));
    }

    #[test]
    fn nonsense_amounts_become_zero() {
        assert_eq!(MicroUsd::from_usd(f64::NAN), MicroUsd(0));
        assert_eq!(MicroUsd::from_usd(-1.0), MicroUsd(0));
        assert_eq!(MicroUsd::from_usd(0.1), MicroUsd(100_000));
    }
}
