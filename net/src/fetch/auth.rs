//! HTTP authentication: Basic (<https://www.rfc-editor.org/rfc/rfc7617>) and Digest
//! (<https://www.rfc-editor.org/rfc/rfc7616>), answered once a hop and remembered for the client's life.
//!
//! A login is given to the origin that it is for and to no other. It comes from the hop's URL, from what the client
//! remembers of the realm, or from the configuration; in this order.

use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderValue, header};
use http_auth::parser::ChallengeParser;
use http_auth::{ChallengeRef, DigestClient, PasswordParams};
use url::{Origin, Position, Url};

use super::Net;
use super::cookies::includes_credentials;
use super::hop::Hop;
use crate::limits::MAX_PROTECTION_SPACES;
use crate::login::{Login, LoginScope, login_of_url};
use crate::request::RequestMode;
use crate::site::NetworkPartitionKey;

/// What a client remembers of logins that were accepted, behind a lock.
#[derive(Default)]
pub(crate) struct Spaces(Mutex<Vec<Space>>);

/// A protection space (RFC 9110, 11.5) of an origin, and the login for it.
struct Space {
    origin: Origin,
    partition: NetworkPartitionKey,
    /// Paths that it covers with everything below them.
    paths: Vec<String>,
    pair: Pair,
    challenge: Challenge,
}

/// User name and password.
#[derive(Clone, PartialEq, Eq)]
struct Pair {
    user: String,
    password: String,
}

/// A challenge that can be answered.
enum Challenge {
    Basic { realm: String },
    Digest(Box<DigestClient>),
}

/// What is told of a challenge that is answered.
pub(super) struct Answered {
    /// `Basic` or `Digest`.
    pub(super) scheme: &'static str,
    /// What the server calls the space.
    pub(super) realm: String,
}

/// Adds the `Authorization` header that is known to be wanted, unless the caller has set one.
pub(super) fn attach(net: &Net, hop: &mut Hop, headers: &mut HeaderMap) {
    if !headers.contains_key(header::AUTHORIZATION)
        && let Some(value) = net.logins.header(hop)
    {
        headers.insert(header::AUTHORIZATION, value);
    }
    hop.authorization = headers.get(header::AUTHORIZATION).cloned();
}

impl Spaces {
    /// HTTP-network-or-cache fetch, step 8.21: what is known to be wanted goes along unasked.
    fn header(&self, hop: &Hop) -> Option<HeaderValue> {
        if !includes_credentials(hop) || self.spaces().is_empty() {
            return None;
        }
        let (url, origin) = (&hop.request.url, hop.request.url.origin());
        let partition = NetworkPartitionKey::of(&hop.request);
        let mut spaces = self.spaces();
        let known = spaces
            .iter_mut()
            .filter(|space| space.origin == origin && space.partition == partition)
            .filter_map(|space| Some((space.covers(url.path())?, space)))
            .max_by_key(|(length, _)| *length);
        let (_, space) = known?;
        space.challenge.respond(&space.pair, hop)
    }

    /// Step 14: whether a 401 is answered, by asking again with what is noted here. `None`: the 401 is the response.
    pub(super) fn answer(&self, net: &Net, hop: &Hop, response: &HeaderMap) -> Option<Answered> {
        // A response that CORS will look at is none that a login is given for, nor one whose header the caller made.
        if !includes_credentials(hop)
            || hop.is_cors()
            || hop.request.headers.contains_key(header::AUTHORIZATION)
        {
            return None;
        }
        let challenge = Challenge::strongest(response)?;
        let url = &hop.request.url;
        let (origin, partition) = (url.origin(), NetworkPartitionKey::of(&hop.request));
        let mut spaces = self.spaces();
        let remembered = spaces
            .iter()
            .find(|space| {
                space.origin == origin
                    && space.partition == partition
                    && space.challenge.realm() == challenge.realm()
            })
            .map(|space| space.pair.clone());
        let pairs = [from_url(url, net), remembered, from_config(net, hop)];
        let pair = pairs.into_iter().flatten().find(|pair| !challenge.was_refused(pair, hop));
        let known = spaces.iter().position(|space| {
            space.origin == origin
                && space.partition == partition
                && space.challenge.realm() == challenge.realm()
        });
        if let Some(known) = known {
            spaces.remove(known);
        }
        let pair = pair?;
        let answered = Answered { scheme: challenge.scheme(), realm: challenge.realm().to_owned() };
        if spaces.len() >= MAX_PROTECTION_SPACES {
            spaces.remove(0);
        }
        spaces.push(Space { origin, partition, paths: challenge.paths(url), pair, challenge });
        Some(answered)
    }

    /// The login was refused: it is not sent again unasked.
    pub(super) fn forget(&self, hop: &Hop) {
        let (path, origin) = (hop.request.url.path(), hop.request.url.origin());
        let partition = NetworkPartitionKey::of(&hop.request);
        self.spaces().retain(|space| {
            space.origin != origin || space.partition != partition || space.covers(path).is_none()
        });
    }

    fn spaces(&self) -> MutexGuard<'_, Vec<Space>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Space {
    /// The length of the longest of its paths that `path` is below of.
    fn covers(&self, path: &str) -> Option<usize> {
        self.paths.iter().filter(|space| path.starts_with(space.as_str())).map(String::len).max()
    }
}

impl Challenge {
    /// The one to answer of all that a response makes: Digest before Basic, its better algorithms first; among equals
    /// the first. Schemes that are not known and challenges that are malformed are passed over.
    fn strongest(response: &HeaderMap) -> Option<Self> {
        let mut best: Option<Self> = None;
        for value in response.get_all(header::WWW_AUTHENTICATE) {
            let Ok(text) = value.to_str() else { continue };
            // What stands before a fault in the list counts.
            for challenge in ChallengeParser::new(text).map_while(Result::ok).filter_map(|c| Self::of(&c)) {
                if best.as_ref().is_none_or(|best| challenge.strength() > best.strength()) {
                    best = Some(challenge);
                }
            }
        }
        best
    }

    fn of(challenge: &ChallengeRef<'_>) -> Option<Self> {
        if challenge.scheme.eq_ignore_ascii_case("Digest") {
            return DigestClient::try_from(challenge).ok().map(|digest| Self::Digest(Box::new(digest)));
        }
        if !challenge.scheme.eq_ignore_ascii_case("Basic") {
            return None;
        }
        // A realm is required, and left out by servers; browsers do not mind.
        let realm = challenge.params.iter().find(|(name, _)| name.eq_ignore_ascii_case("realm"));
        Some(Self::Basic { realm: realm.map_or_else(String::new, |(_, value)| value.to_unescaped()) })
    }

    fn strength(&self) -> u8 {
        match self {
            Self::Basic { .. } => 0,
            Self::Digest(digest) => match digest.algorithm() {
                http_auth::digest::Algorithm::Md5 => 1,
                http_auth::digest::Algorithm::Sha256 => 2,
                _ => 3,
            },
        }
    }

    fn scheme(&self) -> &'static str {
        match self {
            Self::Basic { .. } => "Basic",
            Self::Digest(_) => "Digest",
        }
    }

    fn realm(&self) -> &str {
        match self {
            Self::Basic { realm } => realm,
            Self::Digest(digest) => digest.realm(),
        }
    }

    /// The paths of its protection space: RFC 7617, 2.2 (the directory) and RFC 7616, 3.3 (`domain`, or all).
    fn paths(&self, url: &Url) -> Vec<String> {
        let directory = || {
            let path = url.path();
            path[..path.rfind('/').map_or(0, |slash| slash + 1)].to_owned()
        };
        match self {
            Self::Basic { .. } => vec![directory()],
            Self::Digest(digest) => {
                let domain = digest.domain().split_ascii_whitespace().filter_map(|text| url.join(text).ok());
                let paths: Vec<String> = domain
                    .filter(|space| space.origin() == url.origin())
                    .map(|space| space.path().to_owned())
                    .collect();
                if paths.is_empty() { vec!["/".to_owned()] } else { paths }
            }
        }
    }

    /// Whether the hop has sent this login already, and this is the answer to it. For Digest a new nonce may be all
    /// that is wanted.
    fn was_refused(&self, pair: &Pair, hop: &Hop) -> bool {
        let Some(sent) = hop.authorization.as_ref().and_then(|sent| sent.to_str().ok()) else { return false };
        match self {
            Self::Basic { .. } => sent == basic(pair),
            Self::Digest(digest) => {
                sent.starts_with("Digest ") && sent.contains(&format!("nonce=\"{}\"", digest.nonce()))
            }
        }
    }

    /// The `Authorization` header for a hop. Digest counts how often its nonce was used.
    fn respond(&mut self, pair: &Pair, hop: &Hop) -> Option<HeaderValue> {
        let text = match self {
            Self::Basic { .. } => basic(pair),
            Self::Digest(digest) => digest
                .respond(&PasswordParams {
                    username: &pair.user,
                    password: &pair.password,
                    uri: &hop.request.url[Position::BeforePath..Position::AfterQuery],
                    method: hop.request.method.as_str(),
                    body: Some(hop.body.as_deref().unwrap_or_default()),
                })
                .ok()?,
        };
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

fn basic(pair: &Pair) -> String {
    http_auth::basic::encode_credentials(&pair.user, &pair.password)
}

/// The login that stands in the URL. With a user name alone, the configuration may know the password.
fn from_url(url: &Url, net: &Net) -> Option<Pair> {
    let (user, password) = login_of_url(url)?;
    let password = password.or_else(|| {
        let known = net.config.logins.iter().find(|login| login.user == user && fits(login, url));
        known.map(|login| login.password.clone())
    });
    Some(Pair { user, password: password.unwrap_or_default() })
}

/// The first login of the configuration that is for the hop's URL: of the page itself, and of nothing else within it.
fn from_config(net: &Net, hop: &Hop) -> Option<Pair> {
    let url = &hop.request.url;
    let is_navigation = hop.request.mode == RequestMode::Navigate && hop.request.documents.is_empty();
    // The origin of the page that the user sees; frames and what is in them may be anyone's.
    let page = hop.request.documents.first().cloned().or_else(|| hop.url_list.first().map(Url::origin));
    let is_own = page.is_some_and(|page| page == url.origin());
    let is_downgrade = url.scheme() == "http" && hop.url_list.iter().any(|url| url.scheme() == "https");
    let login = net.config.logins.iter().find(|login| {
        let is_allowed = match &login.scope {
            LoginScope::Origin(_) => is_own || is_navigation,
            LoginScope::Host(_) => (is_own || is_navigation) && !is_downgrade,
            LoginScope::AnyHost => is_own,
        };
        is_allowed && fits(login, url)
    })?;
    Some(Pair { user: login.user.clone(), password: login.password.clone() })
}

fn fits(login: &Login, url: &Url) -> bool {
    let bare = |host: &str| host.trim_matches(['[', ']']).to_ascii_lowercase();
    match &login.scope {
        LoginScope::Origin(origin) => *origin == url.origin(),
        LoginScope::Host(host) => url.host_str().is_some_and(|own| bare(own) == bare(host)),
        LoginScope::AnyHost => true,
    }
}
