use super::*;

fn edit(before: &str, search: &str, replacement: &str) -> Result<String, String> {
    replace(before, search, replacement, false)
        .map(|edited| edited.text)
        .map_err(|refused| refused.to_string())
}

fn check(before: &str, search: &str, replacement: &str, expect: &str) {
    assert_eq!(edit(before, search, replacement).as_deref(), Ok(expect), "{search:?} in {before:?}");
}

fn refused(before: &str, search: &str, expect: &str) {
    let said = edit(before, search, "replacement").unwrap_err();
    assert!(said.contains(expect), "{said:?} should tell {expect:?}");
}

#[test]
fn the_exact_text_is_replaced() {
    check("a\nb\nc\n", "b", "x", "a\nx\nc\n");
    check("a\nb\nc\n", "b\n", "", "a\nc\n");
    check("a\nb\nc", "a\nb\nc", "x\ny", "x\ny");
    check("let total = 1;", "total", "sum", "let sum = 1;");
    check("äö€\nx", "ö€\n", "ü", "äüx");
    check("a\n\n\nb", "\n\n\n", "\n", "a\nb");
}

#[test]
fn line_ends_stay() {
    check("a\r\nb\r\nc\r\n", "a\nb", "x\ny\nz", "x\r\ny\r\nz\r\nc\r\n");
    check("a\nb\n", "a\r\nb", "x\r\ny", "x\ny\n");
    check("a\r\nb\nc\r\nd\r\n", "a\nb\nc", "x\ny", "x\r\ny\r\nd\r\n");
    check("a\nb", "b\n", "x\n", "a\nx");
    check("\u{feff}a\nb\n", "b", "c", "\u{feff}a\nc\n");
}

#[test]
fn other_white_space_is_forgiven_and_the_file_s_own_kept() {
    check(
        "class A:\n    def f(self):\n        return 1\n",
        "def f(self):\n    return 1",
        "def f(self):\n    if x:\n        return 2\n    return 3",
        "class A:\n    def f(self):\n        if x:\n            return 2\n        return 3\n",
    );
    // The model left out the indentation of the first line alone.
    check(
        "class A:\n    def f(self):\n        return 1\n",
        "def f(self):\n        return 1\n",
        "def g(self):\n        return 2\n",
        "class A:\n    def g(self):\n        return 2\n",
    );
    // It wrote deeper than the file.
    check("if x:\n  a()\n  b()\n", "        a()\n        b()", "        c()", "if x:\n  c()\n");
    // Blanks for tabs, and tabs for blanks.
    check(
        "f {\n\tif x {\n\t\ta()\n\t}\n}\n",
        "    if x {\n        a()\n    }",
        "    if x {\n        if y {\n            b()\n        }\n    }",
        "f {\n\tif x {\n\t\tif y {\n\t\t\tb()\n\t\t}\n\t}\n}\n",
    );
    check(
        "f {\n  if x {\n    a()\n  }\n}\n",
        "\tif x {\n\t\ta()\n\t}",
        "\tif x {\n\t\tif y {\n\t\t\tb()\n\t\t}\n\t}",
        "f {\n  if x {\n    if y {\n      b()\n    }\n  }\n}\n",
    );
    // Blanks at line ends, doubled blanks, and blank lines around the search text.
    check("a = 1  \nb  =  2\nc = 3\n", "\na = 1\nb = 2\n\n", "\nd = 4\n\n", "d = 4\nc = 3\n");
    check("a\n   \nb\n", "a\n\nb\n", "c", "c\n");
    // Lines go away whole.
    check("  a(1)\n  b(2)\n  c(3)\n", "a(1)\nb(2)", "", "  c(3)\n");
}

#[test]
fn a_slip_in_the_search_text_is_forgiven() {
    check(
        "import os\n\ndef total(items):\n    result = 0\n    for item in items:\n        result += item.price\n    return result\n",
        "def total(items):\n    result = 0\n    for item in items:\n        result += item.prices\n    return result",
        "def total(items):\n    return sum(item.price for item in items)",
        "import os\n\ndef total(items):\n    return sum(item.price for item in items)\n",
    );
    // A comment that the model forgot.
    check(
        "def area(width, height):\n    # in metres\n    result = width * height\n    print(result)\n    return result\n",
        "def area(width, height):\n    result = width * height\n    print(result)\n    return result\n",
        "def area(width, height):\n    return width * height\n",
        "def area(width, height):\n    return width * height\n",
    );
}

#[test]
fn what_is_not_clear_is_refused() {
    refused("a\n", "", "is empty");
    refused("x\nx\nx\n", "x\n", "3 places (lines 1, 2, 3)");
    refused("a = 1\nb\n    a = 1\n", "  a = 1\n", "line");
    refused("if a:\n    f(x)\nif b:\n    f(x)\n", "  f(x)\n", "places (lines 2, 4)");
    refused("alpha\nbeta\n", "something else entirely", "nothing in the file is like");
    refused("", "x", "nothing in the file is like");
    refused("x = 1\ny = 2\n", "z = 1", "1: x = 1");
    refused("a\n", "  \n \n", "nothing in the file is like");
    refused(
        "def subtract(a, b):\n    return a - b\n\ndef divide(a, b):\n    return a / b\n",
        "def multiply(a, b):\n    return a * b\n",
        "most like it are these lines:\n",
    );
    assert_eq!(edit("a\n", "a", "a"), Err("search and replace are the same".into()));
    // Two places are as good.
    refused(
        "def save(self, record):\n    self.items.append(record)\n\ndef save(self, records):\n    self.items.append(record)\n",
        "def save(self, recorde):\n    self.items.append(record)",
        "2 places",
    );
}

#[test]
fn all_places_are_replaced_when_asked() {
    let edited = replace("x = 1\ny = 1\nx = 1\n", "1", "2\n#", true).unwrap();
    assert_eq!(edited.text, "x = 2\n#\ny = 2\n#\nx = 2\n#\n");
    assert_eq!(edited.to_string(), "lines 1-2, lines 3-4, lines 5-6");
    let edited = replace("  f(x)\n\tf(x)\n", "    f(x)", "    g(x)", true).unwrap();
    assert_eq!(edited.text, "  g(x)\n\tg(x)\n");
}

#[test]
fn the_answer_says_what_changed() {
    let say = |before: &str, search: &str, replacement: &str| {
        replace(before, search, replacement, false).unwrap().to_string()
    };
    assert_eq!(say("a\nb\nc\n", "b", "x\ny"), "lines 2-3");
    assert_eq!(say("a\nb\nc\n", "b\n", "x\n"), "line 2");
    assert_eq!(say("a\nb\nc\n", "b\n", ""), "text removed at line 2");
    assert_eq!(say("  a\n  b\n", " a\n b", " c"), "line 1 (the search text differed in white space)");
    let said = say("let answer = compute_the_answer(42);\n", "let answer = compute_an_answer(42);", "x");
    assert!(said.starts_with("line 1 (the search text was 9") && said.contains("the_answer(42)"), "{said}");
}

#[test]
fn a_large_file_is_searched_in_no_time() {
    let text: String =
        (0..20_000).map(|line| format!("    value_{line} = compute({line}, {})\n", line % 7)).collect();
    let search: String = (0..60).map(|line| format!("    other_{line} = derive({line})\n")).collect();
    let started = std::time::Instant::now();
    let _ = edit(&text, &search, "x");
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

proptest::proptest! {
    #[test]
    fn nothing_outside_the_place_changes(
        before in "([ab ]{0,4}\r?\n){0,8}", search in "[ab \n]{1,6}", replacement in "[xy \n]{0,6}", all in proptest::bool::ANY,
    ) {
        if let Ok(edited) = replace(&before, &search, &replacement, all) {
            // No line end of the other kind appears.
            proptest::prop_assert!(before.contains("\r\n") || !edited.text.contains('\r'), "{:?}", edited);
            proptest::prop_assert!(!edited.places.is_empty());
        }
    }
}
