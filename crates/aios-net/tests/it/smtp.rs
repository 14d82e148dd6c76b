//! A conversation with a relay, line by line.

use aios_core::{Mailer, Secret};
use aios_net::{Security, SmtpMailer, SmtpSettings};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Plays a relay for one connection: each of the client's lines must begin as expected and is answered. Gives the mail.
async fn relay(turns: Vec<(&'static str, &'static str)>) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let play = async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut socket = BufReader::new(socket);
        socket.write_all(b"220 relay.test ESMTP\r\n").await.unwrap();
        let mut mail = String::new();
        for (expect, answer) in turns {
            let mut line = String::new();
            socket.read_line(&mut line).await.unwrap();
            assert!(line.starts_with(expect) && line.ends_with("\r\n"), "{line:?} instead of {expect:?}");
            socket.write_all(answer.as_bytes()).await.unwrap();
            while answer.starts_with("354") && !mail.ends_with("\r\n.\r\n") {
                assert_ne!(socket.read_line(&mut mail).await.unwrap(), 0, "the mail ended early:\n{mail}");
            }
            if answer.starts_with("354") {
                socket.write_all(b"250 queued\r\n").await.unwrap();
            }
        }
        mail
    };
    (port, tokio::spawn(play))
}

fn settings(port: u16, login: bool, security: Security) -> SmtpSettings {
    let login = login.then(|| ("ada".to_owned(), Secret::new("geheim".to_owned())));
    let from = "CesaFlow <noreply@example.com>".to_owned();
    SmtpSettings { host: "127.0.0.1".into(), port, security, login, from }
}

const EHLO: (&str, &str) = ("EHLO ", "250-relay.test\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n");

#[tokio::test]
async fn a_mail_goes_through_the_relay_whole() {
    let (port, relay) = relay(vec![
        EHLO,
        // "\0ada\0geheim" in base64.
        ("AUTH PLAIN AGFkYQBnZWhlaW0=", "235 welcome\r\n"),
        ("MAIL FROM:<noreply@example.com>", "250 ok\r\n"),
        ("RCPT TO:<bob@example.com>", "250 ok\r\n"),
        ("DATA", "354 go\r\n"),
        ("QUIT", "221 bye\r\n"),
    ])
    .await;
    let mailer = SmtpMailer::new(settings(port, true, Security::Plain)).unwrap();
    let body = "Hello\n.\n.. your code:\n\n    inv_x\n";
    mailer.send("bob@example.com", "Join Würfel on CesaFlow", body).await.unwrap();
    let mail = relay.await.unwrap();
    for part in [
        "From: CesaFlow <noreply@example.com>\r\n",
        "To: bob@example.com\r\n",
        "Subject: Join =?utf-8?b?",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "\r\n\r\nHello\r\n..\r\n... your code:\r\n\r\n    inv_x\r\n",
    ] {
        assert!(mail.contains(part), "{part:?} is not in\n{mail}");
    }
}

#[tokio::test]
async fn a_name_in_a_subject_starts_no_header_and_a_name_in_an_address_no_recipient() {
    let mailer = SmtpMailer::new(settings(9, false, Security::Plain)).unwrap();
    for to in ["bob@example.com\r\nRCPT TO:<eve@example.com>", "bob@example.com, eve@example.com", "bob"] {
        let error = mailer.send(to, "x", "x").await.unwrap_err();
        assert!(error.source.to_string().contains("nvalid"), "{to:?}: {error}");
    }
    let (port, relay) = relay(vec![
        EHLO,
        ("MAIL FROM:", "250 ok\r\n"),
        ("RCPT TO:", "250 ok\r\n"),
        ("DATA", "354 go\r\n"),
        ("QUIT", "221 bye\r\n"),
    ])
    .await;
    let mailer = SmtpMailer::new(settings(port, false, Security::Plain)).unwrap();
    mailer.send("bob@example.com", "Join x\r\nBcc: eve@example.com", "x").await.unwrap();
    let mail = relay.await.unwrap();
    assert!(!mail.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{mail}");
}

#[tokio::test]
async fn a_refusal_is_told_with_the_relays_words() {
    let (port, relay) =
        relay(vec![EHLO, ("MAIL FROM:", "250 ok\r\n"), ("RCPT TO:", "550 no such mailbox\r\n")]).await;
    let mailer = SmtpMailer::new(settings(port, false, Security::Plain)).unwrap();
    let error = mailer.send("nobody@example.com", "x", "x").await.unwrap_err().to_string();
    assert!(error.contains("no such mailbox") && error.contains("nobody@example.com"), "{error}");
    relay.await.unwrap();
}

#[tokio::test]
async fn a_relay_that_cannot_encrypt_gets_no_password() {
    let (port, relay) = relay(vec![EHLO]).await;
    let mailer = SmtpMailer::new(settings(port, true, Security::StartTls)).unwrap();
    mailer.send("bob@example.com", "x", "x").await.unwrap_err();
    relay.await.unwrap();
}
