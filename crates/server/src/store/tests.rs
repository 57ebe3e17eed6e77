//! The promises of the store: isolation of each write, snapshots, limits, and what survives.

use std::time::Duration;

use super::*;

async fn count(store: &Store) -> i64 {
    store
        .read(|db| db.query("SELECT count(*) FROM tenant", &[])?[0].integer(0))
        .await
        .unwrap()
}

fn insert(db: &mut dyn Db, slug: &str) -> Result<usize, Error> {
    db.execute(
        "INSERT INTO tenant (id, created, updated, name, slug) VALUES (gen_random_uuid(), '', '', ?1, ?1)",
        &[slug.into()],
    )
}

/// Lets the database grow to this many pages at most, or to what it has.
async fn most_pages(store: &Store, most: u32) {
    let sql = format!("PRAGMA max_page_count = {most}");
    store.write(move |db| db.query(&sql, &[])).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_fails_what_it_meets_and_passes() {
    let store = Store::open(&DatabaseUrl::Memory).unwrap();
    most_pages(&store, 1).await;
    // Keeps the writer busy so that the next ones end up in one batch.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let blocker = tokio::spawn({
        let store = store.clone();
        async move { store.write(move |_| held.recv().map_err(Error::internal)).await }
    });
    let writes: Vec<_> = ["small", "large", "after"]
        .map(|slug| {
            let store = store.clone();
            let slug = if slug == "large" {
                slug.repeat(1_000_000)
            } else {
                slug.to_owned()
            };
            tokio::spawn(async move { store.write(move |db| insert(db, &slug)).await })
        })
        .into();
    // Each of them is queued when it has run once.
    tokio::task::yield_now().await;
    release.send(()).unwrap();
    // SQLite has ended the transaction of all of them: none is told that it was at fault.
    let mut outcomes = vec![blocker.await.unwrap().map(|()| 0)];
    for write in writes {
        outcomes.push(write.await.unwrap());
    }
    for outcome in &outcomes {
        assert!(matches!(outcome, Err(Error::Unavailable(_))), "{outcomes:?}");
    }
    assert_eq!(count(&store).await, 0);
    let outcome = store.write(|db| insert(db, &"large".repeat(1_000_000))).await;
    assert!(
        matches!(&outcome, Err(Error::Unavailable(why)) if why.contains("full")),
        "{outcome:?}"
    );
    most_pages(&store, 1_000_000).await;
    store
        .write(|db| insert(db, &"large".repeat(1_000_000)))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_failing_write_undoes_only_itself() {
    let store = Store::open(&DatabaseUrl::Memory).unwrap();
    // Keeps the writer busy so that the next ones end up in one batch.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let blocker = tokio::spawn({
        let store = store.clone();
        async move { store.write(move |_| held.recv().map_err(Error::internal)).await }
    });
    let writes: Vec<_> = (0..20)
        .map(|i| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(move |db| {
                        insert(db, &format!("tenant-{i}"))?;
                        match i % 4 {
                            1 => Err(Error::client("refused")),
                            2 => panic!("out of order"),
                            3 => insert(db, &format!("tenant-{i}")),
                            _ => Ok(1),
                        }
                    })
                    .await
            })
        })
        .collect();
    release.send(()).unwrap();
    blocker.await.unwrap().unwrap();
    for (i, write) in writes.into_iter().enumerate() {
        let expected = match i % 4 {
            1 => Err(Error::client("refused")),
            2 => Err(Error::Internal("a write panicked: out of order".into())),
            3 => Err(Error::client("Uniqueness violation.")),
            _ => Ok(1),
        };
        assert_eq!(write.await.unwrap(), expected, "write {i}");
    }
    assert_eq!(count(&store).await, 5);
}

#[tokio::test]
async fn a_read_sees_one_moment() {
    let store = Store::open(&DatabaseUrl::Memory).unwrap();
    let (started, has_started) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let read = tokio::spawn({
        let store = store.clone();
        async move {
            store
                .read(move |db| {
                    let before = db.query("SELECT count(*) FROM tenant", &[])?[0].integer(0)?;
                    started.send(()).map_err(|()| Error::internal("nobody waits"))?;
                    may_go_on.recv().map_err(Error::internal)?;
                    Ok((
                        before,
                        db.query("SELECT count(*) FROM tenant", &[])?[0].integer(0)?,
                    ))
                })
                .await
        }
    });
    has_started.await.unwrap();
    store.write(|db| insert(db, "new")).await.unwrap();
    go_on.send(()).unwrap();
    assert_eq!(read.await.unwrap(), Ok((0, 0)));
    assert_eq!(count(&store).await, 1);
}

#[tokio::test]
async fn readers_cannot_write() {
    let store = Store::open(&DatabaseUrl::Memory).unwrap();
    let error = store.read(|db| insert(db, "x")).await.unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_stopped_and_the_next_one_works() {
    let store = Store::open_with_time_limit(&DatabaseUrl::Memory, Duration::from_millis(20)).unwrap();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    for _ in 0..8 {
        assert_eq!(
            store.read(move |db| db.query(endless, &[])).await,
            Err(Error::Timeout)
        );
        assert_eq!(count(&store).await, 0);
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::File(folder.path().join("deep/er/flowdeck.db"));
    let store = Store::open(&url).unwrap();
    store.write(|db| insert(db, "kept")).await.unwrap();
    drop(store);
    assert_eq!(count(&Store::open(&url).unwrap()).await, 1);
}

#[tokio::test]
async fn a_closed_store_leaves_one_file_with_everything_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flowdeck.db");
    let store = Store::open(&DatabaseUrl::File(path.clone())).unwrap();
    store.write(|db| insert(db, "kept")).await.unwrap();
    assert!(count(&store).await > 0);
    drop(store);
    assert!(!folder.path().join("flowdeck.db-wal").exists());
}

/// What `kill -9` leaves behind is the file and its write-ahead log as they are at that moment.
#[tokio::test]
async fn what_was_acknowledged_is_in_the_files_at_that_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flowdeck.db");
    let store = Store::open(&DatabaseUrl::File(path.clone())).unwrap();
    store.write(|db| insert(db, "kept")).await.unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(
        folder.path().join("flowdeck.db-wal"),
        folder.path().join("copy.db-wal"),
    )
    .unwrap();
    assert_eq!(count(&Store::open(&DatabaseUrl::File(copy)).unwrap()).await, 1);
}

/// Parameters and logs of a trial are no business of the other users of the machine.
#[tokio::test]
async fn a_temporary_database_is_private_and_goes() {
    let store = Store::open(&DatabaseUrl::Memory).unwrap();
    let file = store
        .read(|db| db.query_text("SELECT file FROM pragma_database_list", &[]))
        .await
        .unwrap()
        .unwrap();
    let folder = Path::new(&file).parent().unwrap().to_owned();
    let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
    drop(store);
    assert!(!folder.exists(), "{}", folder.display());
}

#[test]
fn a_second_server_on_the_same_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flowdeck.db");
    let url = DatabaseUrl::File(path.clone());
    let first = Store::open(&url).unwrap();
    let message = Store::open(&url).err().unwrap().to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(
        message.contains(&format!("process {}", std::process::id())),
        "{message}"
    );
    drop(first);
    Store::open(&url).unwrap();
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(
        &path,
        "this is not a database, but it is longer than the header of one ".repeat(20),
    )
    .unwrap();
    let message = Store::open(&DatabaseUrl::File(path.clone()))
        .err()
        .unwrap()
        .to_string();
    assert!(message.contains(&path.display().to_string()), "{message}");
    assert!(message.contains("cannot be opened"), "{message}");
}

#[test]
fn a_database_of_a_newer_version_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flowdeck.db");
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    let message = Store::open(&DatabaseUrl::File(path.clone()))
        .err()
        .unwrap()
        .to_string();
    assert!(
        message.contains(&path.display().to_string()) && message.contains("newer Flowdeck"),
        "{message}"
    );
}
