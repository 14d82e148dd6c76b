//! The toolbox, with interpreters that misbehave. Installing for real needs a package index, so it is not done here.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use aios_workspace::toolbox::{ToolboxError, ensure_pytest};

use crate::Place;

/// A Python that answers as told.
fn python(place: &Place, script: &str) -> PathBuf {
    let path = place.root().join("python3");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    path
}

#[tokio::test]
async fn a_python_with_pytest_is_taken_and_remembered() {
    let place = Place::new();
    place.put("tree/pytest/__init__.py", "");
    let tree = place.root().join("tree");
    let asked = place.root().join("asked");
    let python = python(
        &place,
        &format!(
            r#"echo asked >> {asked}; echo '{{"executable":"{python}","prefix":"{tree}","base_prefix":"{tree}","pytest":"{tree}/pytest/__init__.py"}}'"#,
            asked = asked.display(),
            python = place.root().join("python3").display(),
            tree = tree.display()
        ),
    );
    let toolbox = place.root().join("toolbox");
    let found = ensure_pytest(&python, &toolbox, |_| panic!("nothing takes long")).await.unwrap();
    assert_eq!((found.python.clone(), found.bin.clone()), (python.clone(), place.root()));
    assert_eq!(found.read_only, [tree]);
    let (one, two) =
        tokio::join!(ensure_pytest(&python, &toolbox, |_| {}), ensure_pytest(&python, &toolbox, |_| {}));
    assert_eq!((&one.unwrap(), &two.unwrap()), (&found, &found));
    assert_eq!(place.text("asked"), "asked\n");
}

#[tokio::test]
async fn failures_name_the_remedy() {
    let place = Place::new();
    let answer = |venv: &str| {
        let python = place.root().join("python3");
        format!(
            r#"case "$2" in
            -c) echo '{{"executable":"{0}","prefix":"/usr","base_prefix":"/usr","pytest":null}}';;
            *) {venv};;
            esac"#,
            python.display()
        )
    };
    let fake_pip = r#"eval venv=\$$#; mkdir -p $venv/bin; printf '#!/bin/sh\necho no route to host >&2; exit 1' > $venv/bin/python3; chmod +x $venv/bin/python3"#;
    for (script, expect) in [
        ("echo 'AssertionError: it is Python 3.6' >&2; exit 1".to_owned(), "install Python 3.9 or newer"),
        ("echo nonsense".to_owned(), "install Python 3.9 or newer"),
        (answer("echo No module named ensurepip >&2; exit 1"), "python3-venv"),
        (answer(fake_pip), "check the network"),
    ] {
        let toolbox = place.root().join("toolbox");
        let error = ensure_pytest(&python(&place, &script), &toolbox, |_| {}).await.unwrap_err();
        assert!(error.to_string().contains(expect), "{error}");
        assert!(!toolbox.join("toolbox.json").exists());
    }
    let missing = ensure_pytest(&place.root().join("none"), &place.root().join("toolbox"), |_| {}).await;
    assert!(matches!(missing, Err(ToolboxError::Python { .. })));
}
