//! The tier against damage, killing and sharing.

use std::fs::{self, File, OpenOptions};
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use http::{HeaderValue, StatusCode, header};

use super::folder::Folder;
use super::format::{Writer, read};
use super::*;
use crate::cache::entry::Extent;
use crate::cache::samples::{key, stored};
use crate::cache::stored_body::StoredBody;

/// A folder of its own, removed when the test is over.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name =
            format!("siskin-cache-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }

    fn disk(&self, max_bytes: u64) -> Disk {
        Disk::new(self.0.clone(), max_bytes).unwrap()
    }

    /// Names and sizes of the entries.
    fn entries(&self) -> Vec<(String, u64)> {
        let files = fs::read_dir(&self.0).unwrap().map(Result::unwrap);
        let entries =
            files.map(|file| (file.file_name().into_string().unwrap(), file.metadata().unwrap().len()));
        entries.filter(|(name, _)| name != "CACHEDIR.TAG").collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_file(&self.0);
    }
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds)
}

/// All bytes of a body.
fn bytes(mut body: StoredBody) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.read().unwrap() {
        bytes.extend_from_slice(&piece);
    }
    bytes
}

fn assert_same(a: &Stored, b: &Stored) {
    assert_eq!((a.status, &a.headers, &a.varied), (b.status, &b.headers, &b.varied));
    assert_eq!((a.exchanged, a.extent), (b.exchanged, b.extent));
    assert_eq!(bytes(a.body.clone()), bytes(b.body.clone()));
}

/// A file with a part and another variant, in bytes.
fn sample() -> (Vec<u8>, [Arc<Stored>; 2]) {
    let mut part = Stored::clone(&stored("a: 1", 40));
    part.status = StatusCode::PARTIAL_CONTENT;
    part.extent = Some(Extent { start: 2, end: 42, total: 100 });
    for cookie in ["a=1", "b=\u{e9}"] {
        part.headers.append(header::SET_COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).unwrap());
    }
    let variants = [Arc::new(part), stored("", 3)];
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    for variant in &variants {
        writer.whole(variant, None).unwrap();
    }
    let (file, size) = writer.finish("site http://a.test/").unwrap();
    assert_eq!(file.get_ref().len() as u64, size);
    (file.into_inner(), variants)
}

#[test]
fn what_is_written_is_read() {
    let place = Place::new();
    let (file, variants) = sample();
    fs::write(&place.0, file).unwrap();
    let (key, found) = read(File::open(&place.0).unwrap()).unwrap().unwrap();
    assert_eq!((key.as_str(), found.len()), ("site http://a.test/", 2));
    for (written, found) in variants.iter().zip(&found) {
        assert_same(written, &found.stored);
    }
}

#[test]
fn every_flipped_or_missing_byte_is_noticed() {
    let place = Place::new();
    let (whole, _) = sample();
    let is_entry = |bytes: &[u8]| {
        fs::write(&place.0, bytes).unwrap();
        read(File::open(&place.0).unwrap()).unwrap().is_some()
    };
    assert!(is_entry(&whole));
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(!is_entry(&flipped), "byte {at}");
        assert!(!is_entry(&whole[..at]), "the first {at} bytes");
    }
    assert!(!is_entry(&[whole.as_slice(), b"x"].concat()));
}

#[tokio::test]
async fn stored_for_the_next_process() {
    let place = Place::new();
    let (small, other, large) = (stored("a: 1", 100), stored("a: 2", 0), stored("", 3_000_000));
    {
        let disk = place.disk(1 << 26);
        disk.put(&key("x"), small.clone());
        disk.put(&key("x"), other.clone());
        let spool = disk.spool().unwrap();
        for piece in large.body.in_memory().unwrap().chunks(70_000) {
            spool.add(Bytes::copy_from_slice(piece));
        }
        spool.finish(key("large"), Stored::clone(&large));
        disk.spool().unwrap().add(Bytes::from_static(b"given up"));
        disk.put(&key("gone"), small.clone());
        disk.remove(&key("gone"));
    }
    assert_eq!(place.entries().len(), 2, "nothing else is left: {:?}", place.entries());
    let disk = place.disk(1 << 26);
    let found = disk.get(&key("x"), at(9)).await;
    assert_eq!(found.len(), 2);
    assert_same(&found[0], &other);
    assert_same(&found[1], &small);
    let found = disk.get(&key("large"), at(9)).await;
    assert!(found[0].body.in_memory().is_none(), "a large body stays on the disk");
    assert_same(&found[0], &large);
    assert_eq!(
        bytes(found[0].body.slice(1_000_000, 1_000_003)),
        bytes(large.body.slice(1_000_000, 1_000_003))
    );
    assert!(disk.get(&key("gone"), at(9)).await.is_empty());
    // Another variant beside the large one, which is copied; and the header of the large one brought up to date.
    disk.put(&key("large"), stored("a: 1", 5));
    let fresh = Stored { status: StatusCode::NOT_FOUND, ..Stored::clone(&found[0]) };
    disk.put(&key("large"), Arc::new(fresh));
    let found = disk.get(&key("large"), at(9)).await;
    assert_eq!(found.iter().map(|stored| stored.body.len()).collect::<Vec<_>>(), [3_000_000, 5]);
    assert_eq!(bytes(found[0].body.clone()), bytes(large.body.clone()));
}

#[tokio::test]
async fn a_damaged_file_is_a_miss_and_goes() {
    let place = Place::new();
    for (size, position) in [(100, 50), (3_000_000, 2_000_000), (3_000_000, 3_000_100)] {
        let disk = place.disk(1 << 26);
        disk.put(&key("x"), stored("", size));
        drop(disk);
        let path = place.0.join(Folder::name(&key("x")));
        let mut bytes = fs::read(&path).unwrap();
        bytes[position] ^= 4;
        fs::write(&path, bytes).unwrap();
        let disk = place.disk(1 << 26);
        assert!(disk.get(&key("x"), at(9)).await.is_empty());
        drop(disk);
        assert!(!path.exists(), "{size} {position}");
    }
}

#[tokio::test]
async fn a_file_of_another_key_is_a_miss() {
    let place = Place::new();
    let disk = place.disk(1 << 26);
    disk.put(&key("x"), stored("", 10));
    drop(disk);
    let path = |path| place.0.join(Folder::name(&key(path)));
    fs::copy(path("x"), path("y")).unwrap();
    let disk = place.disk(1 << 26);
    assert!(disk.get(&key("y"), at(9)).await.is_empty());
    assert_eq!(disk.get(&key("x"), at(9)).await.len(), 1);
}

#[tokio::test]
async fn the_folder_is_bounded_and_the_least_used_goes() {
    let place = Place::new();
    let max = 100_000;
    let disk = place.disk(max);
    let total = |place: &Place| place.entries().iter().map(|(_, size)| size).sum::<u64>();
    for n in 0..40 {
        let mut entry = Stored::clone(&stored("", 5000));
        entry.exchanged.responded = at(n);
        disk.put(&key(&n.to_string()), Arc::new(entry));
        // The first one is used again and again.
        assert_eq!(disk.get(&key("0"), at(n)).await.len(), 1, "{n}");
        assert!(total(&place) <= max);
    }
    assert!(disk.get(&key("1"), at(50)).await.is_empty());
    assert_eq!(disk.get(&key("39"), at(50)).await.len(), 1);
    assert!(total(&place) > max / 2, "no more goes than must");
    // What another process wrote counts too.
    let other = place.disk(max / 4);
    let mut last = Stored::clone(&stored("", 2000));
    last.exchanged.responded = at(99);
    other.put(&key("last"), Arc::new(last));
    assert_eq!(other.get(&key("last"), at(99)).await.len(), 1);
    drop(other);
    assert!(total(&place) <= max / 4, "{}", total(&place));
}

#[tokio::test]
async fn leftovers_are_swept_unless_they_are_being_written() {
    let place = Place::new();
    fs::create_dir_all(&place.0).unwrap();
    let path = |name: &str| place.0.join(name);
    for name in ["unfinished-1-1", "unfinished-1-2", "somebody\u{2019}s.txt", "entry-short"] {
        fs::write(path(name), "x").unwrap();
    }
    let writing = OpenOptions::new().write(true).open(path("unfinished-1-2")).unwrap();
    writing.try_lock().unwrap();
    let disk = place.disk(1 << 20);
    assert!(disk.get(&key("x"), at(0)).await.is_empty());
    assert!(!path("unfinished-1-1").exists());
    for name in ["unfinished-1-2", "somebody\u{2019}s.txt", "entry-short"] {
        assert!(path(name).exists(), "{name}");
    }
}

#[tokio::test]
async fn two_share_a_folder() {
    let place = Place::new();
    let disks = [place.disk(1 << 26), place.disk(1 << 26)];
    let keys: Vec<CacheKey> = (0..10).map(|n| key(&n.to_string())).collect();
    for round in 0..20 {
        for (n, key) in keys.iter().enumerate() {
            disks[(n + round) % 2].put(key, stored("", 1000 * n + 1));
            disks[(n + round + 1) % 2].remove(&keys[(n + round) % 10]);
            let found = disks[round % 2].get(key, at(0)).await;
            assert!(found.len() <= 1);
            if let Some(found) = found.first() {
                assert_same(found, &stored("", 1000 * n + 1));
            }
        }
    }
}

#[tokio::test]
async fn where_nothing_can_be_written_nothing_is() {
    // A file stands where the folder should be.
    let place = Place::new();
    fs::write(&place.0, "x").unwrap();
    let disk = place.disk(1 << 20);
    disk.put(&key("x"), stored("", 10));
    assert!(disk.get(&key("x"), at(0)).await.is_empty());
    drop(disk);
    assert_eq!(fs::read(&place.0).unwrap(), b"x");
    // The folder goes away under it.
    let place = Place::new();
    let disk = place.disk(1 << 20);
    disk.put(&key("x"), stored("", 10));
    assert_eq!(disk.get(&key("x"), at(0)).await.len(), 1);
    fs::remove_dir_all(&place.0).unwrap();
    for n in 0..5 {
        disk.put(&key(&n.to_string()), stored("", 10));
        let spool = disk.spool().unwrap();
        spool.add(Bytes::from_static(b"x"));
        spool.finish(key("y"), Stored::clone(&stored("", 0)));
    }
    assert!(disk.get(&key("x"), at(0)).await.is_empty());
    drop(disk);
    assert!(!place.0.exists());
}
