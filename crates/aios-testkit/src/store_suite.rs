//! What every implementation of the store ports must do: one function per case, run by `store_conformance!`.

#![expect(clippy::unwrap_used, reason = "these are tests, whichever crate runs them")]

mod events;
mod files;
mod leases;
mod lists;
mod ops;
mod projects;
mod runs;
mod samples;
mod scopes;
mod search;

use aios_core::{EventStore, ProjectStore, RunDirectory, RunOps, RunStore};

pub use events::{
    a_commit_is_all_or_nothing, a_commit_replaces_run_and_checkpoint,
    commits_at_once_do_not_disturb_each_other, events_come_back_in_order_and_in_pages,
    gaps_repeats_and_strangers_are_refused,
};
pub use files::files_are_gathered_from_all_batches;
pub use leases::{
    a_held_run_is_refused_until_its_time_is_over, a_lost_lease_can_do_nothing, a_released_run_is_free,
    a_renewed_lease_lasts_longer, an_evicted_holder_holds_nothing, only_one_of_many_claims_wins,
    the_lease_tells_where_the_history_ends,
};
pub use lists::{lists_are_filtered, lists_come_newest_first_and_in_pages};
pub use ops::{ops_are_taken_once_by_many_takers, ops_come_out_once_and_in_order};
pub use projects::projects_remember_and_are_listed_by_last_use;
pub use runs::{
    a_run_comes_back_as_stored, amounts_come_back_as_stored, an_unknown_run_is_not_found,
    the_same_run_cannot_be_stored_twice,
};
pub use samples::{at, frame, log, run, scope};
pub use scopes::{organisations_cannot_see_each_other, what_is_unfinished_is_found_in_all_organisations};
pub use search::{search_covers_texts_only, search_is_safe_from_its_text, search_wants_all_words};

/// All store ports in one, as the suite needs them.
pub trait Stores: RunStore + RunDirectory + EventStore + RunOps + ProjectStore {}

impl<S: RunStore + RunDirectory + EventStore + RunOps + ProjectStore> Stores for S {}

/// Makes one test of each case, on a new store; the expression gives something that derefs to it.
#[macro_export]
macro_rules! store_conformance {
    ($store:expr) => {
        $crate::store_conformance! { $store;
            a_run_comes_back_as_stored
            amounts_come_back_as_stored
            the_same_run_cannot_be_stored_twice
            an_unknown_run_is_not_found
            organisations_cannot_see_each_other
            what_is_unfinished_is_found_in_all_organisations
            lists_come_newest_first_and_in_pages
            lists_are_filtered
            search_wants_all_words
            search_covers_texts_only
            search_is_safe_from_its_text
            a_held_run_is_refused_until_its_time_is_over
            a_renewed_lease_lasts_longer
            a_released_run_is_free
            an_evicted_holder_holds_nothing
            a_lost_lease_can_do_nothing
            only_one_of_many_claims_wins
            the_lease_tells_where_the_history_ends
            a_commit_replaces_run_and_checkpoint
            a_commit_is_all_or_nothing
            files_are_gathered_from_all_batches
            gaps_repeats_and_strangers_are_refused
            events_come_back_in_order_and_in_pages
            commits_at_once_do_not_disturb_each_other
            ops_come_out_once_and_in_order
            ops_are_taken_once_by_many_takers
            projects_remember_and_are_listed_by_last_use
        }
    };
    ($store:expr; $($case:ident)*) => {
        mod store_conformance {
            use super::*;
            $(
                #[tokio::test]
                async fn $case() {
                    let store = $store;
                    $crate::store_suite::$case(&*store).await;
                }
            )*
        }
    };
}
