//! A folder as its user sees it in an editor.

use aios_protocol::{
    Encoding, EntryKind, FileKind, FileStored, LineEnding, NewEntry, ReplaceIn, SearchFor, TextFound,
};
use aios_workspace::{FileList, FolderError, replace, search};
use tokio_util::sync::CancellationToken;

use crate::{Place, at, link};

const UTF8: (Encoding, LineEnding) = (Encoding::Utf8, LineEnding::Lf);

#[test]
fn files_are_opened_and_saved_as_they_were() {
    let place = Place::new();
    place.put(".editorconfig", "root = true\n[*.py]\nindent_style = space\nindent_size = 2\n");
    place.put("main.py", "a\r\nb\r\n");
    place.put(".env", "KEY=1\n");
    let folder = place.folder();
    let opened = folder.open_file(&at("main.py"), None).unwrap();
    assert_eq!((opened.kind, opened.text.as_deref()), (FileKind::Text, Some("a\nb\n")));
    assert_eq!((opened.line_ending, opened.editor_config.indent_size), (LineEnding::Crlf, Some(2)));
    let version = opened.version.as_deref();
    let save = |text: &str, base: Option<&str>| {
        folder.save_file(&at("main.py"), text, (opened.encoding, opened.line_ending), base).unwrap()
    };
    let FileStored::Saved { version: second, bytes } = save("a\nb\nc\n", version) else { panic!("refused") };
    assert_eq!((place.text("main.py").as_str(), bytes), ("a\r\nb\r\nc\r\n", 9));
    assert_eq!(save("mine", version), FileStored::Conflict { version: Some(second.clone()) });
    assert_eq!(save("mine", None), FileStored::Conflict { version: Some(second.clone()) });
    std::fs::remove_file(place.root().join("main.py")).unwrap();
    assert_eq!(save("mine", Some(&second)), FileStored::Conflict { version: None });
    assert!(matches!(save("new", None), FileStored::Saved { .. }));
    // The user's own secrets are the user's to edit.
    assert_eq!(folder.open_file(&at(".env"), None).unwrap().text.unwrap(), "KEY=1\n");
    let error =
        folder.save_file(&at("x.txt"), "漢", (Encoding::Windows1252, LineEnding::Lf), None).unwrap_err();
    assert!(matches!(error, FolderError::Unencodable { .. }), "{error}");
    assert!(!place.root().join("x.txt").exists());
}

#[test]
fn what_is_no_text_is_told_apart() {
    let place = Place::new();
    place.put("a.bin", "\u{7f}ELF\0\0");
    place.put("a.png", "\u{89}PNG");
    place.put("long.js", &"x".repeat(2_000_000));
    let folder = place.folder();
    let kind = |path: &str| folder.open_file(&at(path), None).unwrap().kind;
    assert_eq!(
        (kind("a.bin"), kind("a.png"), kind("long.js")),
        (FileKind::Binary, FileKind::Image, FileKind::Large)
    );
    let picture = folder.file_bytes(&at("a.png")).unwrap();
    assert_eq!((picture.media_type.as_str(), picture.base64.as_str()), ("image/png", "wolQTkc="));
}

#[test]
fn large_files_are_read_in_windows() {
    let place = Place::new();
    let lines: String = (0..100_000).map(|number| format!("line {number}\n")).collect();
    place.put("large.log", &lines);
    place.put("none.log", "");
    let folder = place.folder();
    let window = |first, count| folder.file_window(&at("large.log"), first, count).unwrap();
    assert_eq!(window(0, 2).lines, ["line 0", "line 1"]);
    assert_eq!(window(54_321, 1).lines, ["line 54321"]);
    let end = window(99_999, 10);
    assert_eq!((end.lines.len(), end.known_lines, end.known_bytes), (1, 100_000, end.bytes));
    assert!(window(200_000, 10).lines.is_empty());
    assert_eq!(folder.file_window(&at("none.log"), 0, 10).unwrap().known_lines, 0);
    // A file that grew is looked through anew.
    place.put("large.log", &format!("{lines}more\n"));
    assert_eq!(window(100_000, 5).lines, ["more"]);
}

#[test]
fn entries_come_move_and_go() {
    let place = Place::new();
    place.put("a/b.txt", "b");
    let folder = place.folder();
    folder.create(&at("new/deep"), NewEntry::Folder).unwrap();
    folder.create(&at("new/deep/x.txt"), NewEntry::File).unwrap();
    folder.rename(&at("new"), &at("moved")).unwrap();
    folder.copy(&at("moved"), &at("copied/too")).unwrap();
    assert!(place.root().join("copied/too/deep/x.txt").is_file());
    let exists = |result: Result<(), FolderError>| assert!(matches!(result, Err(FolderError::Exists(_))));
    exists(folder.create(&at("a/b.txt"), NewEntry::File));
    exists(folder.rename(&at("moved/deep/x.txt"), &at("a/b.txt")));
    exists(folder.copy(&at("moved"), &at("a")));
    assert!(matches!(folder.rename(&at("a"), &at("a/c")), Err(FolderError::IntoItself(_))));
    assert!(matches!(folder.copy(&at("a"), &at("a/c")), Err(FolderError::IntoItself(_))));
    assert!(folder.remove(&at("a"), false).unwrap().trashed);
    assert_eq!(std::fs::read_to_string(place.trash().join("files/a/b.txt")).unwrap(), "b");
    let note = std::fs::read_to_string(place.trash().join("info/a.trashinfo")).unwrap();
    assert!(note.contains(&format!("Path={}/a\n", place.root().display())), "{note}");
    assert!(!folder.remove(&at("moved"), true).unwrap().trashed);
    assert!(!place.root().join("moved").exists());
    assert!(folder.remove(&at("moved"), true).is_err());
}

#[test]
fn nothing_leads_out_of_the_folder() {
    let place = Place::new();
    link(place.outside(), place.root().join("out"));
    link(place.outside().join("canary.txt"), place.root().join("canary.txt"));
    place.put("a.txt", "a");
    let folder = place.folder();
    assert!(folder.open_file(&at("canary.txt"), None).is_err());
    assert!(folder.save_file(&at("out/new.txt"), "x", UTF8, None).is_err());
    assert!(folder.save_file(&at("canary.txt"), "x", UTF8, None).is_err());
    assert!(folder.create(&at("out/new"), NewEntry::Folder).is_err());
    assert!(folder.rename(&at("a.txt"), &at("out/a.txt")).is_err());
    assert!(folder.copy(&at("a.txt"), &at("out/a.txt")).is_err());
    assert!(folder.remove(&at("out/canary.txt"), true).is_err());
    assert!(folder.list(Some(&at("out"))).is_err());
    let listed = folder.list(None).unwrap().entries;
    let out = listed.iter().find(|entry| entry.name == "out").unwrap();
    assert_eq!((out.kind, out.link), (EntryKind::Other, true));
    // The link itself is the user's to remove.
    folder.remove(&at("out"), true).unwrap();
    place.assert_outside_is_untouched("links");
}

#[test]
fn one_level_is_listed() {
    let place = Place::new();
    crate::git::git(&place, &["init", "--quiet"]);
    for path in ["b.txt", "A.txt", "src/x.py", "node_modules/x.js", ".env", "build/x.o", "debug.log"] {
        place.put(path, "12345");
    }
    place.put(".gitignore", "*.log\nbuild/\n");
    let listed = place.folder().list(None).unwrap();
    let shown: Vec<String> = listed
        .entries
        .iter()
        .map(|entry| {
            let flag = |is: bool, letter: &'static str| if is { letter } else { "" };
            format!("{}{}{}", entry.name, flag(entry.ignored, " i"), flag(entry.hidden, " h"))
        })
        .collect();
    assert_eq!(
        shown,
        [
            ".git i h",
            "build i",
            "node_modules h",
            "src",
            ".env h",
            ".gitignore",
            "A.txt",
            "b.txt",
            "debug.log i"
        ]
    );
    assert_eq!(place.folder().list(Some(&at("src"))).unwrap().entries[0].path, "src/x.py");
}

#[test]
fn files_are_found_by_letters() {
    let place = Place::new();
    for path in ["src/app/main.rs", "src/lib.rs", "tests/main_test.rs", "README.md", "target/main.rs", ".env"]
    {
        place.put(path, "");
    }
    let (folder, list) = (place.folder(), FileList::default());
    assert!(!list.find("main", 10).complete);
    list.read(&folder);
    let find = |query: &str| -> Vec<String> {
        list.find(query, 10).files.into_iter().map(|file| file.path).collect()
    };
    assert_eq!(find("main"), ["src/app/main.rs", "tests/main_test.rs"]);
    assert_eq!(find("lib rs"), ["src/lib.rs"]);
    assert_eq!(find("").len(), 5);
    assert_eq!(list.find("lib", 1).files[0].positions, [4, 5, 6]);
    list.change(&at("src/new/maine.rs"), true);
    list.change(&at("tests"), false);
    assert_eq!(find("main"), ["src/app/main.rs", "src/new/maine.rs"]);
}

/// What a search found: path, line, and the text around each match.
fn found(place: &Place, query: &SearchFor) -> Vec<TextFound> {
    let (tell, mut told) = tokio::sync::mpsc::channel(1_000);
    search(&place.folder(), query, 1_000, &tell, &CancellationToken::new()).unwrap();
    drop(tell);
    let mut all = Vec::new();
    while let Some(found) = told.blocking_recv() {
        all.push(found);
    }
    all.sort_by_key(|found| match found {
        TextFound::File { path, .. } => path.clone(),
        TextFound::Done { .. } => "~".into(),
    });
    all
}

fn wanted(pattern: &str) -> SearchFor {
    SearchFor {
        pattern: pattern.into(),
        regex: false,
        case_sensitive: false,
        whole_word: false,
        include: Vec::new(),
        exclude: Vec::new(),
        with_ignored: false,
        replacement: None,
    }
}

#[test]
fn text_is_found_and_replaced() {
    let place = Place::new();
    place.put("a.py", "def Größe_user():\r\n    return user(\"User\") # the user's\r\n");
    place.put("b/c.py", "username = user\n");
    place.put("b/d.md", "user\n");
    place.put("ignored.log", "user\n");
    place.put(".gitignore", "*.log\n");
    let check = |query: SearchFor, expect: &[&str]| {
        let lines: Vec<String> = found(&place, &query)
            .iter()
            .filter_map(|found| match found {
                TextFound::File { path, lines, .. } => Some((path, lines)),
                TextFound::Done { .. } => None,
            })
            .flat_map(|(path, lines)| lines.iter().map(move |line| (path, line)))
            .map(|(path, line)| {
                let places: Vec<String> =
                    line.matches.iter().map(|found| format!("{}-{}", found.start, found.end)).collect();
                format!("{path}:{}:{}", line.line, places.join(","))
            })
            .collect();
        assert_eq!(lines, expect, "{query:?}");
    };
    check(
        wanted("user"),
        &["a.py:1:10-14", "a.py:2:11-15,17-21,30-34", "b/c.py:1:0-4,11-15", "b/d.md:1:0-4"],
    );
    check(SearchFor { case_sensitive: true, ..wanted("User") }, &["a.py:2:17-21"]);
    check(
        SearchFor { whole_word: true, include: vec!["*.py".into()], ..wanted("user") },
        &["a.py:2:11-15,17-21,30-34", "b/c.py:1:11-15"],
    );
    check(
        SearchFor { exclude: vec!["b".into(), "a.py".into()], with_ignored: true, ..wanted("user") },
        &["ignored.log:1:0-4"],
    );

    let query = SearchFor {
        regex: true,
        replacement: Some("$1_id".into()),
        include: vec!["*.py".into()],
        ..wanted(r"\b(user)\b")
    };
    let all = found(&place, &query);
    let files: Vec<ReplaceIn> = all
        .iter()
        .filter_map(|found| match found {
            TextFound::File { path, version, lines } => {
                assert_eq!(lines[0].matches[0].replacement.as_deref(), Some("user_id"));
                let only = (path == "a.py").then(|| vec![0, 2]);
                Some(ReplaceIn { path: path.clone(), version: version.clone(), only })
            }
            TextFound::Done { files, .. } => {
                assert_eq!(*files, 2);
                None
            }
        })
        .collect();
    let folder = place.folder();
    let done = replace(&folder, &query, &files).unwrap();
    assert_eq!(done.iter().map(|file| file.replaced).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(place.text("a.py"), "def Größe_user():\r\n    return user_id(\"User\") # the user_id's\r\n");
    assert_eq!(place.text("b/c.py"), "username = user_id\n");
    let again = replace(&folder, &query, &files).unwrap();
    assert!(again.iter().all(|file| file.problem.is_some()), "{again:?}");
    assert!(
        search(
            &folder,
            &SearchFor { regex: true, ..wanted("(") },
            1,
            &tokio::sync::mpsc::channel(1).0,
            &CancellationToken::new()
        )
        .is_err()
    );
}
