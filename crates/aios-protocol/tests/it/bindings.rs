//! The generated TypeScript is the one in the tree.
#![expect(clippy::disallowed_methods, reason = "compares and writes a file of the tree")]

use std::path::Path;

use aios_protocol::typescript::typescript;

#[test]
fn bindings_are_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/protocol.ts");
    let wanted = typescript();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = || {
        let mut pairs = found.lines().chain(["(end)"]).zip(wanted.lines().chain(["(end)"]));
        let (found, wanted) = pairs.find(|(found, wanted)| found != wanted).unwrap_or_default();
        format!("found:  {found}\nwanted: {wanted}\nRun `cargo xtask codegen` and commit {}.", path.display())
    };
    assert!(found == wanted, "{}", differs());
}
