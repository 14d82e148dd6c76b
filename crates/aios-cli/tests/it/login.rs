//! `aios login`, `whoami` and `logout`: where a key is kept, whom it is shown, that nobody else reads it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::Aios;
use crate::serve::Served;

const EMAIL: &str = "me@example.org";
const PASSWORD: &str = "correct horse battery";
const ANSWERS: &[u8] = b"me@example.org\ncorrect horse battery\n";

/// Creates an account, as the web page would; answers its first key.
fn register(served: &Served<'_>) -> String {
    let body = json!({ "email": EMAIL, "password": PASSWORD, "organization_name": "Example" }).to_string();
    let mut stream = TcpStream::connect(&served.address).unwrap();
    let request = format!(
        "POST /api/v1/auth/register HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let account: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
    account["api_key"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// What a client without a key or address of its own says.
fn says(served: &Served<'_>, arguments: &[&str], stdin: &[u8]) -> String {
    served.aios.hear(served.stranger(arguments), stdin)
}

fn file(served: &Served<'_>) -> PathBuf {
    served.home().join("credentials.json")
}

fn stored(served: &Served<'_>) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file(served)).unwrap()).unwrap()
}

#[test]
fn a_person_logs_in_and_out() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    register(&served);
    let said = says(&served, &["login", "--url", &served.url()], ANSWERS);
    assert!(
        said.starts_with("exit 0\n") && said.contains(&format!("logged in to {} as {EMAIL}", served.url())),
        "{said}"
    );
    assert!(said.contains("key     in HOME/client/credentials.json, which only you can read"), "{said}");
    let mode = std::fs::metadata(file(&served)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(served.home()).unwrap().count(), 1, "drafts are left behind");
    let key = stored(&served)["key"].as_str().unwrap().to_owned();
    assert!(key.starts_with("sk_") && !said.contains(&key) && !said.contains(PASSWORD), "{said}");

    let who = says(&served, &["whoami"], b"");
    for part in
        [&format!("who     {EMAIL}"), "in      Example", "role    owner", &served.url(), "credentials.json"]
    {
        assert!(who.contains(part), "{part:?} is missing: {who}");
    }
    assert!(!who.contains(&key), "{who}");
    let told = says(&served, &["whoami", "--json"], b"");
    assert!(
        told.contains("\"key_kept_in\":\"file\"") && told.contains(EMAIL) && !told.contains(&key),
        "{told}"
    );
    assert_eq!(says(&served, &["--remote", "runs"], b""), served.says(&["runs"]));

    let out = says(&served, &["logout"], b"");
    assert_eq!(out, format!("exit 0\n--- stdout\nlogged out of {}\n", served.url()));
    assert!(!file(&served).exists());
    let again = says(&served, &["logout"], b"");
    assert!(again.starts_with("exit 2\n") && again.contains("nobody is logged in"), "{again}");
    let refused = says(&served, &["login", "--url", &served.url(), "--key", "-"], key.as_bytes());
    assert!(refused.starts_with("exit 1\n") && !refused.contains(&key), "the key was to end: {refused}");
    assert!(!file(&served).exists());
}

#[test]
fn a_key_that_exists_is_taken_from_stdin() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    let key = register(&served);
    let login = |key: &str| says(&served, &["login", "--url", &served.url(), "--key", "-"], key.as_bytes());
    let said = login(&format!("  {key}\n"));
    assert!(said.starts_with("exit 0\n") && !said.contains(&key), "{said}");
    let out = says(&served, &["logout"], b"");
    assert!(out.contains("it still works"), "{out}");
    assert!(login(&key).starts_with("exit 0\n"), "a key that was given is left alone");

    for (text, expect) in [("", "there is no key on stdin"), ("sk_wrong", "error: "), ("a\nb", "no key has")]
    {
        let said = login(text);
        assert!(said.contains(expect) && !said.contains("sk_wrong"), "{said}");
    }
    let careless = says(&served, &["login", "--key", "sk_careless"], b"");
    assert!(careless.starts_with("exit 2\n") && careless.contains("--key - < file"), "{careless}");
    assert!(!careless.contains("sk_careless"), "{careless}");
    assert_eq!(stored(&served)["key"], key, "what fails changes nothing");
}

#[test]
fn a_new_login_ends_the_key_of_the_one_before() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    register(&served);
    let login = || says(&served, &["login", "--url", &served.url()], ANSWERS);
    assert!(login().starts_with("exit 0\n"));
    let first = stored(&served)["key"].as_str().unwrap().to_owned();
    assert!(login().starts_with("exit 0\n"));
    assert_ne!(stored(&served)["key"], first);
    let mut command = served.stranger(&["whoami"]);
    command.env("AIOS_API_KEY", &first);
    assert!(aios.hear(command, b"").starts_with("exit 1\n"));
    assert!(says(&served, &["whoami"], b"").starts_with("exit 0\n"));
}

#[test]
fn a_key_is_shown_to_its_own_server_alone() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    register(&served);
    assert!(says(&served, &["login", "--url", &served.url()], ANSWERS).starts_with("exit 0\n"));
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    other.set_nonblocking(true).unwrap();
    let url = format!("http://{}", other.local_addr().unwrap());
    let mut command = served.stranger(&["--remote", "runs"]);
    command.env("AIOS_API_URL", &url);
    let said = aios.hear(command, b"");
    assert_eq!(
        said,
        format!(
            "exit 1\n--- stderr\nerror: there is no key for {url}\nhint: aios login --url {url}; or set AIOS_API_KEY\n"
        )
    );
    assert!(other.accept().is_err(), "it was asked");
}

#[test]
fn logins_that_fail() {
    let aios = Aios::new();
    let mut served = Served::start(&aios);
    register(&served);
    let url = served.url();
    let login = |stdin: &[u8]| says(&served, &["login", "--url", &url], stdin);
    for stdin in [&b"me@example.org\nwrong password\n"[..], b"nobody@example.org\nsecret\n"] {
        let said = login(stdin);
        assert!(said.starts_with("exit 1\n") && said.contains("\nhint: "), "{said}");
    }
    for stdin in [&b""[..], b"me@example.org\n", b"\n\n"] {
        let said = login(stdin);
        assert!(
            said.starts_with("exit 2\n") && said.contains("needs an e-mail address and a password"),
            "{said}"
        );
    }
    let said = says(&served, &["login", "--url", "http://example.org"], ANSWERS);
    assert!(said.starts_with("exit 1\n") && said.contains("in the clear"), "{said}");
    assert!(!file(&served).exists());

    assert!(login(ANSWERS).starts_with("exit 0\n"));
    served.stop("-KILL");
    let out = says(&served, &["logout"], b"");
    assert!(out.starts_with("exit 0\n") && out.contains("the server could not end it"), "{out}");
    assert!(!file(&served).exists());
}

#[test]
fn no_log_holds_a_key() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    register(&served);
    for (arguments, stdin) in
        [(&["login", "--url", &served.url()][..], ANSWERS), (&["--remote", "runs"], b"")]
    {
        let mut command = served.stranger(arguments);
        command.env("AIOS_LOG", "trace");
        assert!(aios.hear(command, stdin).starts_with("exit 0\n"));
    }
    let log = std::fs::read_to_string(served.home().join("logs/aios.log")).unwrap();
    let key = stored(&served)["key"].as_str().unwrap().to_owned();
    assert!(!log.is_empty() && !log.contains(&key) && !log.contains(PASSWORD));
}

#[test]
fn a_damaged_file_is_said_and_replaced() {
    let aios = Aios::new();
    let served = Served::start(&aios);
    register(&served);
    std::fs::create_dir(served.home()).unwrap();
    std::fs::write(file(&served), "{\"key\": \"sk_half").unwrap();
    let said = says(&served, &["whoami"], b"");
    assert!(
        said.starts_with("exit 1\n") && said.contains("cannot be read") && !said.contains("sk_half"),
        "{said}"
    );
    assert!(says(&served, &["login", "--url", &served.url()], ANSWERS).starts_with("exit 0\n"));
    assert!(says(&served, &["whoami"], b"").starts_with("exit 0\n"));
}
