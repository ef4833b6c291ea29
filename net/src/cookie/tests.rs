//! The jar as a whole, on a clock that the tests move.

use std::time::{Duration, SystemTime};

use url::Url;

use super::context::{Channel, Context, Relation};
use super::{Cookie, Jar, SameSite};
use crate::cookie_note::{CookieFate, CookieRefusal as Why};
use crate::limits::{MAX_COOKIES, MAX_COOKIES_PER_SITE, PURGED_COOKIES, PURGED_COOKIES_PER_SITE};

/// A jar, and a clock.
struct Bench {
    jar: Jar,
    now: SystemTime,
}

/// One exchange with a URL, a same-site one over a secure connection if nothing else is said.
struct At<'a> {
    bench: &'a Bench,
    url: Url,
    relation: Relation,
    partition: &'static str,
}

impl Bench {
    fn new() -> Self {
        Self { jar: Jar::default(), now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600) }
    }

    fn at(&self, url: &str) -> At<'_> {
        let partition = "https://top.test";
        At { bench: self, url: Url::parse(url).unwrap(), relation: Relation::SameSite, partition }
    }

    fn later(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }
}

impl At<'_> {
    fn context(&self) -> Context<'_> {
        Context {
            url: &self.url,
            channel: if self.url.scheme() == "https" { Channel::Secure } else { Channel::Insecure },
            relation: self.relation,
            partition: self.partition.to_owned(),
            now: self.bench.now,
        }
    }

    fn by(self, relation: Relation) -> Self {
        Self { relation, ..self }
    }

    fn within(self, partition: &'static str) -> Self {
        Self { partition, ..self }
    }

    fn set(&self, line: impl AsRef<[u8]>) -> CookieFate {
        let notes = self.bench.jar.receive(&self.context(), [line.as_ref()].into_iter());
        notes[0].fate
    }

    fn sent(&self) -> String {
        String::from_utf8(self.bench.jar.select(&self.context()).header).unwrap()
    }
}

#[test]
fn what_is_kept() {
    let long = "x".repeat(4095);
    for (url, line, fate, sent) in [
        ("https://a.test/", "a=b", CookieFate::Stored, "a=b"),
        ("https://a.test/", "a=b; Max-Age=0", CookieFate::Removed, ""),
        ("https://a.test/", "alone", CookieFate::Stored, "alone"),
        ("https://a.test/", "=value", CookieFate::Stored, "value"),
        ("https://a.test/", "a=", CookieFate::Stored, "a="),
        ("https://a.test/", "=", CookieFate::Refused(Why::Empty), ""),
        ("https://a.test/", "", CookieFate::Refused(Why::Empty), ""),
        ("https://a.test/", "a=b\tc", CookieFate::Stored, "a=b\tc"),
        ("https://a.test/", "a=b\u{1}", CookieFate::Refused(Why::ControlCharacter), ""),
        ("https://a.test/", "a=b; x=\u{7f}", CookieFate::Refused(Why::ControlCharacter), ""),
        ("https://a.test/", &format!("a={long}"), CookieFate::Stored, &format!("a={long}")),
        ("https://a.test/", &format!("ab={long}"), CookieFate::Refused(Why::TooLong), ""),
        // An attribute that is too long is passed over; the one before it holds.
        ("https://a.test/", &format!("a=b; Path=/; Path=/{long}"), CookieFate::Stored, "a=b"),
        ("https://a.test/", "a=b; Domain=ä.test", CookieFate::Refused(Why::DomainNotAscii), ""),
        ("https://a.test/", "a=b; Domain=test", CookieFate::Refused(Why::PublicSuffix), ""),
        ("https://x.a.co.uk/", "a=b; Domain=co.uk", CookieFate::Refused(Why::PublicSuffix), ""),
        ("https://x.a.co.uk/", "a=b; Domain=.A.co.uk", CookieFate::Stored, "a=b"),
        ("https://a.test/", "a=b; Domain=b.test", CookieFate::Refused(Why::OtherDomain), ""),
        ("https://a.test/", "a=b; Domain=x.a.test", CookieFate::Refused(Why::OtherDomain), ""),
        ("https://a.test/", "a=b; Domain=", CookieFate::Stored, "a=b"),
        ("http://localhost/", "a=b; Domain=localhost", CookieFate::Stored, "a=b"),
        ("http://127.0.0.1/", "a=b; Domain=127.0.0.1", CookieFate::Stored, "a=b"),
        ("http://127.0.0.1/", "a=b; Domain=0.0.1", CookieFate::Refused(Why::OtherDomain), ""),
        ("http://a.test/", "a=b; Secure", CookieFate::Refused(Why::Insecure), ""),
        ("https://a.test/", "a=b; SameSite=None", CookieFate::Refused(Why::NoneWithoutSecure), ""),
        ("https://a.test/", "a=b; SameSite=None; Secure", CookieFate::Stored, "a=b"),
        ("https://a.test/", "__Secure-a=b", CookieFate::Refused(Why::Prefix), ""),
        ("https://a.test/", "__sEcure-a=b", CookieFate::Refused(Why::Prefix), ""),
        ("https://a.test/", "__Secure-a=b; secure", CookieFate::Stored, "__Secure-a=b"),
        ("https://a.test/", "__Host-a=b; secure", CookieFate::Refused(Why::Prefix), ""),
        ("https://a.test/", "__Host-a=b; secure; path=", CookieFate::Refused(Why::Prefix), ""),
        ("https://a.test/", "__Host-a=b; secure; path=/", CookieFate::Stored, "__Host-a=b"),
        (
            "https://a.test/",
            "__Host-a=b; secure; path=/; domain=a.test",
            CookieFate::Refused(Why::Prefix),
            "",
        ),
        ("https://a.test/", "__Http-a=b; secure", CookieFate::Refused(Why::Prefix), ""),
        ("https://a.test/", "__Http-a=b; secure; httponly", CookieFate::Stored, "__Http-a=b"),
        ("https://a.test/", "__Host-Http-a=b; secure; path=/", CookieFate::Refused(Why::Prefix), ""),
        (
            "https://a.test/",
            "__Host-Http-a=b; secure; path=/; httponly",
            CookieFate::Stored,
            "__Host-Http-a=b",
        ),
        ("https://a.test/", "__Host-", CookieFate::Refused(Why::HiddenPrefix), ""),
        ("https://a.test/", "=__Secure-a=b; secure", CookieFate::Refused(Why::HiddenPrefix), ""),
        ("https://a.test/", "a=b; Partitioned", CookieFate::Refused(Why::PartitionedWithoutSecure), ""),
        ("https://a.test/", "a=b; Partitioned; Secure", CookieFate::Stored, "a=b"),
    ] {
        let bench = Bench::new();
        let at = bench.at(url);
        assert_eq!(at.set(line), fate, "{line}");
        assert_eq!(at.sent(), sent, "{line}");
    }
}

#[test]
fn bytes_go_back_as_they_came() {
    let bench = Bench::new();
    bench.at("https://a.test/").set(b"a=\xff\xe4");
    assert_eq!(bench.jar.select(&bench.at("https://a.test/").context()).header, b"a=\xff\xe4");
}

#[test]
fn same_site_decides_sending_and_setting() {
    use Relation::{CrossSite, SafeNavigation, SameSite, UnsafeNavigation};
    // For each relation: whether it may set the cookie; whether the cookie goes along at once and after three minutes.
    for (line, table) in [
        ("a=b; Secure; SameSite=None", [(true, true, true); 4]),
        ("a=b", [(true, true, true), (true, true, true), (true, true, false), (false, false, false)]),
        (
            "a=b; SameSite=what",
            [(true, true, true), (true, true, true), (true, true, false), (false, false, false)],
        ),
        (
            "a=b; SameSite=lax",
            [(true, true, true), (true, true, true), (true, false, false), (false, false, false)],
        ),
        (
            "a=b; SameSite=STRICT",
            [(true, true, true), (true, false, false), (true, false, false), (false, false, false)],
        ),
    ] {
        for (relation, (sets, at_once, later)) in
            [SameSite, SafeNavigation, UnsafeNavigation, CrossSite].into_iter().zip(table)
        {
            let bench = Bench::new();
            let fate = bench.at("https://a.test/").by(relation).set(line);
            assert_eq!(fate == CookieFate::Stored, sets, "{line} by {relation:?}: {fate:?}");
            let mut bench = Bench::new();
            bench.at("https://a.test/").set(line);
            assert_eq!(
                !bench.at("https://a.test/").by(relation).sent().is_empty(),
                at_once,
                "{line} {relation:?}"
            );
            bench.later(180);
            assert_eq!(
                !bench.at("https://a.test/").by(relation).sent().is_empty(),
                later,
                "{line} {relation:?}"
            );
        }
    }
}

#[test]
fn what_is_withheld_is_told() {
    let bench = Bench::new();
    let at = bench.at("https://a.test/");
    for line in ["s=1; Secure", "t=1; SameSite=Strict", "l=1; SameSite=Lax", "d=1", "p=1; Path=/else"] {
        assert_eq!(at.set(line), CookieFate::Stored);
    }
    let told = |at: &At<'_>| -> Vec<String> {
        bench.jar.select(&at.context()).notes.iter().map(ToString::to_string).collect()
    };
    assert_eq!(told(&bench.at("http://a.test/"))[0], "s (withheld: it is Secure and the connection is not)");
    assert_eq!(
        told(&bench.at("https://a.test/").by(Relation::CrossSite)),
        [
            "s (withheld: it has no SameSite, which counts as Lax, and the request comes from another site)",
            "t (withheld: it is SameSite=Strict and the request comes from another site)",
            "l (withheld: it is SameSite=Lax and the request comes from another site)",
            "d (withheld: it has no SameSite, which counts as Lax, and the request comes from another site)",
        ]
    );
    assert_eq!(told(&bench.at("https://a.test/")), ["s", "t", "l", "d"]);
}

#[test]
fn secure_cookies_are_left_alone() {
    for (secure, plain, fate) in [
        ("a=1; Secure; Path=/login", "a=2; Path=/login", CookieFate::Refused(Why::OverlaysSecure)),
        ("a=1; Secure; Path=/login", "a=2; Path=/login/en", CookieFate::Refused(Why::OverlaysSecure)),
        ("a=1; Secure; Path=/login", "a=2; Path=/", CookieFate::Stored),
        ("a=1; Secure; Path=/", "b=2; Path=/", CookieFate::Stored),
        ("a=1; Secure; Domain=a.test; Path=/", "a=2; Path=/", CookieFate::Refused(Why::OverlaysSecure)),
        ("a=1; Secure; Path=/", "a=2; Domain=a.test; Path=/", CookieFate::Refused(Why::OverlaysSecure)),
        ("a=1; Secure; Path=/", "a=2; Max-Age=0; Path=/", CookieFate::Refused(Why::OverlaysSecure)),
    ] {
        let bench = Bench::new();
        bench.at("https://x.a.test/").set(secure);
        assert_eq!(bench.at("http://x.a.test/").set(plain), fate, "{secure} {plain}");
    }
}

#[test]
fn partitions_do_not_see_each_other() {
    let bench = Bench::new();
    let in_a = || bench.at("https://ads.test/").within("https://a.test");
    let in_b = || bench.at("https://ads.test/").within("https://b.test");
    in_a().set("id=a; Secure; Partitioned; SameSite=None");
    in_b().set("id=b; Secure; Partitioned; SameSite=None");
    in_b().set("all=1; Secure; SameSite=None");
    assert_eq!((in_a().sent().as_str(), in_b().sent().as_str()), ("id=a; all=1", "id=b; all=1"));
    assert_eq!(bench.at("https://ads.test/").within("https://a.test cross-site").sent(), "all=1");
    // 10 kB a site and partition.
    for i in 0..4 {
        in_a().set(format!("big{i}={}; Secure; Partitioned", "x".repeat(4000)));
    }
    assert_eq!(in_a().sent().matches("big").count(), 2);
    assert_eq!(in_b().sent(), "id=b; all=1");
}

#[test]
fn order_and_replacement() {
    let mut bench = Bench::new();
    for line in ["one=1; Path=/", "two=1; Path=/", "long=1; Path=/x", "host=1; Path=/; Domain=a.test"] {
        bench.at("https://a.test/x/y").set(line);
        bench.later(1);
    }
    bench.at("https://a.test/x/y").set("one=2; Path=/");
    assert_eq!(bench.at("https://a.test/x/y").sent(), "long=1; one=2; two=1; host=1");
    assert_eq!(bench.at("https://a.test/").sent(), "one=2; two=1; host=1");
    assert_eq!(bench.at("https://b.a.test/").sent(), "host=1");
    // A host cookie and a domain cookie of one name are two.
    bench.at("https://a.test/").set("host=2; Path=/");
    assert_eq!(bench.at("https://a.test/").sent(), "one=2; two=1; host=1; host=2");
    bench.at("https://a.test/").set("host=; Path=/; Domain=a.test; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(bench.at("https://a.test/").sent(), "one=2; two=1; host=2");
}

#[test]
fn cookies_expire_on_the_clock() {
    let mut bench = Bench::new();
    let days = |days: u64| Duration::from_secs(days * 86_400);
    for (line, lives) in [
        ("session=1", None),
        ("day=1; Max-Age=86400", Some(days(1))),
        ("first=1; Expires=Sat, 01 Jan 2028 00:00:00 GMT; Max-Age=60", Some(Duration::from_secs(60))),
        ("date=1; Expires=Fri, 02 Jan 2026 00:00:00 GMT", Some(days(1))),
        ("limit=1; Max-Age=99999999999999999999999", Some(days(400))),
        ("year=1; Expires=Fri, 31-Dec-9999 23:59:59 GMT", Some(days(400))),
        ("odd=1; Max-Age=1e3", None),
        ("sign=1; Max-Age=+5", None),
        ("none=1; Max-Age=", None),
    ] {
        bench.at("https://a.test/").set(line);
        let all = bench.jar.all(bench.now);
        let expires = all.last().unwrap().expires.map(|at| at.duration_since(bench.now).unwrap());
        assert_eq!(expires, lives, "{line}");
    }
    bench.later(59);
    assert!(bench.at("https://a.test/").sent().contains("first"));
    bench.later(1);
    assert!(!bench.at("https://a.test/").sent().contains("first"));
    bench.later(400 * 86_400);
    assert_eq!(bench.at("https://a.test/").sent(), "session=1; odd=1; sign=1; none=1");
    assert_eq!(bench.jar.all(bench.now).len(), 4);
}

#[test]
fn too_many_of_a_site() {
    let mut bench = Bench::new();
    bench.at("https://a.test/").set("secure=1; Secure; Path=/");
    for i in 0..MAX_COOKIES_PER_SITE {
        bench.later(1);
        bench.at("https://a.test/").set(format!("c{i}=1; Path=/{i}"));
        // The first stays in use.
        bench.at("https://a.test/0").sent();
    }
    let all = bench.jar.all(bench.now);
    assert_eq!(all.len(), MAX_COOKIES_PER_SITE - PURGED_COOKIES_PER_SITE);
    let names: Vec<_> = all.iter().map(|cookie| String::from_utf8_lossy(&cookie.name).into_owned()).collect();
    assert_eq!((names[0].as_str(), names[1].as_str(), names[2].as_str()), ("secure", "c0", "c32"));
    // Other sites have their own count.
    bench.at("https://b.test/").set("b=1");
    assert_eq!(bench.at("https://b.test/").sent(), "b=1");
}

#[test]
fn too_many_in_all() {
    let mut bench = Bench::new();
    for i in 0..=MAX_COOKIES {
        bench.later(1);
        bench.at(&format!("https://a{}.test/", i / 100)).set(format!("c{i}=1"));
    }
    let all = bench.jar.all(bench.now);
    assert_eq!(all.len(), MAX_COOKIES - PURGED_COOKIES);
    assert_eq!(all[0].name, format!("c{}", PURGED_COOKIES + 1).into_bytes());
    let again = Jar::new(all.clone(), bench.now);
    assert_eq!(again.all(bench.now), all);
}

#[test]
fn a_typed_cookie() {
    let now = SystemTime::UNIX_EPOCH;
    let typed = Cookie { same_site: SameSite::Default, ..Cookie::new(b"a", b"b", "a.test", now) };
    let bench = Bench { jar: Jar::new(vec![typed], now), now };
    assert_eq!(bench.at("http://a.test:8080/x").sent(), "a=b");
    assert_eq!(bench.at("http://x.a.test/").sent(), "");
}

#[test]
fn no_line_breaks_the_jar() {
    // Bytes that mean something, in every order that a simple generator finds.
    let words: [&[u8]; 24] = [
        b"a",
        b"=",
        b";",
        b" ",
        b"\t",
        b",",
        b".",
        b"/",
        b"Path",
        b"Domain",
        b"Expires",
        b"Max-Age",
        b"SameSite",
        b"Secure",
        b"Partitioned",
        b"__Host-",
        b"a.test",
        b"test",
        b"99999999999999999999",
        b"-",
        b"1 Jan 2030 1:2:3",
        b"\xff",
        b"\x00",
        b"[::1]",
    ];
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 40).unwrap_or(0)
    };
    let bench = Bench::new();
    for _ in 0..20_000 {
        let line: Vec<u8> = (0..next() % 14).flat_map(|_| words[next() % words.len()].to_vec()).collect();
        bench.at(["https://a.test/x", "http://[::1]/", "https://test/"][next() % 3]).set(line);
    }
    // Three sites, each with and without a partition.
    assert!(bench.jar.all(bench.now).len() <= 3 * 2 * MAX_COOKIES_PER_SITE);
}
