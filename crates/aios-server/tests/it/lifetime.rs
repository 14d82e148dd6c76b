//! Starting and stopping.

use std::time::{Duration, Instant};

use aios_server::{Options, serve};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::Served;
use aios_testkit::http::Answer;

#[tokio::test]
async fn requests_under_way_are_answered_and_new_ones_are_not_taken() {
    let served = Served::start().await;
    let ask = served.ask("POST", "/api/v1/runs").json("{}");
    let bytes = ask.bytes();
    let (most, last) = bytes.split_at(bytes.len() - 1);
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    stream.write_all(most).await.unwrap();
    // Once this one is answered, that one is being read.
    assert_eq!(served.stranger("GET", "/ping").send().await.status, 200);
    let (address, began) = (served.address, Instant::now());
    let stopping = tokio::spawn(served.stop());
    while TcpStream::connect(address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stream.write_all(last).await.unwrap();
    Answer::read(stream).await.problem(422, "invalid_request");
    stopping.await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(3), "nothing was left to wait for");
}

#[tokio::test]
async fn addresses_of_the_network_need_a_proxy() {
    let check = |address: &str, behind_proxy: bool, expect: bool| {
        let options = Options { behind_proxy, ..Options::default() };
        let checked = options.check(address.parse().unwrap());
        assert_eq!(checked.is_ok(), expect, "{address}");
        if let Err(problem) = checked {
            assert!(problem.hint.unwrap().contains("--behind-proxy"));
        }
    };
    check("127.0.0.1:8001", false, true);
    check("[::1]:8001", false, true);
    check("0.0.0.0:8001", false, false);
    check("[::]:8001", false, false);
    check("192.0.2.1:8001", false, false);
    check("0.0.0.0:8001", true, true);

    let served = Served::start().await;
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let refused = serve(listener, served.app.clone(), Options::default(), std::future::pending()).await;
    assert!(refused.unwrap_err().message.contains("in the clear"));
    served.stop().await;
}

#[tokio::test]
async fn one_server_for_one_data_folder() {
    let served = Served::start().await;
    let held = served.app.lock_for_server("http://127.0.0.1:1").unwrap();
    let problem = served.app.lock_for_server("http://127.0.0.1:2").unwrap_err();
    assert!(problem.message.contains("at http://127.0.0.1:1"), "{problem:?}");
    drop(held);
    served.app.lock_for_server("http://127.0.0.1:2").unwrap();
    served.stop().await;
}
