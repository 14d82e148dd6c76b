//! Runs with the real embedded model: the release build of `aios`, from an objective to a harness-verified workspace.
