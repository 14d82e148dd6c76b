//! Taking the files of a run along.

use std::io::{Cursor, Read};
use std::path::Path;

use aios_testkit::Script;
use zip::ZipArchive;

use crate::{done, served, start_run, write};

#[tokio::test]
async fn the_archive_holds_what_is_shown_and_nothing_secret() {
    let script = Script::new().agent("backend", [write("src/notes.md", "# Notes\n"), done()]);
    let mut served = served(script).await;
    let run_id = start_run(&served).await;
    served.world.follow(run_id.parse().unwrap()).await;
    let run = served.json("GET", &format!("/api/v1/runs/{run_id}"), None).await;
    let folder = Path::new(run["dir"].as_str().unwrap());
    let put = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    put(".env", "SECRET=1");
    put("node_modules/x/index.js", "generated");
    put(".git/config", "[core]");
    put("ignored.log", "ignored");
    put(".gitignore", "*.log\n");
    put("große datei.bin", &"x".repeat(12_000_000));
    std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).unwrap();
    std::os::unix::fs::symlink("/etc", folder.join("links")).unwrap();

    let (status, body) = served.ask("GET", &format!("/api/v1/runs/{run_id}/download"), None).await;
    assert_eq!(status, 200);
    assert!(body.len() < 1_000_000, "{} bytes", body.len());
    let mut archive = ZipArchive::new(Cursor::new(body)).unwrap();
    let mut names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    assert_eq!(names, [".gitignore", "große datei.bin", "src/notes.md"]);
    let mut text = String::new();
    archive.by_name("src/notes.md").unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "# Notes\n");
    assert_eq!(archive.by_name("große datei.bin").unwrap().size(), 12_000_000);

    std::fs::remove_dir_all(folder).unwrap();
    let (status, _) = served.ask("GET", &format!("/api/v1/runs/{run_id}/download"), None).await;
    assert_eq!(status, 404);
    served.stop().await.finish().await;
}
