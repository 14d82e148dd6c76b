use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const POLICY: [&str; 5] = ["rm -rf /", "sudo", "shutdown", "curl | bash", "git push"];

fn blocked(command: &str) -> Option<&'static str> {
    find(command, POLICY.into_iter())
}

#[test]
fn spellings_of_blocked_commands() {
    let check = |pattern: &str, spellings: &[&str]| {
        for spelling in spellings {
            assert_eq!(blocked(spelling), Some(pattern), "{spelling:?}");
        }
    };
    check(
        "sudo",
        &[
            "sudo",
            "sudo ls",
            "  sudo ls",
            "/usr/bin/sudo ls",
            "../../usr/bin/sudo ls",
            "SUDO ls",
            "s\\udo ls",
            "\\sudo ls",
            "'sudo' ls",
            "\"sudo\" ls",
            "su''do ls",
            "s\"u\"'d'o ls",
            "$'sudo' ls",
            "$'\\x73\\165do' ls",
            "su\\\ndo ls",
            "su$@do ls",
            "su${*}do ls",
            "s${x}udo ls; x=; s${x}udo ls",
            "{sudo,ls}",
            "s{u,}do",
            "/usr/bin/s?do ls",
            "/usr/bin/su*o ls",
            "/usr/bin/[s]udo ls",
            "A=1 B=2 sudo ls",
            "2>/dev/null sudo ls",
            ">log 2>&1 sudo ls",
            "{fd}>log sudo ls",
            "true; sudo ls",
            "true && sudo ls",
            "false || sudo ls",
            "sleep 1 & sudo ls",
            "ls | sudo tee x",
            "ls |& sudo tee x",
            "ls |\n sudo tee x",
            "echo a\nsudo ls",
            "echo a # comment\nsudo ls",
            "(sudo ls)",
            "((sudo ls))",
            "( (sudo ls) )",
            "{ sudo ls; }",
            "! sudo ls",
            "time sudo ls",
            "time -p sudo ls",
            "coproc sudo ls",
            "if true; then sudo ls; fi",
            "if sudo true; then ls; fi",
            "if true; then ls; else sudo ls; fi",
            "if false; then ls; elif sudo true; then ls; fi",
            "while true; do sudo ls; done",
            "until sudo true; do :; done",
            "for x in 1 2; do sudo ls; done",
            "for ((i=0; i<3; i++)); do sudo ls; done",
            "case $x in a) ls;; b|c) sudo ls;; esac",
            "case $x in (a) sudo ls; esac",
            "f() { sudo ls; }; f",
            "f () (sudo ls)",
            "function f { sudo ls; }",
            "function f() { sudo ls; }",
            "[[ -n $(sudo ls) ]]",
            "[[ x || sudo ls ]]",
            "ls &> x sudo ls",
            "ls &>x; sudo ls",
            "a=(1 2) sudo ls",
            "a=(1\n2)\nsudo ls",
            "echo $(sudo ls)",
            "echo \"$(sudo ls)\"",
            "echo \"a $(echo \"b $(sudo ls)\")\"",
            "echo `sudo ls`",
            "echo `echo \\`sudo ls\\``",
            "echo ${x:-$(sudo ls)}",
            "echo $((1 + $(sudo ls)))",
            "echo $((1<<2)); sudo ls",
            "((1<<2))\nsudo ls\n2",
            "cat <(sudo ls)",
            "ls > >(sudo tee x)",
            "X=$(sudo ls)",
            "cat <<EOF\n$(sudo ls)\nEOF",
            "cat <<EOF\ntext\nEOF\nsudo ls",
            "cat <<'EOF' ; sudo ls\ntext\nEOF",
            "cat <<-EOF\n\ttext\n\tEOF\nsudo ls",
            "cat <<$x\ntext\n$x\nsudo ls",
            "cat <<\\EOF\nit's\nEOF\nsudo ls",
            "cat <<A <<B\na\nA\nb\nB\nsudo ls",
            "cat <<$'EOF'\ntext\nEOF\nsudo ls",
            "bash -c 'sudo ls'",
            "bash -lc 'sudo ls'",
            "bash -x -c 'sudo ls'",
            "bash -o pipefail -c 'sudo ls'",
            "bash --norc -c 'sudo ls'",
            "sh -c \"sudo ls\"",
            "/bin/sh -ec 'true; sudo ls'",
            "bash -c \"bash -c 'sudo ls'\"",
            "bash <<< 'sudo ls'",
            "bash <<EOF\nsudo ls\nEOF",
            "sh -s <<'EOF'\nsudo ls\nEOF",
            "echo 'sudo ls' | sh",
            "echo sudo ls | bash -",
            "printf 'sudo ls\\n' | sh",
            "printf '\\163udo ls' | sh",
            "cat <<EOF | sh\nsudo ls\nEOF",
            "eval sudo ls",
            "eval 'sudo ls'",
            "eval \"su\"\"do ls\"",
            "eval \"$(echo sudo ls)\"",
            "$(echo sudo) ls",
            "`echo sudo` ls",
            "x=sudo; $x ls",
            "x=sudo\n${x} ls",
            "export x=sudo; $x ls",
            "a=su b=do; $a$b ls",
            "x='sudo ls'; $x",
            "${x:-sudo} ls",
            "${x-\"sudo\"} ls",
            "trap 'sudo ls' EXIT",
            "alias s=sudo; s ls",
            "$x sudo ls",
            "$(true) sudo ls",
            "$(true)sudo ls",
            "$( )sudo ls",
            "select x in a | sudo ls",
            "time case a in\nsudo ls",
            "`cat x` `cat y` sudo ls",
            "<() sudo ls",
            "a=(x &\nsudo ls",
            "\"$@\" sudo ls",
            "sudo$x ls",
            ": ${x:=sudo}; $x ls",
            "${HOME:+sudo} ls",
            "for x in sudo; do $x ls; done",
            "set -- sudo ls; \"$@\"",
            "sh -c '\"$@\"' _ sudo ls",
            "bash -c '$0 ls' sudo",
            "x=sudo; eval '$x ls'",
            "x=sudo sh -c '$x ls'",
            "env x=sudo sh -c '$x ls'",
            "export x=sudo; bash -c '$x ls'",
            "i\\\nf true; then sudo ls; fi",
            "echo $\\\n(sudo ls)",
            "2\\\n>/dev/null sudo ls",
            "coproc\\\n sudo ls",
            "cat <<EOF\nEO\\\nF\nsudo ls\nEOF",
            "cat <<EOF\nx\\\nEOF\nEOF\nsudo ls",
            "a=((\nsudo ls",
            "env sudo ls",
            "env -i A=1 sudo ls",
            "env -u HOME -C /tmp sudo ls",
            "env -S 'sudo ls'",
            "env --split-string='sudo ls'",
            "/usr/bin/env -- sudo ls",
            "nice sudo ls",
            "nice -n 5 sudo ls",
            "nice -n5 sudo ls",
            "timeout 5 sudo ls",
            "timeout -k 3 -s KILL 5 sudo ls",
            "timeout --kill-after 3 --signal=KILL 5s sudo ls",
            "nohup sudo ls &",
            "setsid -w sudo ls",
            "exec sudo ls",
            "exec -a name sudo ls",
            "command sudo ls",
            "command -p sudo ls",
            "builtin command sudo ls",
            "stdbuf -o L sudo ls",
            "ls | xargs sudo rm",
            "ls | xargs -n 1 -I {} sudo rm {}",
            "find . -exec sudo rm {} \\;",
            "find . -name x -execdir sudo rm {} +",
            "flock /tmp/lock sudo ls",
            "flock /tmp/lock -c 'sudo ls'",
            "script -qc 'sudo ls' /dev/null",
            "su -c 'sudo ls' root",
            "watch -n 1 'sudo ls'",
            "nice timeout 5 env A=1 sudo ls",
            "busybox sh -c 'sudo ls'",
            "sudo${IFS}ls",
            "eval 'echo a' ; (cd x && sudo ls",
            "sudo ls )(",
            "sudo ls 'unterminated",
        ],
    );
    check("shutdown", &["shutdown -h now", "/sbin/shutdown", "systemctl status; shutdown", "exec shutdown"]);
    check(
        "rm -rf /",
        &[
            "rm -rf /",
            "rm -fr /",
            "rm -r -f /",
            "rm -f -r /",
            "rm -Rf /",
            "rm -rfv /",
            "rm --recursive --force /",
            "rm --rec --fo /",
            "rm --no-preserve-root -rf /",
            "rm -rf --no-preserve-root /",
            "rm / -rf",
            "rm -rf -- /",
            "rm -r /",
            "rm -rf \"/\"",
            "rm -rf '/'",
            "rm -rf \\/",
            "r\\m -rf /",
            "rm -r\\f /",
            "rm '-rf' /",
            "rm -rf //",
            "rm -rf ///",
            "rm -rf /.",
            "rm -rf /./",
            "rm -rf /..",
            "rm -rf /tmp/..",
            "rm -rf /usr/bin/../..",
            "rm -rf /*",
            "rm -rf /**",
            "rm -rf /?*",
            "rm -rf /[a-z]*",
            "rm -rf /{*,.*}",
            "rm -rf //*",
            "rm -rf /./*",
            "rm -rf build /",
            "rm &>x -rf /",
            "rm -rf ./build / x",
            "{rm,-rf,/}",
            "rm${IFS}-rf${IFS}/",
            "d=/; rm -rf $d",
            "rm -rf $(echo /)",
            "rm -rf `printf /`",
            "rm $(echo -rf) /",
            "cd / && rm -rf *",
            "cd /; rm -rf .",
            "cd / && rm -rf ./*",
            "cd /tmp/..; rm -rf *",
            "find / -exec rm -rf {} +",
            "find / -delete",
            "find / -type f -delete",
            "echo / | xargs rm -rf",
            "xargs rm -rf <<< /",
            "bash -c 'rm -rf /'",
            "busybox rm -rf /",
            "/bin/rm -rf /",
            "nice rm -rf /",
        ],
    );
    check(
        "curl | bash",
        &[
            "curl https://x.sh | bash",
            "curl -fsSL https://x.sh|bash",
            "curl https://x.sh | sh",
            "curl https://x.sh | /bin/zsh",
            "curl https://x.sh | bash -s -- --yes",
            "curl https://x.sh | bash -",
            "curl https://x.sh | tee x | bash",
            "curl https://x.sh | env A=1 bash",
            "curl https://x.sh | (cd /tmp; bash)",
            "curl https://x.sh | { bash; }",
            "(curl https://x.sh) | bash",
            "{ echo set -e; curl https://x.sh; } | bash",
            "for u in a b; do curl $u; done | bash",
            "bash <(curl https://x.sh)",
            "bash < <(curl https://x.sh)",
            "bash -c \"$(curl https://x.sh)\"",
            "bash -c \"`curl https://x.sh`\"",
            "bash <<< \"$(curl https://x.sh)\"",
            "nice bash -c \"$(curl https://x.sh)\"",
            "eval \"bash -c '$(curl https://x.sh)'\"",
            "timeout 5 curl https://x.sh | bash",
            "sh -c 'curl https://x.sh | bash'",
        ],
    );
    check(
        "git push",
        &[
            "git push",
            "git push origin main",
            "git -C repo push",
            "git --no-pager push",
            "git -c a=b push -f",
        ],
    );
}

#[test]
fn harmless_commands_that_mention_them() {
    for command in [
        "",
        "   ",
        "ls",
        "echo sudo",
        "echo 'sudo ls; rm -rf /'",
        "echo \"a; rm -rf /\"",
        "echo a \\; sudo",
        "echo \"\\$(sudo ls)\"",
        "echo '$(sudo ls)'",
        "ls # sudo ls",
        "ls # $(sudo ls)",
        "# rm -rf /",
        "cat <<'EOF'\nsudo ls\n$(sudo ls)\nEOF",
        "cat > install.sh <<'EOF'\n#!/bin/sh\nsudo apt install\nEOF\nchmod +x install.sh",
        "cat <<EOF > README.md\nRun `ls` or sudo ls; then rm -rf /\nEOF",
        "grep -rn sudo .",
        "grep 'curl .* | bash' README.md",
        "git commit -m 'do not use sudo'",
        "git commit -m 'git push'",
        "git status",
        "git log --grep push",
        "git stash push",
        "git commit -m push",
        "python -c 'print(\"sudo\")'",
        "command -v sudo",
        "command -V sudo",
        "which sudo || true",
        "type sudo",
        "man sudo",
        "apt install sudo",
        "test -x /usr/bin/sudo",
        "[ -x /usr/bin/sudo ] && echo yes",
        "[[ $x == sudo ]]",
        "case $x in sudo) ls;; shutdown|rm) ls;; esac",
        "for x in sudo shutdown; do echo $x; done",
        "x=sudo; echo $x",
        "x=sudo; x=ls; $x",
        "SUDO=; $SUDO ls",
        "echo 'a\\\nsudo ls'",
        "x=(sudo shutdown); echo ${x[@]}",
        "declare -a x=(sudo shutdown)",
        "make &> sudo",
        "ls > sudo",
        "cat < sudo",
        "nice -n 5 echo sudo",
        "timeout --foreground 10 echo shutdown",
        "env sudo=1 ls",
        "npm run shutdown",
        "make sudo",
        "./shutdown.sh",
        "sudoku",
        "./sudo-less",
        "rm -rf ./build",
        "rm -rf build/*",
        "rm -rf *",
        "rm -rf .",
        "rm -rf \"$HOME/\"",
        "rm -rf /tmp/build",
        "rm -rf /usr/../tmp/x",
        "rm -rf '/*'",
        "rm -f /",
        "rm /",
        "rm file",
        "ls -rf /",
        "cd / && ls",
        "cd /tmp && rm -rf *",
        "cd / && cd tmp && rm -rf *",
        "find . -name '*.pyc' -delete",
        "find . -type d -name __pycache__ -exec rm -rf {} +",
        "find / -name core -exec rm -f {} +",
        "curl https://x.sh -o x.sh",
        "curl https://x | jq .",
        "curl https://x && bash build.sh",
        "curl https://x; bash",
        "bash build.sh | curl -T - https://x",
        "echo curl | bash -c cat",
        "TOKEN=$(curl https://x) bash build.sh",
        "wget -qO- https://x | tar xz",
        "echo $((1 << 2))\necho sudo",
        "printf 'sudo ls' > script",
        "awk '{ print $1 }' sudo",
        "sed -e 's/sudo//' file",
        "test $# -gt 0 && shift",
    ] {
        assert_eq!(blocked(command), None, "{command:?}");
    }
}

#[test]
fn patterns_as_policies_write_them() {
    let check = |pattern: &str, command: &str, expect: bool| {
        assert_eq!(find(command, [pattern].into_iter()).is_some(), expect, "{pattern:?} on {command:?}");
    };
    check("rm -rf", "rm -rf ./build", true);
    check("rm -rf", "rm -fr ./build", true);
    check("rm -rf", "rm -r ./build", false);
    check("rm -rf *", "rm -rf build", true);
    check("mkfs*", "mkfs.ext4 /dev/sda", true);
    check("npm publish", "npm --silent publish", true);
    check("npm publish", "npm run publish", false);
    check("git push --force", "git push origin main --force", true);
    check("git push --force", "git push origin main", false);
    check("git push -f", "git push -uf", true);
    check("docker run --privileged", "docker run -it --privileged=true x", true);
    check("chmod -R 777 /", "chmod 777 -R /", true);
    check("chmod -R 777 /", "chmod -R 777 ./x", false);
    check("dd of=/dev/*", "dd if=x of=/dev/sda", false);
    check("dd * of=/dev/*", "dd if=x of=/dev/sda", true);
    check(":(){ :|:& };:", ":(){ :|:& };:", true);
    check(":(){ :|:& };:", ": () { : | : & } ; :", true);
    check("> /dev/sda", "cat x > /dev/sda", true);
    check("wget | sh", "wget -qO- x | bash", true);
    check("", "ls", false);
    check("  ", "ls", false);
    check("bash", "sh x", false);
}

#[test]
fn hostile_text_is_read_to_its_end_in_no_time() {
    let started = std::time::Instant::now();
    for unit in [
        "(",
        "{ ",
        "$(",
        "${",
        "$((",
        "((",
        "`",
        "\\`",
        "\"$(",
        "<(",
        "{a,b}",
        "{",
        "[",
        "*",
        "<<a\n",
        "x=1;",
        "if ",
        "case a in ",
        "bash -c '",
        "eval ",
        "sudo ",
        "'",
        "\"",
        "\\",
        "$",
        "((a)) ",
        "find -exec ",
        "xargs ",
        "echo a|",
        "-a ",
    ] {
        blocked(&unit.repeat(4_000));
        blocked(&format!("git {}", unit.repeat(4_000)));
    }
    for (open, close) in [("( ", " )"), ("echo \"$(", ")\"")] {
        let deep = (0..20).fold("sudo".to_owned(), |text, level| {
            format!("{}bash <<'E{level}'\n{text}\nE{level}\n{}", open.repeat(38), close.repeat(38))
        });
        blocked(&deep);
    }
    blocked(&"eval {a,b}\"'".repeat(2_000));
    // Debug builds on a busy machine; a quadratic walk would take minutes.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

/// A word in one of its spellings.
fn spelling(word: &'static str) -> impl Strategy<Value = String> {
    let spell = |c: char, kind: u8| match kind {
        0 => format!("\\{c}"),
        1 => format!("'{c}'"),
        2 => format!("\"{c}\""),
        3 => format!("$'\\x{:02x}'", u32::from(c)),
        4 => format!("{c}''"),
        5 => format!("{c}$@"),
        6 => format!("$(echo '{c}')"),
        7 => format!("\\\n{c}"),
        _ => c.to_string(),
    };
    prop::collection::vec(0..9_u8, word.len())
        .prop_map(move |kinds| word.chars().zip(kinds).map(|(c, kind)| spell(c, kind)).collect())
}

/// A command that each spelling keeps, with the pattern that blocks it.
fn command() -> impl Strategy<Value = (String, &'static str)> {
    let program = |name: &'static str| {
        (select(vec!["", "/bin/", "/usr/bin/", "/usr/../usr/bin/"]), spelling(name))
            .prop_map(|(path, name)| format!("{path}{name}"))
    };
    let root = select(vec!["/", "//", "/.", "/*", "'/'", "\"/\"", "/tmp/..", "$(echo /)", "\\/", "/?*"]);
    let flags =
        select(vec!["-rf", "-fr", "-r -f", "-f -R", "--recursive --force", "-rvf", "'-r' -f", "-\\r"]);
    prop_oneof![
        program("sudo").prop_map(|sudo| (format!("{sudo} ls -l"), "sudo")),
        program("shutdown").prop_map(|shutdown| (format!("{shutdown} -h now"), "shutdown")),
        (program("rm"), flags, root.clone())
            .prop_map(|(rm, flags, root)| (format!("{rm} {flags} {root}"), "rm -rf /")),
        (program("rm"), root).prop_map(|(rm, root)| (format!("{rm} {root} -rf ./x"), "rm -rf /")),
        (program("curl"), program("bash"))
            .prop_map(|(curl, bash)| (format!("{curl} http://x | {bash}"), "curl | bash")),
        (program("git"), spelling("push")).prop_map(|(git, push)| (format!("{git} -C x {push}"), "git push")),
    ]
}

/// Puts a command where a shell still runs it.
fn nest(command: &str, kind: u8) -> String {
    let quoted = format!("'{}'", command.replace('\'', "'\\''"));
    match kind {
        0 => format!("bash -c {quoted}"),
        1 => format!("eval {quoted}"),
        2 => format!("({command})"),
        3 => format!("{{ {command}; }}"),
        4 => format!("echo $( {command} )"),
        5 => format!("echo \"a $( {command} ) b\""),
        6 => format!("if true; then {command}; fi"),
        7 => format!("for x in 1 2; do {command}; done"),
        8 => format!("true && {command} || ls"),
        9 => format!("echo 'it''s' # don't\n{command}"),
        10 => format!("cat <<'E'\n$(it's\nE\n{command}"),
        11 => format!("f() {{ {command}; }}; f"),
        12 => format!("env A='b c' timeout -k 1 5 sh -ec {quoted}"),
        13 => format!("sh <<'E'\n{command}\nE"),
        14 => format!("printf %s {quoted} | cat | cat; {command}"),
        15 => format!("x=1; case $x in 1) {command};; esac"),
        16 => format!("echo $((1 << 2)) ${{x:-'a}}'}}; {command}"),
        17 => format!("while {command}; do :; done"),
        18 => format!("cat <({command}) > /dev/null"),
        _ => command.to_owned(),
    }
}

proptest! {
    #[test]
    fn no_spelling_slips_through((command, pattern) in command(), nesting in prop::collection::vec(0..20_u8, 0..4)) {
        let text = nesting.into_iter().fold(command, |command, kind| nest(&command, kind));
        prop_assert!(blocked(&text).is_some(), "{} not seen in {:?}", pattern, text);
    }

    #[test]
    fn quoted_text_is_never_a_command((command, _) in command(), kind in 0..4_u8) {
        let quoted = format!("'{}'", command.replace('\'', "'\\''"));
        let text = match kind {
            0 => format!("echo {quoted}"),
            1 => format!("git commit -m {quoted}"),
            2 => format!("cat > x.sh <<'E'\n{command}\nE\nls"),
            _ => format!("ls # {}", command.replace('\n', " ")),
        };
        prop_assert_eq!(blocked(&text), None, "{:?}", text);
    }

    #[test]
    fn any_text_is_read(text in "[a-z\\\\'\"`$(){}\\[\\]<>|&;#*?=,:/! \n-]{0,80}") {
        blocked(&text);
    }
}
