//! Archives: whole, or not at all.

use aios_protocol::{ErrorCode, Problem, RunId};
use futures::TryStreamExt;

use crate::peer::{Peer, Say, answer, problem};

async fn download(say: Say) -> Result<Vec<u8>, Problem> {
    let peer = Peer::start([say]).await;
    let pieces = peer.client().download(RunId::generate()).await?;
    let pieces: Vec<_> = pieces.try_collect().await?;
    Ok(pieces.concat())
}

#[tokio::test]
async fn archives() {
    let whole = download(answer(200, "content-type: application/zip\r\n", "PK…")).await;
    assert_eq!(whole.unwrap(), "PK…".as_bytes());
    let refused = download(problem(404, "not_found", "there is no such run")).await.unwrap_err();
    assert_eq!((refused.code, refused.message.as_str()), (ErrorCode::NotFound, "there is no such run"));
    let cut = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nPK..\r\n".to_vec();
    let cut = download(Say::Raw(cut)).await.unwrap_err();
    assert!(cut.message.contains("broke before run_download was answered"), "{cut}");
}
