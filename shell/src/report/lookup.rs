//! Name lookups in words: for `siskin trace` and the details of a waterfall.

use std::net::SocketAddr;
use std::time::Duration;

use siskin_net::{DnsSource, DnsStep, DnsStepKind};

use super::row::RowLookup;

/// `192.0.2.1, 2001:db8::1`.
pub fn addresses(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    addresses.join(", ")
}

/// Who answered, and for how long that holds: `10.0.0.1 over UDP in 12.3 ms, holds for 300 s`.
pub fn source(source: &DnsSource, ttl: Option<Duration>) -> String {
    let who = match source {
        DnsSource::Cache => "from the DNS cache".to_owned(),
        DnsSource::Literal => "no lookup needed".to_owned(),
        DnsSource::Override => "given by hand".to_owned(),
        DnsSource::Hosts => "from the hosts file".to_owned(),
        DnsSource::System => "from the system's resolver".to_owned(),
        DnsSource::Server(server) => format!(
            "from {} over {} in {}",
            server.address,
            server.transport.as_str(),
            milliseconds(server.rtt)
        ),
    };
    match ttl {
        Some(ttl) if !matches!(source, DnsSource::Literal | DnsSource::Override) => {
            format!("{who}, holds for {} s", ttl.as_secs())
        }
        _ => who,
    }
}

/// The lookup of a waterfall's row: `www.test: 192.0.2.1 (from the hosts file)`. Nothing where there was no lookup:
/// the host is an address.
pub fn row(lookup: &RowLookup) -> Option<String> {
    let no_question = |address: &String| lookup.host.trim_matches(['[', ']']) == *address;
    if lookup.addresses.iter().any(no_question) {
        return None;
    }
    let ttl = lookup.ttl.map(|ttl| format!(", holds for {ttl} s")).unwrap_or_default();
    let source = lookup.source.as_deref().map(|source| format!(" ({source}{ttl})")).unwrap_or_default();
    let addresses = match lookup.addresses.as_slice() {
        [] => "no address".to_owned(),
        addresses => addresses.join(", "),
    };
    Some(format!("{}: {addresses}{source}", lookup.host))
}

/// One step of a lookup.
pub fn step(step: &DnsStep) -> String {
    let (server, name, record) = (step.server, &step.name, step.record.as_str());
    match &step.kind {
        DnsStepKind::Asked => {
            format!("asks {server} over {} for {record} of {name}", step.transport.as_str())
        }
        DnsStepKind::Answered { addresses, aliases, ttl, rtt } => {
            let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            let aliases: String = aliases.iter().map(|alias| format!(", which stands for {alias}")).collect();
            format!(
                "{server} has {record} of {name}{aliases}: {} ({}, holds for {} s)",
                addresses.join(", "),
                milliseconds(*rtt),
                ttl.as_secs()
            )
        }
        DnsStepKind::NoAddress => format!("{server} has no {record} of {name}"),
        DnsStepKind::NoName => format!("{server} says that there is no {name}"),
        DnsStepKind::Truncated => {
            format!("the {record} of {name} from {server} did not fit into a datagram, asks over TCP")
        }
        DnsStepKind::WithoutExtensions => {
            format!("{server} does not know EDNS, asks without it for {record} of {name}")
        }
        DnsStepKind::Failed(code) => format!("{server} answers {code} for {record} of {name}"),
        DnsStepKind::Ignored(reason) => {
            format!("ignores what came as {server}'s answer for {record} of {name}: {reason}")
        }
        DnsStepKind::Unreachable(reason) => format!("{server} cannot be asked: {reason}"),
        DnsStepKind::TimedOut { after } => {
            format!("{server} did not answer for {record} of {name} within {}", milliseconds(*after))
        }
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use siskin_net::{DnsRecord, DnsServer, DnsTransport};

    use super::*;

    #[test]
    fn words() {
        let address: SocketAddr = "10.0.0.1:53".parse().expect("valid");
        let server = DnsServer { address, transport: DnsTransport::Udp, rtt: Duration::from_micros(12_340) };
        assert_eq!(
            source(&DnsSource::Server(server), Some(Duration::from_secs(300))),
            "from 10.0.0.1:53 over UDP in 12.3 ms, holds for 300 s"
        );
        assert_eq!(source(&DnsSource::Literal, Some(Duration::MAX)), "no lookup needed");
        let told = |host: &str, addresses: &[&str]| {
            let addresses = addresses.iter().map(|address| (*address).to_owned()).collect();
            let source = Some("from the hosts file".to_owned());
            row(&RowLookup { host: host.to_owned(), addresses, source, ttl: Some(9) })
        };
        assert_eq!(
            told("a.test", &["192.0.2.1", "::1"]).as_deref(),
            Some("a.test: 192.0.2.1, ::1 (from the hosts file, holds for 9 s)")
        );
        assert_eq!(told("[::1]", &["::1"]), None);
        let answered = DnsStepKind::Answered {
            addresses: vec![[192, 0, 2, 1].into()],
            aliases: vec!["b.test".to_owned(), "c.test".to_owned()],
            ttl: Duration::from_secs(60),
            rtt: Duration::from_millis(3),
        };
        let told = step(&DnsStep {
            server: address,
            transport: DnsTransport::Udp,
            name: "a.test".to_owned(),
            record: DnsRecord::A,
            kind: answered,
        });
        assert_eq!(
            told,
            "10.0.0.1:53 has A of a.test, which stands for b.test, which stands for c.test: 192.0.2.1 (3.0 ms, holds \
             for 60 s)"
        );
    }
}
