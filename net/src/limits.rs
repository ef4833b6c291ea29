//! Every limit of the network stack, with its name and its reason.

use std::time::Duration;

/// Redirects followed in one fetch: <https://fetch.spec.whatwg.org/#http-redirect-fetch> step 7.
pub(crate) const MAX_REDIRECTS: u32 = 20;

/// Bytes of a `Referer`; a longer one is cut to the origin:
/// <https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer> step 6.
pub(crate) const MAX_REFERRER_BYTES: usize = 4096;

/// Connections (and so requests in flight) to one HTTP/1 origin, as browsers have it.
pub(crate) const MAX_H1_CONNECTIONS_PER_ORIGIN: usize = 6;

/// How long a CORS preflight's answer is believed at most (Chromium: two hours).
pub(crate) const MAX_PREFLIGHT_AGE: Duration = Duration::from_secs(7200);

/// URLs of which preflights' answers are remembered.
pub(crate) const MAX_PREFLIGHTS: usize = 1024;

/// Delayable requests under way at a time in one page: Chromium's `kDefaultMaxNumDelayableRequestsPerClient`.
pub(crate) const MAX_DELAYABLE: usize = 10;

/// The same to one host: Chromium's `kMaxNumDelayableRequestsPerHostPerClient`.
pub(crate) const MAX_DELAYABLE_PER_HOST: usize = 6;

/// The same while the first paint waits: Chromium's `kMaxNumDelayableWhileLayoutBlockingPerClient`.
pub(crate) const MAX_DELAYABLE_WHILE_LAYOUT_BLOCKING: usize = 1;

/// Urgent requests under way beside which a delayable one may still go while the first paint waits: Chromium's
/// `kInFlightNonDelayableRequestCountPerClientThreshold`.
pub(crate) const MAX_URGENT_BESIDE_DELAYABLE: usize = 1;

/// How long a delayable request is held back at most.
pub(crate) const MAX_HELD_BACK: Duration = Duration::from_secs(15);

/// Pages whose schedule is remembered while nothing is under way.
pub(crate) const MAX_IDLE_PAGES: usize = 64;

/// Bytes of a response's head, names and values: Chromium's limit is 256 kB too.
pub(crate) const MAX_HEAD_BYTES: usize = 256 * 1024;

/// Header lines of an HTTP/1 response. Bounds the parser's table; the bytes are bounded above.
pub(crate) const MAX_HEADER_LINES: usize = 5000;

/// Decoded bytes of one body, unless the configuration says otherwise.
pub(crate) const MAX_BODY_BYTES: u64 = 128 * 1024 * 1024;

/// Content codings applied to one body; more are refused, since each one multiplies what a bomb yields.
pub(crate) const MAX_CODINGS: usize = 4;

/// The largest piece of decoded body that is handed on at once.
pub(crate) const DECODED_CHUNK_BYTES: usize = 64 * 1024;

/// Bytes of a redirect's body that are read so that its connection can be used again.
pub(crate) const MAX_DRAINED_BYTES: usize = 16 * 1024;

/// How long a redirect waits for the rest of its body before it gives the connection up.
pub(crate) const DRAIN_TIMEOUT: Duration = Duration::from_millis(50);

/// How long a new connection is held back while one that has just become free returns to the pool. It
/// takes microseconds on an idle machine; only a server that closes without saying so makes it last.
pub(crate) const RETURN_GRACE: Duration = Duration::from_millis(50);

/// The same for an HTTP/2 connection that has just been opened: there is no doubt that it comes.
pub(crate) const H2_READY_GRACE: Duration = Duration::from_millis(500);

/// Connections that are remembered by their addresses, open ones and closed ones.
pub(crate) const MAX_KNOWN_CONNECTIONS: usize = 1024;

/// HTTP/2 flow control windows: Chromium's, large enough for a fast and distant server.
pub(crate) const H2_STREAM_WINDOW_BYTES: u32 = 6 * 1024 * 1024;
/// The connection's window beside [`H2_STREAM_WINDOW_BYTES`].
pub(crate) const H2_CONNECTION_WINDOW_BYTES: u32 = 15 * 1024 * 1024;

/// All connections of a client, as in Chromium.
pub(crate) const MAX_CONNECTIONS: usize = 256;

/// How long a connection stays open without use after a response, as in Chromium. Servers allow far less.
pub(crate) const IDLE_AFTER_USE: Duration = Duration::from_secs(300);

/// The same for one that was never used.
pub(crate) const IDLE_UNUSED: Duration = Duration::from_secs(60);

/// The HTTP library's own limit: it closes only what we cannot.
pub(crate) const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(310);

/// A connection is given up so long before its server has said that it will.
pub(crate) const KEEP_ALIVE_MARGIN: Duration = Duration::from_secs(1);

/// Origins of which it is remembered what they speak and what is being opened.
pub(crate) const MAX_KNOWN_ORIGINS: usize = 4096;

/// Pages that are told of one connection.
pub(crate) const MAX_OBSERVERS: usize = 16;

/// Reasons that are kept for connections of which it is not known which they are.
pub(crate) const MAX_HINTS: usize = 64;

/// How long an answer of the system's resolver is believed, since it carries no TTL (Chromium: 60 s).
pub(crate) const DNS_SYSTEM_TTL: Duration = Duration::from_secs(60);

/// Questions that the system's resolver is asked at the same time; each takes a thread.
pub(crate) const MAX_SYSTEM_LOOKUPS: usize = 32;

/// Names in the DNS cache (Chromium: 1000).
pub(crate) const MAX_DNS_ENTRIES: usize = 1000;

/// Addresses of one name that are kept; a connection tries far fewer.
pub(crate) const MAX_DNS_ADDRESSES: usize = 64;

/// Aliases between a name and its addresses.
pub(crate) const MAX_DNS_ALIASES: usize = 16;

/// How long an answer is believed at most, whatever its TTL says.
pub(crate) const MAX_DNS_TTL: Duration = Duration::from_secs(24 * 60 * 60);

/// The same for the answer that a name or an address does not exist.
pub(crate) const MAX_NEGATIVE_TTL: Duration = Duration::from_secs(5 * 60);

/// How long an answer is believed that came before the other family's.
pub(crate) const PARTIAL_ANSWER_TTL: Duration = Duration::from_secs(5);

/// How long the addresses of one family are waited for when those of the other are there:
/// <https://www.rfc-editor.org/rfc/rfc8305#section-8>.
pub(crate) const DNS_RESOLUTION_DELAY: Duration = Duration::from_millis(50);

/// How long a try to connect goes on alone before the next address is tried too:
/// <https://www.rfc-editor.org/rfc/rfc8305#section-8>.
pub(crate) const CONNECT_ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Addresses that are tried for one connection.
pub(crate) const MAX_CONNECT_ATTEMPTS: usize = 10;

/// Questions to name servers that are under way at the same time; each takes a socket.
pub(crate) const MAX_DNS_QUESTIONS: usize = 64;

/// Name servers that are taken from `resolv.conf` or the configuration.
pub(crate) const MAX_DNS_SERVERS: usize = 8;

/// Search domains that are taken from `resolv.conf`.
pub(crate) const MAX_SEARCH_DOMAINS: usize = 16;

/// How often the list of name servers is gone through (glibc: 5).
pub(crate) const MAX_DNS_ROUNDS: usize = 5;

/// How long one name server is waited for, however often it was asked (glibc: 30 s).
pub(crate) const MAX_DNS_TIMEOUT: Duration = Duration::from_secs(30);

/// How often the files that configure the resolver are looked at for changes.
pub(crate) const DNS_FILES_CHECK: Duration = Duration::from_secs(5);

/// Bytes of such a file that are read; lists of blocked hosts are long.
pub(crate) const MAX_DNS_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// TLS sessions kept for resumption.
pub(crate) const MAX_TLS_SESSIONS: usize = 256;

/// Certificates of a chain that are looked at and told.
pub(crate) const MAX_CERTIFICATES: usize = 10;

/// Encoded bytes of all bodies in the memory cache.
pub(crate) const MEMORY_CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// The largest single body in the memory cache, an eighth of the whole.
pub(crate) const MEMORY_CACHE_ENTRY_BYTES: u64 = MEMORY_CACHE_BYTES / 8;

/// Responses under one URL that differ by the headers which `Vary` names.
pub(crate) const MAX_CACHE_VARIANTS: usize = 8;

/// Bytes of all files of the disk cache, unless the configuration says otherwise.
pub(crate) const DISK_CACHE_BYTES: u64 = 256 * 1024 * 1024;

/// How much of the disk cache a single entry may take: this part of it, as in Chromium.
pub(crate) const DISK_SHARE_OF_ENTRY: u64 = 8;

/// Bodies up to this size are held in memory until they are whole, larger ones go to the disk as they come.
pub(crate) const HELD_BODY_BYTES: u64 = 1024 * 1024;

/// Bytes of a body that are read from the disk at once.
pub(crate) const DISK_READ_BYTES: usize = 256 * 1024;

/// Bytes of the heads of an entry's variants on disk.
pub(crate) const MAX_DISK_HEAD_BYTES: u64 = 4 * 1024 * 1024;

/// Writes to the disk cache that fail one after the other before it is written no more.
pub(crate) const MAX_DISK_FAILURES: u32 = 3;

/// How long a request waits for an equal one in flight before it goes for itself (Chromium: 20 s).
pub(crate) const CACHE_LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// For how long a stale response may stand in for an origin that cannot be reached, when it does not say.
pub(crate) const MAX_STALE_WHEN_DISCONNECTED: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes of a cookie's name and value together: RFC 6265bis, 5.6 step 5.
pub(crate) const MAX_COOKIE_BYTES: usize = 4096;

/// Bytes of one attribute's value of a cookie; a longer one is passed over: RFC 6265bis, 5.6.
pub(crate) const MAX_COOKIE_ATTRIBUTE_BYTES: usize = 1024;

/// The longest life of a cookie: RFC 6265bis, 5.5.
pub(crate) const MAX_COOKIE_AGE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Cookies of one registrable domain (in one partition), as in Chromium; one more, and so many are evicted.
pub(crate) const MAX_COOKIES_PER_SITE: usize = 180;
/// How many of a site's cookies go when there are too many.
pub(crate) const PURGED_COOKIES_PER_SITE: usize = 30;

/// Cookies in all, as in Chromium.
pub(crate) const MAX_COOKIES: usize = 3300;
/// How many of all cookies go when there are too many.
pub(crate) const PURGED_COOKIES: usize = 300;

/// Bytes of names and values of one site's cookies in one partition, as in Chromium.
pub(crate) const MAX_PARTITION_BYTES_PER_SITE: usize = 10 * 1024;

/// How long a cookie without `SameSite` goes along with a cross-site POST navigation: RFC 6265bis, 5.6.7.2.
pub(crate) const LAX_ALLOWS_UNSAFE_FOR: Duration = Duration::from_secs(120);

/// Hosts that are remembered to want https.
pub(crate) const MAX_HSTS_HOSTS: usize = 1000;

/// How long a host may want https without saying so again: Chromium's year.
pub(crate) const MAX_HSTS_AGE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Protection spaces whose login is remembered.
pub(crate) const MAX_PROTECTION_SPACES: usize = 256;

/// Bytes of a `.netrc` file.
pub(crate) const MAX_NETRC_BYTES: usize = 1024 * 1024;
