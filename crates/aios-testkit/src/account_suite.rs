//! What every implementation of the account ports must do: one function per case, run by `account_conformance!`.

#![expect(clippy::unwrap_used, reason = "these are tests, whichever crate runs them")]

mod model_keys;
mod people;
mod samples;
mod scopes;
mod tickets;
mod usage;

use aios_core::{
    AccountStore, CredentialStore, Directory, FreeRuns, KeyStore, RunStore, TicketStore, UsageStore,
    VaultStore,
};

pub use model_keys::{
    free_runs_are_never_more_than_allowed, one_credential_is_the_default, the_vault_is_tried_in_order,
};
pub use people::{
    an_organisation_is_created_whole_or_not_at_all, keys_are_found_listed_and_ended,
    the_last_owner_stays_however_many_try, what_was_paid_is_not_replaced_by_older_news,
};
pub use scopes::organisations_know_nothing_of_each_other;
pub use tickets::{an_invitation_serves_once, resets_serve_once_and_end_all_keys};
pub use usage::{
    calls_beside_runs_are_added, models_are_as_fast_as_their_runs, usage_counts_runs_since_a_moment,
};

/// All account ports in one, as the suite needs them; and the runs, which usage is read from.
pub trait AccountStores:
    Directory
    + AccountStore
    + KeyStore
    + TicketStore
    + CredentialStore
    + VaultStore
    + FreeRuns
    + UsageStore
    + RunStore
{
}

impl<S> AccountStores for S where
    S: Directory
        + AccountStore
        + KeyStore
        + TicketStore
        + CredentialStore
        + VaultStore
        + FreeRuns
        + UsageStore
        + RunStore
{
}

/// Makes one test of each case, on a new store; the expression gives something that derefs to it.
#[macro_export]
macro_rules! account_conformance {
    ($store:expr) => {
        $crate::account_conformance! { $store;
            an_organisation_is_created_whole_or_not_at_all
            keys_are_found_listed_and_ended
            the_last_owner_stays_however_many_try
            what_was_paid_is_not_replaced_by_older_news
            an_invitation_serves_once
            resets_serve_once_and_end_all_keys
            one_credential_is_the_default
            the_vault_is_tried_in_order
            free_runs_are_never_more_than_allowed
            usage_counts_runs_since_a_moment
            calls_beside_runs_are_added
            models_are_as_fast_as_their_runs
            organisations_know_nothing_of_each_other
        }
    };
    ($store:expr; $($case:ident)*) => {
        mod account_conformance {
            use super::*;
            $(
                #[tokio::test]
                async fn $case() {
                    let store = $store;
                    $crate::account_suite::$case(&*store).await;
                }
            )*
        }
    };
}
