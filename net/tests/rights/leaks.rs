//! What a redirect lets the next server see: every combination of host, port, scheme and header.

use std::time::SystemTime;

use siskin_net::{Client, ClientConfig, Cookie, CookieChoice, Login, LoginScope, Referrer, Request};

use crate::server::{Authority, Seen, Server};
use crate::{config, fetch, navigation, url};

/// Same host, port and scheme as the origin that redirects, or others: `sss`, `sso`, ..., `ooo`.
const TARGETS: [&str; 8] = ["sss", "sso", "sos", "soo", "oss", "oso", "oos", "ooo"];

/// What gives a right or tells a secret; a secret word that stands in it; and for the start from https and from http
/// the targets that may see it.
const SECRETS: [(&str, &str, &[&str], &[&str]); 10] = [
    // The caller's own headers: this origin alone.
    ("authorization", "KEY-1", &["sss"], &["sss"]),
    ("cookie", "KEY-2", &["sss"], &["sss"]),
    // What is for a proxy goes to no server at all.
    ("proxy-authorization", "KEY-3", &[], &[]),
    ("x-api-key", "KEY-4", &["sss"], &["sss"]),
    // A cookie knows no port and no scheme, only the host; `Secure` keeps it on https.
    ("cookie", "JAR-1", &["sss", "sso", "sos", "soo"], &["sss", "sso", "sos", "soo"]),
    ("cookie", "JAR-2", &["sss", "sos"], &["sso", "soo"]),
    // A login for the origin, given by the caller; one in the URL, which the target's URL has not. (All targets ask.)
    ("authorization", "TE9HSU4t", &["sss"], &["sss"]),
    ("authorization", "VVJMLT", &[], &[]),
    // The page that links here: whole within the origin, not at all from https to http.
    ("referer", "PAGE-1", &["sss"], &["sss"]),
    (
        "referer",
        "://a.test:",
        &["sss", "sos", "oss", "oos"],
        &["sss", "sso", "sos", "soo", "oss", "oso", "oos", "ooo"],
    ),
];

/// Which of the cells are looked at together: not all headers can be set by one request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    CallersHeaders,
    ClientsOwn,
    LoginInUrl,
}

fn round(secret: &str) -> Round {
    match secret {
        "KEY-1" | "KEY-2" | "KEY-3" | "KEY-4" => Round::CallersHeaders,
        "VVJMLT" => Round::LoginInUrl,
        _ => Round::ClientsOwn,
    }
}

struct Target {
    host: &'static str,
    port: u16,
    scheme: &'static str,
}

#[tokio::test]
async fn nothing_leaks_over_a_redirect() {
    let authority = Authority::new();
    let script = |seen: &Seen| match seen.path.strip_prefix("/from?") {
        Some(to) => format!("302 Found\r\nlocation: {to}"),
        None => "401 Unauthorized\r\nwww-authenticate: Basic realm=\"r\"".to_owned(),
    };
    let servers = [Server::start(&authority, script).await, Server::start(&authority, script).await];
    let (mut cells, mut wrong) = (0, Vec::new());
    for from in ["https", "http"] {
        for name in TARGETS {
            let same = |at: usize| name.as_bytes()[at] == b's';
            let target = Target {
                host: if same(0) { "a.test" } else { "b.test" },
                port: servers[usize::from(!same(1))].port,
                scheme: if same(2) == (from == "https") { "https" } else { "http" },
            };
            for what in [Round::CallersHeaders, Round::ClientsOwn, Round::LoginInUrl] {
                let seen = visit(&authority, &servers, from, &target, what).await;
                let last = seen.last().unwrap();
                assert_eq!((last.path.as_str(), last.scheme), ("/to", target.scheme), "{from} {name}");
                let heads: Vec<&Seen> = seen.iter().filter(|seen| seen.path == "/to").collect();
                for (header, secret, https, http) in SECRETS.iter().filter(|row| round(row.1) == what) {
                    cells += 1;
                    let may = if from == "https" { https } else { http }.contains(&name);
                    let does = heads
                        .iter()
                        .any(|seen| seen.header(header).is_some_and(|value| value.contains(secret)));
                    if does != may {
                        wrong.push(format!(
                            "{from} to {name}: {header} ({secret}): sent {does}, may be {may}"
                        ));
                    }
                    // Not under another name either.
                    let anywhere = heads.iter().any(|seen| seen.head.contains(secret));
                    if anywhere && !may {
                        wrong.push(format!("{from} to {name}: {secret} is somewhere in the head"));
                    }
                }
            }
        }
    }
    println!("{cells} cells");
    assert_eq!(cells, 2 * 8 * SECRETS.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn visit(
    authority: &Authority,
    servers: &[Server; 2],
    from: &str,
    target: &Target,
    what: Round,
) -> Vec<Seen> {
    let Target { host, port, scheme } = target;
    let login = if what == Round::LoginInUrl { "URL-:1@" } else { "" };
    let start =
        servers[0].url(&format!("{from}://{login}a.test"), &format!("/from?{scheme}://{host}:{port}/to"));
    let client = client(authority, &servers[0].url(&format!("{from}://a.test"), "/"), what);
    let mut request = Request {
        referrer: Referrer::Url(url(&servers[0].url(&format!("{from}://a.test"), "/page?PAGE-1"))),
        ..navigation(&start)
    };
    if what == Round::CallersHeaders {
        for (name, value) in [
            ("authorization", "Bearer KEY-1"),
            ("cookie", "k=KEY-2"),
            ("proxy-authorization", "Basic KEY-3"),
            ("x-api-key", "KEY-4"),
        ] {
            request.headers.insert(name, value.parse().unwrap());
        }
    }
    let (result, log) = fetch(&client, request).await;
    assert_eq!(result.unwrap().0, 401);
    // A login is in no event, wherever it went.
    for secret in ["LOGIN-", "TE9HSU4t", "URL-", "VVJMLT", "KEY-1", "KEY-3"] {
        assert!(!log.text().contains(secret), "{secret} is told: {}", log.text());
    }
    let mut seen = servers[0].take();
    seen.extend(servers[1].take());
    seen.retain(|seen| seen.path == "/to");
    seen
}

fn client(authority: &Authority, origin: &str, what: Round) -> Client {
    let mut config: ClientConfig = config(authority);
    if what == Round::ClientsOwn {
        let now = SystemTime::now();
        config.cookies = CookieChoice::Memory(vec![
            Cookie::new(b"plain", b"JAR-1", "a.test", now),
            Cookie { secure: true, ..Cookie::new(b"secure", b"JAR-2", "a.test", now) },
        ]);
        config.logins = vec![Login {
            scope: LoginScope::Origin(url(origin).origin()),
            user: "LOGIN-".to_owned(),
            password: "1".to_owned(),
        }];
    }
    Client::new(config).unwrap()
}
