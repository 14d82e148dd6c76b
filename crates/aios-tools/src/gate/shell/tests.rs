use super::*;

/// The words of each command, commands of a pipe joined by ` | `, in the order of the text.
fn outline(script: &Script) -> Vec<String> {
    let mut lines = Vec::new();
    for pipeline in &script.0 {
        let stages: Vec<String> = pipeline
            .0
            .iter()
            .map(|stage| {
                let words: Vec<&str> = stage.words.iter().map(|word| word.text.as_str()).collect();
                let body = outline(&stage.body);
                let body = if body.is_empty() { String::new() } else { format!("[{}]", body.join("; ")) };
                words.join(",") + &body
            })
            .collect();
        lines.push(stages.join(" | "));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[test]
fn command_lines_are_taken_apart() {
    let check = |text: &str, expect: &[&str]| {
        assert_eq!(outline(&parse(text, Variables::default()).script), expect, "{text:?}")
    };
    check("a b 'c d' \"e f\" g\\ h", &["a,b,c d,e f,g h"]);
    check("a; b & c && d || e\nf", &["a", "b", "c", "d", "e", "f"]);
    check("a | b |& c", &["a | b | c"]);
    check("a 2>x >>y <z 2>&1 b", &["a,b"]);
    check("a &>x b", &["a,b[b]"]);
    check("a x=(b c) d", &["a,x=,d"]);
    check("a # b\nc#d", &["a", "c#d"]);
    check("(a; b) | c", &["[a; b] | c"]);
    check("{ a; b; } > x", &["[a; b]"]);
    check("if a; then b; elif c; then d; else e; fi; f", &["[a; b; c; d; e]", "f"]);
    check("while a; do b; done | c", &["[a; b] | c"]);
    check("for x in 1 2; do a $x; done", &["[a,\u{fffc}]"]);
    check("for x in 1; do a $x; done", &["[a,1]"]);
    check("case x in a|b) c;; (d) e; f;; *) g; esac; h", &["[c; e; f; g]", "h"]);
    check("f() { a; }; g", &["[a]", "g"]);
    check("[[ a == b && c ]] && d", &["[[,a,==,b", "c,]]", "d"]);
    check("a <<E b\ntext\nE\nc", &["a,b", "c"]);
    check("a <<'E'; b\n$(x)\nE\nc", &["a", "b", "c"]);
    check("a $x ${y} ${z:-w} $1 $HOME ${PATH}", &["a,w,\u{fffc},\u{fffc}"]);
    check("a ${x:=1} $x ${x:+2} ${y:+3} ${x%0} ${#x}", &["a,1,1,2,\u{fffc},\u{fffc}"]);
    check("set -- b 'c d'; a $1 $@ $3 \"$@\"", &["set,--,b,c d", "a,b,b,c,d,b,c,d"]);
    check("a \"$@\" b", &["a,b"]);
    check("read x; a $x; unset x; a $x", &["read,x", "a,\u{fffc}", "unset,x", "a"]);
    check("a\\\nb $\\\n(c) 2\\\n>d i\\\nf", &["ab,\u{fffc},if"]);
    check("i\\\nf a; then b; f\\\ni; c", &["[a; b]", "c"]);
    check("a # b \\\nc", &["a", "c"]);
    check("x=1 a; x=2; a $x", &["x=1,a", "x=2", "a,2"]);
    check("a '' \"\" $@", &["a,,"]);
    check("a {b,c}d", &["a,bd,cd"]);
    check("a '{b,c}'", &["a,{b,c}"]);
    check("a ~/b *.c", &["a,~/b,*.c"]);
    check("a )b; (c", &["a", "b", "[c]"]);
}

#[test]
fn here_documents_are_the_input_of_their_command() {
    let script = parse("a <<X <<-'Y'\n$HOME\nX\n\tb\n\tY\nc <<< d", Variables::default()).script;
    let input =
        |at: usize| script.0[at].0[0].input.iter().map(|word| word.borrow().text.clone()).collect::<Vec<_>>();
    assert_eq!(input(0), ["\u{fffc}\n", "b\n"]);
    assert_eq!(input(1), ["d"]);
}
