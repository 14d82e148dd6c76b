//! The suite that every store passes.

use crate::TempStore;

aios_testkit::store_conformance!(TempStore::new());

aios_testkit::account_conformance!(TempStore::new());

aios_testkit::work_conformance!(TempStore::new());
