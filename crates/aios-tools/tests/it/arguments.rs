//! Arguments as careless models write them.

use crate::Desk;

#[tokio::test]
async fn what_is_wrong_is_told_so_that_the_next_call_is_right() {
    let desk = Desk::new();
    let shape = "Expected: write_file(path: string, content: string)";
    for (arguments, expect) in [
        ("{\"path\": \"a\"}", "`content` is missing"),
        ("{}", "`path` is missing; `content` is missing"),
        ("", "`path` is missing; `content` is missing"),
        ("{\"path\": \"a\", \"content\": 3}", "`content` must be of type string, not integer"),
        ("{\"path\": \"a\", \"content\": null}", "`content` must be of type string, not null"),
        ("{\"path\": \"a\", \"content\": [\"b\"]}", "`content` must be of type string, not array"),
        ("{\"filepath\": \"a\", \"content\": \"b\"}", "`filepath` is not an argument; did you mean `path`?"),
        ("{\"path\": \"a\", \"contents\": \"b\"}", "`contents` is not an argument; did you mean `content`?"),
        ("{\"path\": \"a\", \"content\": \"b\", \"mode\": 1}", "`mode` is not an argument"),
        ("{\"path\": \"a\", \"path\": \"b\"}", "`content` is missing"),
        ("[]", "the arguments must be an object, not array"),
        ("\"a\"", "the arguments must be an object, not string"),
        ("null", "the arguments must be an object, not null"),
        ("{\"path\": \"a\", \"content\": \"b", "not valid JSON: EOF while parsing a string"),
        ("{\"path\": \"a\" \"content\": \"b\"}", "near \"{\\\"path\\\": \\\"a\\\" \\\"content\\\""),
        ("{'path': 'a'}", "not valid JSON"),
        (
            "{\"path\": \"../a\", \"content\": \"\"}",
            "is not a path in the workspace: it must not contain '..'",
        ),
        ("{\"path\": \"/etc/passwd\", \"content\": \"\"}", "must be relative to the workspace root"),
        ("{\"path\": \"\", \"content\": \"\"}", "it names no file"),
    ] {
        let answer = desk.try_call("write_file", arguments).await.unwrap();
        assert!(!answer.ok, "{arguments} was accepted");
        assert!(answer.content.contains(expect), "{arguments}: {:?} should tell {expect:?}", answer.content);
        assert!(answer.content.ends_with(shape), "{:?}", answer.content);
    }
    assert!(!desk.exists("a"));
    let endless = format!("{{\"{}\": 1}}", "x".repeat(100_000));
    assert!(desk.try_call("write_file", &endless).await.unwrap().content.len() <= 2048);
}

#[tokio::test]
async fn harmless_forms_are_forgiven() {
    let desk = Desk::new();
    desk.put("a.txt", "1\n2\n");
    for (tool, arguments) in [
        ("list_files", ""),
        ("list_files", "  \n"),
        ("list_files", "{}"),
        ("read_file", " {\"path\": \"./a.txt\", \"start_line\": null, \"end_line\": 1}\n"),
    ] {
        let answer = desk.try_call(tool, arguments).await.unwrap();
        assert!(answer.ok, "{tool} {arguments}: {}", answer.content);
    }
}

#[tokio::test]
async fn negative_or_broken_lines_are_told() {
    let desk = Desk::new();
    desk.put("a.txt", "1\n2\n");
    for (arguments, expect) in [
        ("{\"path\": \"a.txt\", \"start_line\": -1}", "-1"),
        ("{\"path\": \"a.txt\", \"start_line\": \"1\"}", "`start_line` must be of type integer, not string"),
        ("{\"path\": \"a.txt\", \"start_line\": 1.5}", "`start_line` must be of type integer, not number"),
    ] {
        let answer = desk.try_call("read_file", arguments).await.unwrap();
        assert!(!answer.ok && answer.content.contains(expect), "{arguments}: {}", answer.content);
        assert!(
            answer
                .content
                .ends_with("Expected: read_file(path: string, start_line?: integer, end_line?: integer)"),
            "{}",
            answer.content
        );
    }
}
