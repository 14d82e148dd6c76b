//! `UsageStore`: sums over stored runs, and over calls beside them.

use std::collections::BTreeMap;

use aios_core::{MicroUsd, ModelSpeed, Scope, StoreError, UsageStore, Used};
use aios_protocol::{Timestamp, TokenUsage};
use async_trait::async_trait;
use rusqlite::Connection;

use super::columns::{all, column};
use super::failure::Failure;
use super::{SqliteStore, bounded, decode};

/// Completed runs that tell how fast models are.
const LATEST: i64 = 500;
const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

#[async_trait]
impl UsageStore for SqliteStore {
    async fn add_call(
        &self,
        scope: &Scope,
        at: Timestamp,
        tokens: TokenUsage,
        cost: MicroUsd,
    ) -> Result<(), StoreError> {
        let scope = scope.clone();
        self.writer
            .run("count a model call", move |connection| {
                let numbers = [tokens.input, tokens.cached, tokens.output, cost.0].map(bounded);
                let [input, cached, output, cost] = numbers;
                connection
                    .prepare_cached(
                        "INSERT INTO calls (org_id, day, input, cached, output, cost) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                         ON CONFLICT DO UPDATE SET input = input + ?3, cached = cached + ?4, output = output + ?5,
                                                   cost = cost + ?6",
                    )?
                    .execute((scope.org.as_str(), day(at), input, cached, output, cost))?;
                Ok(())
            })
            .await
    }

    async fn used_since(&self, scope: &Scope, since: Timestamp) -> Result<Used, StoreError> {
        let scope = scope.clone();
        self.readers.run("sum what runs used", move |connection| used_since(connection, &scope, since)).await
    }

    async fn model_speeds(&self, scope: &Scope) -> Result<Vec<ModelSpeed>, StoreError> {
        let scope = scope.clone();
        self.readers.run("sum how fast models were", move |connection| model_speeds(connection, &scope)).await
    }
}

fn used_since(connection: &Connection, scope: &Scope, since: Timestamp) -> Result<Used, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT run_id, detail -> '$.created_at', detail -> '$.usage', coalesce(detail ->> '$.cost_usd', 0.0)
         FROM runs WHERE org_id = ?1 ORDER BY run_id DESC",
    )?;
    let mut rows = statement.query([scope.org.as_str()])?;
    let mut used = calls_since(connection, scope, since)?;
    while let Some(row) = rows.next()? {
        let (run_id, created_at, usage, cost): (String, String, Option<String>, f64) = row.try_into()?;
        // Ids sort by age, so everything after this one is older still.
        if decode::<Timestamp>("run", &run_id, &created_at)? < since {
            break;
        }
        used.runs += 1;
        if let Some(usage) = usage {
            used.tokens += decode::<TokenUsage>("run", &run_id, &usage)?;
        }
        used.cost += MicroUsd::from_usd(cost);
    }
    Ok(used)
}

fn calls_since(connection: &Connection, scope: &Scope, since: Timestamp) -> Result<Used, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(input), 0), coalesce(sum(cached), 0), coalesce(sum(output), 0), coalesce(sum(cost), 0)
         FROM calls WHERE org_id = ?1 AND day >= ?2",
    )?;
    let sums: (i64, i64, i64, i64) =
        statement.query_row((scope.org.as_str(), day(since)), |row| row.try_into())?;
    let (input, cached, output) = (sums.0.unsigned_abs(), sums.1.unsigned_abs(), sums.2.unsigned_abs());
    Ok(Used { runs: 0, tokens: TokenUsage { input, cached, output }, cost: MicroUsd(sums.3.unsigned_abs()) })
}

/// Days since 1970.
fn day(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(DAY_MICROS)
}

fn model_speeds(connection: &Connection, scope: &Scope) -> Result<Vec<ModelSpeed>, Failure> {
    let sql = "SELECT run_id, detail ->> '$.model' AS model, detail -> '$.started_at' AS began,
               detail -> '$.ended_at' AS ended, coalesce(detail ->> '$.usage.output', 0) AS output
               FROM runs WHERE org_id = ?1 AND status = 'completed' ORDER BY run_id DESC LIMIT ?2";
    let runs = all(connection, sql, (scope.org.as_str(), LATEST), |row| {
        let run_id: String = column(row, "run_id")?;
        let moment = |name: &str| -> Result<Option<Timestamp>, Failure> {
            let text: Option<String> = column(row, name)?;
            Ok(decode("run", &run_id, text.as_deref().unwrap_or("null"))?)
        };
        let seconds = moment("ended")?.zip(moment("began")?).map(|(ended, began)| ended.since(began));
        let (model, output): (String, f64) = (column(row, "model")?, column::<i64>(row, "output")? as f64);
        Ok((model, output, seconds.unwrap_or_default().as_secs_f64()))
    })?;
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for (model, output, seconds) in runs {
        let sum = sums.entry(model).or_default();
        *sum = (sum.0 + output, sum.1 + seconds);
    }
    let measured = sums.into_iter().filter(|(_, (_, seconds))| *seconds > 0.0);
    Ok(measured
        .map(|(model, (output, seconds))| ModelSpeed { model, tokens_per_second: output / seconds })
        .collect())
}
