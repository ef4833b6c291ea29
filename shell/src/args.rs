//! The command line as it is typed: raw arguments and the text of `--help`. Meaning is given by [`crate::config`].

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  siskin screenshot https://example.com -o page.png
  siskin screenshot index.html -o - --viewport 800x600 --full-page | display
  siskin waterfall https://example.com --har page.har
  siskin compare before.har after.har
  siskin dump rects index.html --json
  siskin open localhost:8000

PAGE is a URL (http, https, file, data), a path, or a bare host: https:// is put before a name,
http:// before localhost and addresses.";

const EXIT_CODES: &str = "\
Exit codes (as curl's where curl has one):
   0  done (failed subresources are counted on stderr)
   1  compare: the two loads differ
   2  the command line is wrong, or the URL cannot be understood; compare: a file cannot be read
   5  no address for the proxy (DNS)
   6  no address for the host (DNS)
   7  no connection to the host or to the proxy
  22  the page answered with an HTTP status of 400 or above (see --allow-http-error)
  23  the output cannot be written
  28  the time was up (see --timeout), or what was waited for cannot come (see --wait-for)
  35  no secure connection (TLS, certificate)
  37  a file cannot be read
  47  too many redirects
  52  the server's answer has no page in it (204, 205)
  56  the server broke off or broke the protocol
  61  the page's content coding, or the image that is the page, cannot be decoded
  63  the page or the picture is too large
  65  the page is of a type that cannot be shown, or to be saved
  69  open: there is no display for a window
  70  siskin itself failed: please report it
  97  the proxy did not do what it was asked for
Where something failed, no output file is written and the reason is one line on stderr.";

/// A headless mini-browser: screenshots, waterfalls of page loads, and a minimal window.
#[derive(Debug, Parser)]
#[command(name = "siskin", version, about, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"),
    arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What to say while doing it.
    #[command(flatten)]
    pub talk: TalkArgs,
}

/// How much is told on stderr.
#[derive(Debug, Clone, Default, Args)]
pub struct TalkArgs {
    /// Say more on stderr: -v page mistakes and milestones, -vv the engine's log, -vvv all of it (RUST_LOG overrides)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// When to use colours (NO_COLOR is honoured)
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        hide_possible_values = false
    )]
    pub color: ColorChoice,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set or TERM is `dumb`
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Load a page and write its picture
    #[command(after_help = EXIT_CODES)]
    Screenshot(ScreenshotArgs),
    /// Load a page and print one of the engine's stages
    Dump(DumpArgs),
    /// Load a page and show what it does on the network
    Waterfall(WaterfallArgs),
    /// Show two recorded page loads beside each other, with the differences by request
    Compare(CompareArgs),
    /// Load a page and print each step as it happens
    Trace(TraceArgs),
    /// Show a page in a window
    Open(OpenArgs),
}

/// How a page is loaded: shared by all verbs that load one.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Loading")]
pub struct LoadArgs {
    /// Viewport in CSS pixels
    #[arg(long, value_name = "WxH", default_value = "1280x800")]
    pub viewport: String,
    /// Device pixels per CSS pixel
    #[arg(long, value_name = "FACTOR", default_value = "1")]
    pub scale: f32,
    /// Fonts: those of the system, the bundled ones alone, or those in a directory
    #[arg(long, value_name = "system|bundled|DIR", default_value = "system")]
    pub fonts: String,
    /// How long the load may take: seconds, or with a unit (500ms, 30s, 2m)
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub timeout: String,
    /// How long one subresource may take; its page goes on without it [default: two thirds of --timeout, at least 20s:
    /// a shorter --timeout ends first]
    #[arg(long, value_name = "TIME")]
    pub request_timeout: Option<String>,
    /// When the page counts as loaded: its document and sheets are there, everything that delays the load event is
    /// there, no request is left, or that long after the load event [default: load; idle for waterfall and trace]
    #[arg(long, value_name = "dom|load|idle|TIME")]
    pub wait_until: Option<String>,
    /// Wait also for an element that this CSS selector matches; fail when the page turns out to have none
    #[arg(long, value_name = "SELECTOR")]
    pub wait_for: Option<String>,
    /// Fetch scripts too, as a browser would that runs them; none ever runs
    #[arg(long)]
    pub fetch_scripts: bool,
    /// Use the page of an HTTP error (status 400 and above) instead of failing
    #[arg(long)]
    pub allow_http_error: bool,
    /// Send this header with the requests to the page's own origin (may be repeated)
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
    /// The User-Agent to send
    #[arg(long, value_name = "STRING")]
    pub user_agent: Option<String>,
    /// The user's languages, best first, for Accept-Language [default: en-US,en]
    #[arg(long, value_name = "LIST")]
    pub lang: Option<String>,
    /// Which requests wait for others: as Chromium holds back what the first paint does not need, or as many at once as
    /// there are connections
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "chromium|connections",
        hide_possible_values = true
    )]
    pub schedule: ScheduleArg,
    /// What the page's own request carries.
    #[command(flatten)]
    pub submission: SubmissionArgs,
    /// Cookies and logins.
    #[command(flatten)]
    pub identity: IdentityArgs,
    /// Names, proxies and trust.
    #[command(flatten)]
    pub network: NetworkArgs,
}

/// What the page's own request carries.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Sending")]
pub struct SubmissionArgs {
    /// The method of the page's own request [default: GET, and POST where something is sent]
    #[arg(short = 'X', long, value_name = "METHOD")]
    pub request: Option<String>,
    /// Send this as a form does, `@FILE` for a file's bytes (may be repeated: `&` stands between)
    #[arg(short = 'd', long, value_name = "DATA", conflicts_with = "form")]
    pub data: Vec<String>,
    /// Send this field as multipart/form-data, `NAME=@FILE[;type=TYPE]` for a file (may be repeated)
    #[arg(short = 'F', long, value_name = "NAME=VALUE")]
    pub form: Vec<String>,
}

/// Which requests wait for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ScheduleArg {
    /// As Chromium's scheduler
    #[default]
    Chromium,
    /// Only connections are limited
    Connections,
}

/// Who we are to servers.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Cookies and logins")]
pub struct IdentityArgs {
    /// Send this cookie to the hosts of the page's site (may be repeated, or several between semicolons)
    #[arg(short = 'b', long = "cookie", value_name = "NAME=VALUE")]
    pub cookies: Vec<String>,
    /// Begin with the cookies of this file, if it is there, and write all cookies to it in the end: JSON if it is JSON or
    /// a new .json file, else Netscape's format
    #[arg(short = 'c', long, value_name = "FILE")]
    pub cookie_jar: Option<PathBuf>,
    /// Who we are to the page's own server, should it ask (Basic or Digest)
    #[arg(short, long, value_name = "NAME:PASSWORD")]
    pub user: Option<String>,
    /// Look for logins in ~/.netrc ($NETRC)
    #[arg(short, long)]
    pub netrc: bool,
    /// Look for logins in this file
    #[arg(long, value_name = "FILE")]
    pub netrc_file: Option<PathBuf>,
    /// Begin with the hosts in this file that want https (HSTS), if it is there, and write all such hosts to it in the end
    #[arg(long, value_name = "FILE")]
    pub hsts: Option<PathBuf>,
}

/// How hosts are found and reached.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Names, proxies and trust")]
pub struct NetworkArgs {
    /// Who answers host names: the operating system, or siskin itself with the hosts file and name servers [default: dns
    /// wherever it finds what the system would find]
    #[arg(long, value_enum, value_name = "system|dns", hide_possible_values = true)]
    pub resolver: Option<ResolverArg>,
    /// Ask this name server instead of those in resolv.conf (may be repeated)
    #[arg(long, value_name = "SERVER[:PORT]")]
    pub dns: Vec<String>,
    /// Connect to these addresses for HOST and PORT without asking; * is any host, any port (may be repeated)
    #[arg(long, value_name = "HOST:PORT:ADDRESS[,...]")]
    pub resolve: Vec<String>,
    /// Connect through this proxy: http (the default), socks5 or socks5h (names are left to the proxy); `direct` for none
    /// [default: http_proxy, HTTPS_PROXY, ALL_PROXY]
    #[arg(short = 'x', long, value_name = "[SCHEME://]HOST[:PORT]")]
    pub proxy: Option<String>,
    /// Who we are to the proxy
    #[arg(short = 'U', long, value_name = "USER:PASSWORD")]
    pub proxy_user: Option<String>,
    /// Hosts, domains and networks that are reached without a proxy, `*` for all [default: NO_PROXY]
    #[arg(long, value_name = "LIST")]
    pub noproxy: Option<String>,
    /// Take any certificate: whoever is between here and the server may read and change everything
    #[arg(short = 'k', long)]
    pub insecure: bool,
    /// Trust the authorities in this file (PEM) too, beside the platform's or those of SSL_CERT_FILE and SSL_CERT_DIR (may
    /// be repeated)
    #[arg(long, value_name = "FILE")]
    pub ca: Vec<PathBuf>,
    /// Keep the HTTP cache in this directory, for the next run and for others at the same time [default: in memory, for
    /// this run]
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    pub cache: Option<PathBuf>,
    /// What the cache may take in its directory: bytes, or with a unit (500k, 64M, 2G) [default: 256M]
    #[arg(long, value_name = "SIZE", requires = "cache")]
    pub cache_size: Option<String>,
    /// No HTTP cache: every request goes to the network
    #[arg(long)]
    pub no_cache: bool,
}

/// Who answers host names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ResolverArg {
    /// The operating system
    System,
    /// Siskin itself
    Dns,
}

/// `siskin screenshot`
#[derive(Debug, Args)]
pub struct ScreenshotArgs {
    /// The page: URL, file or host
    #[arg(value_name = "PAGE")]
    pub page: String,
    /// Where to write the picture, `-` for PNG on stdout; the extension names the format (png, jpg, webp)
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// The whole page instead of the viewport
    #[arg(long)]
    pub full_page: bool,
    /// When the time is up: fail, or shoot what is there (the exit code tells still)
    #[arg(long, value_enum, default_value_t, value_name = "fail|shoot", hide_possible_values = true)]
    pub on_timeout: OnTimeout,
    /// Loading.
    #[command(flatten)]
    pub load: LoadArgs,
}

/// What happens when the time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum OnTimeout {
    /// No picture
    #[default]
    Fail,
    /// A picture of what is there
    Shoot,
}

/// `siskin dump`
#[derive(Debug, Args)]
pub struct DumpArgs {
    /// Which stage
    #[arg(value_enum)]
    pub stage: Stage,
    /// The page: URL, file or host
    #[arg(value_name = "PAGE")]
    pub page: String,
    /// As JSON (rects, style)
    #[arg(long)]
    pub json: bool,
    /// Where to write, stdout by default
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Loading.
    #[command(flatten)]
    pub load: LoadArgs,
}

/// The stages that can be printed, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// The document tree
    Dom,
    /// Computed styles
    Style,
    /// The box tree
    Boxes,
    /// The fragment tree: boxes and lines with their places
    Fragments,
    /// What is painted, back to front
    DisplayList,
    /// Rectangles of elements and of text lines
    Rects,
}

/// `siskin waterfall`
#[derive(Debug, Args)]
pub struct WaterfallArgs {
    /// The page: URL, file or host; a file that ends in .har is a load recorded earlier, and is shown
    #[arg(value_name = "PAGE")]
    pub page: String,
    /// Also write an HTTP Archive (HAR 1.2), `-` for stdout instead of the waterfall
    #[arg(long, value_name = "FILE")]
    pub har: Option<PathBuf>,
    /// Leave cookies' values and the headers Cookie, Set-Cookie and Authorization in the HAR
    #[arg(long, requires = "har")]
    pub har_secrets: bool,
    /// Also write the waterfall as a picture (SVG)
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Loading.
    #[command(flatten)]
    pub load: LoadArgs,
}

/// `siskin compare`
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The first HTTP Archive
    #[arg(value_name = "A.har")]
    pub before: PathBuf,
    /// The second HTTP Archive
    #[arg(value_name = "B.har")]
    pub after: PathBuf,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// `siskin trace`
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// The page: URL, file or host
    #[arg(value_name = "PAGE")]
    pub page: String,
    /// Loading.
    #[command(flatten)]
    pub load: LoadArgs,
}

/// `siskin open`
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// The page: URL, file or host
    #[arg(value_name = "PAGE")]
    pub page: String,
    /// Loading.
    #[command(flatten)]
    pub load: LoadArgs,
}
