//! The plans as data, and the month that they are counted by.

use aios_core::Organisation;
use aios_protocol::{Plan, Timestamp};

/// What a plan costs and allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// `free`, `pro` or `enterprise`.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Its price in a month; nothing where it is agreed upon.
    pub price_usd_month: Option<f64>,
    /// What runs may cost in a month; nothing for no limit.
    pub budget_usd_month: Option<f64>,
    /// Runs at work at the same time.
    pub concurrent_runs: u32,
    /// People, invitations included; nothing for no limit.
    pub members: Option<u32>,
    features: &'static [&'static str],
}

const FREE: Terms = Terms {
    id: "free",
    name: "Free",
    price_usd_month: Some(0.0),
    budget_usd_month: Some(25.0),
    concurrent_runs: 2,
    members: Some(3),
    features: &["Your own model keys or the embedded model", "3 free runs for each new user"],
};

/// The plans, smallest first.
pub const PLANS: [Terms; 3] = [
    FREE,
    Terms {
        id: "pro",
        name: "Pro",
        price_usd_month: Some(29.0),
        budget_usd_month: Some(500.0),
        concurrent_runs: 10,
        members: Some(25),
        features: &["Everything in Free", "Larger teams and budgets", "More runs at the same time"],
    },
    Terms {
        id: "enterprise",
        name: "Enterprise",
        price_usd_month: None,
        budget_usd_month: None,
        concurrent_runs: 50,
        members: None,
        features: &["Everything in Pro", "No limit on people and budget"],
    },
];

impl Terms {
    /// As clients see it.
    pub fn plan(&self) -> Plan {
        Plan {
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            price_usd_month: self.price_usd_month,
            budget_usd_month: self.budget_usd_month,
            concurrent_runs: self.concurrent_runs,
            members: self.members,
            features: self.features.iter().map(|&feature| feature.to_owned()).collect(),
        }
    }
}

/// The terms that an organisation has at this moment: those that it pays for, or the free ones. While a payment is being
/// retried it keeps what it has.
pub fn terms_of(organisation: &Organisation) -> &'static Terms {
    let paid = organisation.paid.as_ref();
    let paid = paid.filter(|paid| matches!(paid.status.as_str(), "active" | "trialing" | "past_due"));
    let known = paid.and_then(|paid| PLANS.iter().find(|terms| terms.id == paid.plan));
    known.unwrap_or(&PLANS[0])
}

/// The calendar month (UTC) that a moment lies in: its first moment, and the first of the next.
pub fn month_of(now: Timestamp) -> (Timestamp, Timestamp) {
    let utc = jiff::tz::Offset::UTC;
    let moment = jiff::Timestamp::from_microsecond(now.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let today = utc.to_datetime(moment).date();
    // Only the last month of the year 9999 has no next one.
    let next = today.last_of_month().tomorrow().unwrap_or(jiff::civil::Date::MAX);
    let begin_of = |day: jiff::civil::Date| {
        let begin = utc.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(jiff::Timestamp::MAX);
        Timestamp::from_micros(begin.as_microsecond())
    };
    (begin_of(today.first_of_month()), begin_of(next))
}

#[cfg(test)]
mod tests {
    use aios_core::PaidPlan;

    use super::*;

    #[test]
    fn months_begin_and_end_where_the_calendar_says() {
        let check = |now: i64, begin: &str, end: &str| {
            let (first, next) = month_of(Timestamp::from_micros(now * 1_000_000));
            assert_eq!((first.to_string().as_str(), next.to_string().as_str()), (begin, end), "{now}");
        };
        check(0, "1970-01-01T00:00:00Z", "1970-02-01T00:00:00Z");
        check(-1, "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z");
        check(1_709_164_800, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
        check(1_767_225_599, "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z");
        check(1_767_225_600, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
        check(951_782_400, "2000-02-01T00:00:00Z", "2000-03-01T00:00:00Z");
    }

    #[test]
    fn an_organisation_has_what_it_pays_for() {
        let check = |plan: &str, status: &str, expect: &str| {
            let paid = PaidPlan {
                plan: plan.into(),
                status: status.into(),
                customer: "cus_1".into(),
                current_period_end: None,
                told_at: Timestamp::from_micros(0),
            };
            let organisation = Organisation { name: "acme".into(), paid: Some(paid) };
            assert_eq!(terms_of(&organisation).id, expect, "{plan} {status}");
        };
        check("pro", "active", "pro");
        check("pro", "past_due", "pro");
        check("pro", "canceled", "free");
        check("enterprise", "trialing", "enterprise");
        check("platinum", "active", "free");
        assert_eq!(terms_of(&Organisation { name: "acme".into(), paid: None }).id, "free");
    }
}
