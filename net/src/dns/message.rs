//! DNS messages: questions into bytes, bytes into what they answer. The door to hickory-proto.
//!
//! <https://www.rfc-editor.org/rfc/rfc1035>, EDNS(0) <https://www.rfc-editor.org/rfc/rfc6891>.

use std::net::IpAddr;
use std::time::Duration;

use hickory_proto::op::{Edns, Header, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{DNSClass, Name, RData, Record, RecordType};
use hickory_proto::serialize::binary::{BinDecodable, BinDecoder};

use crate::limits::{MAX_DNS_ADDRESSES, MAX_DNS_ALIASES, MAX_DNS_TTL, MAX_NEGATIVE_TTL};
use crate::lookup::DnsRecord;

/// The largest datagram that is asked for: it fits through every link without being cut in pieces
/// (<https://www.dnsflagday.net/2020/>).
const UDP_PAYLOAD: u16 = 1232;

/// One question to one server. Each has an id of its own, drawn at random.
pub(super) struct Question {
    id: u16,
    query: Query,
    record: DnsRecord,
}

/// Whether a question carries EDNS(0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extensions {
    On,
    Off,
}

/// What a message answers to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Addresses {
        addresses: Vec<IpAddr>,
        /// The names between the one in question and the addresses.
        aliases: Vec<String>,
        ttl: Duration,
    },
    /// The name is an alias, and the server does not say more: of what.
    Alias { aliases: Vec<String>, ttl: Duration },
    /// The name is there and has no such address. Zero says that it is not to be remembered.
    NoAddress { ttl: Duration },
    /// There is no such name.
    NoName { ttl: Duration },
    /// Ask again over TCP.
    Truncated,
    /// The server does not understand the question (FORMERR, NOTIMP).
    NotUnderstood(String),
    /// The server cannot or will not answer.
    Failed(String),
}

impl Question {
    /// # Errors
    /// In words, for what is no name.
    pub(super) fn new(name: &str, record: DnsRecord) -> Result<Self, String> {
        let labels = name.split('.').map(str::as_bytes);
        let mut asked = Name::from_labels(labels).map_err(|error| format!("{name} is no name: {error}"))?;
        asked.set_fqdn(true);
        let query = Query::query(asked, record_type(record));
        // Drawn by the library from the thread's cryptographic generator.
        Ok(Self { id: Message::query().metadata.id, query, record })
    }

    /// A number that nobody can guess: the message's id.
    pub(super) const fn id(&self) -> u16 {
        self.id
    }

    /// The question as it is sent.
    ///
    /// # Errors
    /// In words; for names that passed [`Question::new`] there are none.
    pub(super) fn bytes(&self, extensions: Extensions) -> Result<Vec<u8>, String> {
        let mut message = Message::new(self.id, MessageType::Query, OpCode::Query);
        message.metadata.recursion_desired = true;
        message.add_query(self.query.clone());
        if extensions == Extensions::On {
            let mut edns = Edns::new();
            edns.set_max_payload(UDP_PAYLOAD);
            message.set_edns(edns);
        }
        message.to_vec().map_err(|error| error.to_string())
    }

    /// What `bytes` answer.
    ///
    /// # Errors
    /// Why they are no answer to this question: anybody can send them, and they are to be ignored.
    pub(super) fn read(&self, bytes: &[u8]) -> Result<Reply, String> {
        let mut decoder = BinDecoder::new(bytes);
        let header = Header::read(&mut decoder).map_err(|_| "it is no DNS message".to_owned())?;
        let head = header.metadata;
        if head.id != self.id {
            return Err("its id is another question's".to_owned());
        }
        if head.message_type != MessageType::Response || head.op_code != OpCode::Query {
            return Err("it is no answer".to_owned());
        }
        let code = head.response_code;
        let not_understood = matches!(code, ResponseCode::FormErr | ResponseCode::NotImp);
        // Servers that understand nothing need not repeat the question.
        if !(header.counts.queries == 0 && not_understood) {
            let echo = Query::read(&mut decoder).map_err(|_| "its question cannot be read".to_owned())?;
            let same = echo.name.eq_ignore_root(&self.query.name)
                && echo.query_type == self.query.query_type
                && echo.query_class == DNSClass::IN;
            if header.counts.queries != 1 || !same {
                return Err("it repeats another question".to_owned());
            }
        }
        if head.truncation {
            return Ok(Reply::Truncated);
        }
        if not_understood {
            return Ok(Reply::NotUnderstood(code_name(code)));
        }
        match Message::from_vec(bytes) {
            Ok(message) => Ok(self.answer(&message)),
            Err(error) => Ok(Reply::Failed(format!("a message that cannot be read ({error})"))),
        }
    }

    fn answer(&self, message: &Message) -> Reply {
        match message.metadata.response_code {
            ResponseCode::NoError => {}
            ResponseCode::NXDomain => return Reply::NoName { ttl: negative_ttl(message) },
            ResponseCode::BADVERS => return Reply::NotUnderstood("BADVERS".to_owned()),
            other => return Reply::Failed(code_name(other)),
        }
        let chain = match Chain::follow(&self.query.name, &message.answers) {
            Ok(chain) => chain,
            Err(reason) => return Reply::Failed(reason),
        };
        let mut ttl = chain.ttl;
        let mut addresses: Vec<IpAddr> = Vec::new();
        for record in message.answers.iter().filter(|record| is_of(record, chain.end)) {
            let address: IpAddr = match (&record.data, self.record) {
                (RData::A(address), DnsRecord::A) => address.0.into(),
                (RData::AAAA(address), DnsRecord::Aaaa) => address.0.into(),
                _ => continue,
            };
            ttl = ttl.min(lifetime(record.ttl));
            if addresses.len() < MAX_DNS_ADDRESSES && !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        let aliases: Vec<String> = chain.aliases.iter().map(|name| written(name)).collect();
        if !addresses.is_empty() {
            return Reply::Addresses { addresses, aliases, ttl };
        }
        let knows_the_zone = message.authorities.iter().any(|record| matches!(record.data, RData::SOA(_)));
        match aliases.is_empty() || knows_the_zone {
            true => Reply::NoAddress { ttl: negative_ttl(message) },
            false => Reply::Alias { aliases, ttl },
        }
    }
}

/// The aliases of a name within one answer: <https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2>.
struct Chain<'a> {
    aliases: Vec<&'a Name>,
    end: &'a Name,
    ttl: Duration,
}

impl<'a> Chain<'a> {
    fn follow(name: &'a Name, answers: &'a [Record]) -> Result<Self, String> {
        let mut chain = Chain { aliases: Vec::new(), end: name, ttl: MAX_DNS_TTL };
        loop {
            let next = answers.iter().find_map(|record| match &record.data {
                RData::CNAME(target) if is_of(record, chain.end) => Some((&target.0, record.ttl)),
                _ => None,
            });
            let Some((target, ttl)) = next else { return Ok(chain) };
            if target.eq_ignore_root(name) || chain.aliases.iter().any(|alias| alias.eq_ignore_root(target)) {
                return Err("aliases that lead in a circle".to_owned());
            }
            if chain.aliases.len() >= MAX_DNS_ALIASES {
                return Err(format!("more than {MAX_DNS_ALIASES} aliases in a row"));
            }
            chain.ttl = chain.ttl.min(lifetime(ttl));
            chain.aliases.push(target);
            chain.end = target;
        }
    }
}

fn is_of(record: &Record, name: &Name) -> bool {
    record.dns_class == DNSClass::IN && record.name.eq_ignore_root(name)
}

/// A name as it is asked for and shown: lower case, without the last dot.
fn written(name: &Name) -> String {
    let text = name.to_ascii().to_ascii_lowercase();
    text.strip_suffix('.').unwrap_or(&text).to_owned()
}

/// A TTL with the top bit set is zero: <https://www.rfc-editor.org/rfc/rfc2181#section-8>.
fn lifetime(ttl: u32) -> Duration {
    let ttl = if ttl > i32::MAX as u32 { 0 } else { ttl };
    Duration::from_secs(ttl.into()).min(MAX_DNS_TTL)
}

/// How long the absence holds: <https://www.rfc-editor.org/rfc/rfc2308#section-5>. Without an SOA it does not.
fn negative_ttl(message: &Message) -> Duration {
    let soa = message.authorities.iter().find_map(|record| match &record.data {
        RData::SOA(soa) => Some(lifetime(record.ttl).min(lifetime(soa.minimum))),
        _ => None,
    });
    soa.unwrap_or(Duration::ZERO).min(MAX_NEGATIVE_TTL)
}

const fn record_type(record: DnsRecord) -> RecordType {
    match record {
        DnsRecord::A => RecordType::A,
        DnsRecord::Aaaa => RecordType::AAAA,
    }
}

fn code_name(code: ResponseCode) -> String {
    match code {
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => format!("{other} ({})", u16::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A question with a known id, and an answer to it: head, question, and `records` as they are.
    fn exchange(flags: [u8; 2], counts: [u8; 3], records: &[u8]) -> (Question, Vec<u8>) {
        let mut question = Question::new("a.test", DnsRecord::A).unwrap();
        question.id = 0x1234;
        let mut bytes = vec![0x12, 0x34, flags[0], flags[1], 0, 1, 0, counts[0], 0, counts[1], 0, counts[2]];
        bytes.extend_from_slice(b"\x01a\x04test\x00\x00\x01\x00\x01");
        bytes.extend_from_slice(records);
        (question, bytes)
    }

    /// A record with the name at offset 12, the one in question.
    fn record(kind: u8, ttl: u32, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xc0, 12, 0, kind, 0, 1];
        bytes.extend_from_slice(&ttl.to_be_bytes());
        bytes.extend_from_slice(&(data.len() as u16).to_be_bytes());
        bytes.extend_from_slice(data);
        bytes
    }

    const YES: [u8; 2] = [0x81, 0x80];

    #[test]
    fn a_question_in_bytes() {
        let mut question = Question::new("a.test", DnsRecord::Aaaa).unwrap();
        question.id = 0x1234;
        let plain = question.bytes(Extensions::Off).unwrap();
        assert_eq!(
            plain,
            b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x04test\x00\x00\x1c\x00\x01"
        );
        let extended = question.bytes(Extensions::On).unwrap();
        assert_eq!(extended[..10], [&plain[..10]].concat()[..]);
        assert_eq!(extended[11], 1, "one record more");
        assert_eq!(extended[plain.len()..], *b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x00");
        assert!(Question::new(&"a".repeat(64), DnsRecord::A).is_err());
        let ids: std::collections::BTreeSet<u16> =
            (0..64).map(|_| Question::new("a.test", DnsRecord::A).unwrap().id).collect();
        assert!(ids.len() > 48, "ids are drawn");
    }

    #[test]
    fn addresses_and_how_long_they_hold() {
        for (ttl, seconds) in [(300, 300), (0, 0), (u32::MAX, 0), (1 << 30, MAX_DNS_TTL.as_secs())] {
            let (question, bytes) = exchange(YES, [1, 0, 0], &record(1, ttl, &[192, 0, 2, 1]));
            let reply = Reply::Addresses {
                addresses: vec![[192, 0, 2, 1].into()],
                aliases: vec![],
                ttl: Duration::from_secs(seconds),
            };
            assert_eq!(question.read(&bytes), Ok(reply), "{ttl}");
        }
    }

    #[test]
    fn aliases() {
        // a.test CNAME b.test (its name at 12 + 8 + 4 + 12 = 36), b.test A.
        let mut records = record(5, 60, b"\x01b\xc0\x0e");
        let (_, head) = exchange(YES, [2, 0, 0], &[]);
        let target = (head.len() + 12) as u8;
        let mut address = record(1, 300, &[192, 0, 2, 1]);
        address[1] = target;
        let alone = records.clone();
        records.extend_from_slice(&address);
        let (question, bytes) = exchange(YES, [2, 0, 0], &records);
        let (aliases, ttl) = (vec!["b.test".to_owned()], Duration::from_secs(60));
        let addresses = vec![[192, 0, 2, 1].into()];
        assert_eq!(question.read(&bytes), Ok(Reply::Addresses { addresses, aliases: aliases.clone(), ttl }));
        let (question, bytes) = exchange(YES, [1, 0, 0], &alone);
        assert_eq!(question.read(&bytes), Ok(Reply::Alias { aliases, ttl }));
        // b.test CNAME a.test: a circle. And a name that is its own alias.
        let mut back = record(5, 60, b"\xc0\x0c");
        back[1] = target;
        let circle = [alone, back].concat();
        for (records, count) in [(circle, 2), (record(5, 60, b"\xc0\x0c"), 1)] {
            let (question, bytes) = exchange(YES, [count, 0, 0], &records);
            assert_eq!(question.read(&bytes), Ok(Reply::Failed("aliases that lead in a circle".into())));
        }
    }

    #[test]
    fn absence() {
        let mut soa = b"\xc0\x0c\xc0\x0c".to_vec();
        for number in [1u32, 2, 3, 4, 90] {
            soa.extend_from_slice(&number.to_be_bytes());
        }
        let seconds = Duration::from_secs;
        for (flags, ttl, reply) in [
            ([0x81, 0x83], Some(60), Reply::NoName { ttl: seconds(60) }),
            ([0x81, 0x83], Some(600), Reply::NoName { ttl: seconds(90) }),
            ([0x81, 0x83], None, Reply::NoName { ttl: seconds(0) }),
            (YES, Some(60), Reply::NoAddress { ttl: seconds(60) }),
            (YES, None, Reply::NoAddress { ttl: seconds(0) }),
        ] {
            let records = ttl.map_or(vec![], |ttl| record(6, ttl, &soa));
            let (question, bytes) = exchange(flags, [0, u8::from(ttl.is_some()), 0], &records);
            assert_eq!(question.read(&bytes), Ok(reply));
        }
    }

    #[test]
    fn codes() {
        for (flags, reply) in [
            ([0x83, 0x80], Reply::Truncated),
            ([0x81, 0x81], Reply::NotUnderstood("FORMERR".into())),
            ([0x81, 0x84], Reply::NotUnderstood("NOTIMP".into())),
            ([0x81, 0x82], Reply::Failed("SERVFAIL".into())),
            ([0x81, 0x85], Reply::Failed("REFUSED".into())),
            ([0x81, 0x89], Reply::Failed("Not authorized (9)".into())),
        ] {
            let (question, bytes) = exchange(flags, [0, 0, 0], &[]);
            assert_eq!(question.read(&bytes), Ok(reply));
        }
        // A server that understands nothing need not repeat the question.
        let (question, _) = exchange(YES, [0; 3], &[]);
        let bare = b"\x12\x34\x81\x81\x00\x00\x00\x00\x00\x00\x00\x00";
        assert_eq!(question.read(bare), Ok(Reply::NotUnderstood("FORMERR".into())));
        let bare = b"\x12\x34\x81\x80\x00\x00\x00\x00\x00\x00\x00\x00";
        assert!(question.read(bare).is_err());
    }

    #[test]
    fn what_is_no_answer_is_told_apart_from_a_bad_one() {
        let (question, good) = exchange(YES, [1, 0, 0], &record(1, 60, &[192, 0, 2, 1]));
        let changed = |at: usize, byte: u8| {
            let mut bytes = good.clone();
            bytes[at] = byte;
            bytes
        };
        for (bytes, reason) in [
            (changed(0, 9), "its id is another question's"),
            (changed(2, 0x01), "it is no answer"),
            (changed(13, b'b'), "it repeats another question"),
            (changed(20, 28), "it repeats another question"),
            (changed(22, 3), "it repeats another question"),
            (changed(5, 2), "it repeats another question"),
            (good[..11].to_vec(), "it is no DNS message"),
            (good[..15].to_vec(), "its question cannot be read"),
            (vec![], "it is no DNS message"),
        ] {
            assert_eq!(question.read(&bytes), Err(reason.to_owned()));
        }
        assert!(question.read(&changed(13, b'A')).is_ok(), "case does not count");
        // The answer is to the question, but is cut off, or its name points to itself.
        let (_, loops) =
            exchange(YES, [1, 0, 0], b"\xc0\x18\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x01\x02\x03\x04");
        for bytes in [good[..good.len() - 2].to_vec(), loops, changed(7, 200)] {
            let reply = question.read(&bytes);
            assert!(matches!(&reply, Ok(Reply::Failed(why)) if why.starts_with("a message")), "{reply:?}");
        }
    }

    /// Whatever a server sends: an answer or none, no panic, no long work. Each byte of a good answer is changed,
    /// in turns and several at once.
    #[test]
    fn no_bytes_break_it() {
        let mut records = record(5, 60, b"\x01b\xc0\x0e");
        records.extend_from_slice(&record(1, 60, &[192, 0, 2, 1]));
        // EDNS, with an option.
        records.extend_from_slice(b"\x00\x00\x29\x04\xd0\x00\x00\x00\x00\x00\x06\x00\x0a\x00\x02ab");
        let (question, good) = exchange(YES, [2, 0, 1], &records);
        assert!(question.read(&good).is_ok());
        for at in 0..good.len() {
            for byte in [0, 1, 0x0c, 0x29, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff] {
                let mut bytes = good.clone();
                bytes[at] = byte;
                let _ = question.read(&bytes);
                bytes.truncate(at);
                let _ = question.read(&bytes);
            }
        }
        let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
        for _ in 0..20_000 {
            let mut bytes = good.clone();
            for _ in 0..4 {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                // Behind the id, so that the bytes are looked at.
                let at = 2 + (random >> 32) as usize % (bytes.len() - 2);
                bytes[at] = random as u8;
            }
            let _ = question.read(&bytes);
        }
    }
}
