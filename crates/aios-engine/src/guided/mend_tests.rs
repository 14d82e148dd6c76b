use super::*;

const PY: Language = Language::Python;
const JS: Language = Language::JavaScript;

#[test]
fn products_lose_what_nobody_asked_for() {
    let check = |language, code: &str, expect: &str| {
        assert_eq!(product(language, code, &["add", "parse"]), expect, "{code}")
    };
    check(
        PY,
        "def add(a, b):\n\treturn a + b\n\ndef test_add():\n    assert add(1, 2) == 3\n\ndef add(a, b):\n    return 0\n",
        "def add(a, b):\n    return a + b\n",
    );
    check(
        JS,
        "const fs = require('fs');\nfunction parse(text) {\n  return text;\n}\nfunction own() {}\nmodule.exports = { parse };\n",
        "import fs from 'fs';\n\nexport function parse(text) {\n  return text;\n}\n\nfunction own() {}\n",
    );
}

#[test]
fn missing_imports_are_added() {
    let undefined = ["deque".to_owned(), "mystery".to_owned(), "re".to_owned()];
    let code = "\"\"\"Slugs.\"\"\"\n\ndef slug(text):\n    return re.sub('a', 'b', text)\n";
    let expect = "\"\"\"Slugs.\"\"\"\n\nfrom collections import deque\nimport re\n\n\ndef slug(text):\n    return re.sub('a', 'b', text)\n";
    assert_eq!(add_imports(PY, code, &undefined), expect);
    assert_eq!(add_imports(JS, code, &undefined), code);
}

#[test]
fn merging_destroys_nothing() {
    let existing = "import os\n\nRATE = 2\n\n\ndef add(a, b):\n    return a - b\n\n\ndef own():\n    pass\n\n\nif __name__ == \"__main__\":\n    own()\n";
    let new = "import math\n\n\ndef add(a, b):\n    return a + b\n\n\ndef root(a):\n    return math.sqrt(a)\n\n\nif __name__ == \"__main__\":\n    root(1)\n";
    let expect = "import os\nimport math\n\nRATE = 2\n\n\ndef add(a, b):\n    return a + b\n\n\ndef own():\n    pass\n\n\ndef root(a):\n    return math.sqrt(a)\n\n\nif __name__ == \"__main__\":\n    own()\n";
    assert_eq!(merge(PY, existing, new), expect);
}

#[test]
fn slips_in_tests_are_mended() {
    let check = |text: &str, expect: &str| assert_eq!(test(PY, text), expect);
    check(
        "def test_divide():\n    assert divide(10, 2) == 5\n    assert divide(10, 0) == pytest.raises(ZeroDivisionError)\n    # More\n",
        "def test_divide():\n    assert divide(10, 2) == 5\n    with pytest.raises(ZeroDivisionError):\n        divide(10, 0)",
    );
}

#[test]
fn programs_get_their_last_lines_once() {
    let closed =
        close(PY, "def main():\n    pass\n", "if __name__ == \"__main__\":\n    main()\n", "__main__");
    assert_eq!(closed, "def main():\n    pass\n\n\nif __name__ == \"__main__\":\n    main()\n");
    assert_eq!(close(PY, &closed, "if __name__ == \"__main__\":\n    main()\n", "__main__"), closed);
}
