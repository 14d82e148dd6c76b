//! The suite that every store passes.

use crate::TempStore;

aios_testkit::store_conformance!(TempStore::new());
