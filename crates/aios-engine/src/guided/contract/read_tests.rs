use super::*;

/// A contract in few words, for comparing.
fn shown(text: &str) -> String {
    let contract = read(text);
    let mut lines = Vec::new();
    for file in &contract.files {
        let tests =
            if file.tests.is_empty() { String::new() } else { format!(" tests {}", file.tests.join("+")) };
        lines.push(format!("{} [{}]{tests}", file.path, file.owner));
        for item in &file.items {
            lines.push(format!("  {} | {} | {}", item.signature, item.does, item.examples.join(" & ")));
            for member in &item.members {
                lines.push(format!(
                    "    {} | {} | {}",
                    member.signature,
                    member.does,
                    member.examples.join(" & ")
                ));
            }
        }
    }
    lines.join("\n")
}

#[test]
fn the_short_form_of_the_small_model() {
    let text = "FILE: calculator.py\ndef add(a, b):\nDOES: returns the sum of a and b\nEXAMPLE: add(1, 2) == 3\n\
        EXAMPLE: add(-1, 1) == 0\ndef divide(a, b)\nDOES: returns the quotient\nRAISES: ValueError when b is 0\n";
    let expect = "calculator.py [backend]\n  def add(a, b) | returns the sum of a and b | add(1, 2) == 3 & add(-1, 1) == 0\n  \
        def divide(a, b) | returns the quotient; raises ValueError when b is 0 | ";
    assert_eq!(shown(text), expect);
}

#[test]
fn classes_keep_their_methods() {
    let text = "FILE: stack.py\nclass Stack\nDOES: a stack\n    def push(item)\nDOES: adds an item\n    def pop()\n\
        DOES: removes the top item\nEXAMPLE: s = Stack(); s.push(1); s.pop() == 1\ndef main()\nDOES: runs\n";
    let expect = "stack.py [backend]\n  class Stack | a stack | \n    def push(item) | adds an item | \n    \
        def pop() | removes the top item | s = Stack(); s.push(1); s.pop() == 1\n  def main() | runs | ";
    assert_eq!(shown(text), expect);
}

#[test]
fn markdown_as_large_models_and_people_write_it() {
    let text = "# API contract\n\nSome words on `the` whole.\n\n## Files\n\n### `src/calc.py` (backend)\nArithmetic.\n\
        - `add(a: float, b: float) -> float` — returns a + b\n- `divide(a, b)`: raises ZeroDivisionError when b == 0\n  \
        - Example: `divide(1, 2) == 0.5`\n\n### 2. **tests/test_calc.py** - Owner: QA\n- covers every function\n\n\
        ### web/index.html\nThe page.\n\n## Errors\nNothing else.\n";
    let expect = "src/calc.py [backend]\n  add(a: float, b: float) -> float | returns a + b | \n  \
        divide(a, b) | raises ZeroDivisionError when b == 0 | divide(1, 2) == 0.5\n\
        tests/test_calc.py [qa] tests src/calc.py\nweb/index.html [frontend]";
    assert_eq!(shown(text), expect);
}

#[test]
fn routes_and_code_fences() {
    let text = "FILE: main.py\nGET /health\nDOES: says that all is well\nEXAMPLE: GET /health -> 200 {\"status\": \"ok\"}\n\n\
        ```python\nclass Shop:\n    def buy(self, item):\n```\n";
    let expect = "main.py [backend]\n  GET /health | says that all is well | GET /health -> 200 {\"status\": \"ok\"}\n  \
        class Shop |  | \n    def buy(self, item) |  | ";
    assert_eq!(shown(text), expect);
}

#[test]
fn nonsense_gives_nothing() {
    for text in [
        "",
        "Sure! Here is the contract:",
        "```\n{\"a\": 1}\n```",
        "# Contract\n\nclass of things that matter to us all",
    ] {
        assert_eq!(shown(text), "", "{text:?}");
    }
}

#[test]
fn paths_are_told_from_words() {
    for yes in ["a.py", "src/app.test.mjs", "Dockerfile", "index.html"] {
        assert!(looks_like_path(yes), "{yes}");
    }
    for no in ["e.g.", "3.14", "/etc/passwd.txt", "../a.py", "a b.py", ".py", "node.j", "word"] {
        assert!(!looks_like_path(no), "{no}");
    }
}
