//! Whom to ask next: one question's way through the name servers. Pure: it is told what came and says what to do.

use std::time::Duration;

use super::message::{Extensions, Reply};
use crate::limits::MAX_DNS_TIMEOUT;
use crate::lookup::DnsTransport;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Do {
    /// Send the question, and say what was heard.
    Ask(Try),
    /// The question is answered, or nobody can.
    End(Result<Reply, NoAnswer>),
}

/// One sending of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Try {
    /// Which server, by its place in the list.
    pub(super) server: usize,
    pub(super) transport: DnsTransport,
    pub(super) extensions: Extensions,
    /// How long to wait for the answer.
    pub(super) timeout: Duration,
}

/// What was heard after a [`Try`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    Reply(Reply),
    Nothing,
    /// The server could not be reached.
    Unreachable,
}

/// Why nobody answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// No server answered at all.
    Silence,
    /// Servers were there, and this is what the last one said.
    Refused(String),
}

/// One question under way.
#[derive(Debug)]
pub(super) struct Asking {
    servers: Vec<Server>,
    timeout: Duration,
    rounds: usize,
    round: usize,
    /// The place in the round of the server that is asked.
    at: usize,
    /// The server at which a round begins.
    first: usize,
    transport: DnsTransport,
    always: DnsTransport,
    refused: Option<String>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Server {
    /// It does not know EDNS.
    plain: bool,
    /// It has said all that it has to say.
    out: bool,
}

impl Asking {
    /// A question to `servers` servers, of which the one at `first` is asked first; each round through them waits
    /// twice as long as the one before, the first one `timeout`.
    pub(super) fn new(
        servers: usize,
        first: usize,
        timeout: Duration,
        rounds: usize,
        transport: DnsTransport,
    ) -> Self {
        Self {
            servers: vec![Server::default(); servers],
            timeout,
            rounds,
            round: 0,
            at: 0,
            first,
            transport,
            always: transport,
            refused: None,
        }
    }

    /// The first thing to do.
    pub(super) fn begin(&self) -> Do {
        match self.servers.is_empty() {
            true => Do::End(Err(NoAnswer::Silence)),
            false => self.ask(),
        }
    }

    /// What to do after `heard` came of the last [`Do::Ask`].
    pub(super) fn next(&mut self, heard: Heard) -> Do {
        let index = self.index();
        match heard {
            Heard::Reply(Reply::Truncated) if self.transport == DnsTransport::Udp => {
                self.transport = DnsTransport::Tcp;
                self.ask()
            }
            Heard::Reply(Reply::NotUnderstood(_)) if !self.servers[index].plain => {
                self.servers[index].plain = true;
                self.ask()
            }
            Heard::Reply(Reply::NotUnderstood(reason) | Reply::Failed(reason)) => {
                self.refused = Some(reason);
                self.drop_server(index)
            }
            Heard::Reply(Reply::Truncated) => {
                self.refused = Some("an answer that is cut off over TCP".to_owned());
                self.drop_server(index)
            }
            Heard::Reply(reply) => Do::End(Ok(reply)),
            Heard::Unreachable => self.drop_server(index),
            Heard::Nothing => self.next_server(),
        }
    }

    /// A server that has answered once will not answer otherwise in a second.
    fn drop_server(&mut self, index: usize) -> Do {
        self.servers[index].out = true;
        self.next_server()
    }

    fn next_server(&mut self) -> Do {
        self.transport = self.always;
        while self.round < self.rounds {
            self.at += 1;
            if self.at >= self.servers.len() {
                self.at = 0;
                self.round += 1;
                if self.round >= self.rounds || self.servers.iter().all(|server| server.out) {
                    break;
                }
            }
            if !self.servers[self.index()].out {
                return self.ask();
            }
        }
        Do::End(Err(self.refused.take().map_or(NoAnswer::Silence, NoAnswer::Refused)))
    }

    fn ask(&self) -> Do {
        let doubled = self.timeout.saturating_mul(1 << self.round.min(16));
        Do::Ask(Try {
            server: self.index(),
            transport: self.transport,
            extensions: if self.servers[self.index()].plain { Extensions::Off } else { Extensions::On },
            timeout: doubled.min(MAX_DNS_TIMEOUT),
        })
    }

    fn index(&self) -> usize {
        (self.first + self.at) % self.servers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Heard {
        Heard::Reply(Reply::Failed("SERVFAIL".to_owned()))
    }
    fn not_understood() -> Heard {
        Heard::Reply(Reply::NotUnderstood("FORMERR".to_owned()))
    }
    fn none() -> Heard {
        Heard::Reply(Reply::NoName { ttl: Duration::ZERO })
    }
    fn cut() -> Heard {
        Heard::Reply(Reply::Truncated)
    }
    fn wrong() -> Heard {
        Heard::Reply(Reply::Alias { aliases: vec![], ttl: Duration::ZERO })
    }

    /// `0u1 1t2-`: server 0 over UDP for 1 s, server 1 over TCP for 2 s without EDNS.
    fn story(servers: usize, first: usize, rounds: usize, heard: &[Heard]) -> String {
        let mut asking = Asking::new(servers, first, Duration::from_secs(1), rounds, DnsTransport::Udp);
        let (mut told, mut heard) = (Vec::new(), heard.iter());
        let mut now = asking.begin();
        loop {
            match now {
                Do::Ask(Try { server, transport, extensions, timeout }) => {
                    let transport = if transport == DnsTransport::Udp { 'u' } else { 't' };
                    let plain = if extensions == Extensions::Off { "-" } else { "" };
                    told.push(format!("{server}{transport}{}{plain}", timeout.as_secs()));
                    now = asking.next(heard.next().cloned().unwrap_or(Heard::Nothing));
                }
                Do::End(end) => {
                    told.push(match end {
                        Ok(Reply::NoName { .. }) => "no name".to_owned(),
                        Ok(other) => format!("{other:?}").split(' ').next().unwrap().to_lowercase(),
                        Err(NoAnswer::Silence) => "silence".to_owned(),
                        Err(NoAnswer::Refused(reason)) => reason,
                    });
                    return told.join(" ");
                }
            }
        }
    }

    #[test]
    fn table() {
        use Heard::{Nothing, Unreachable};
        for (servers, first, rounds, heard, told) in [
            (1, 0, 3, vec![none()], "0u1 no name"),
            (1, 0, 3, vec![wrong()], "0u1 alias"),
            (1, 0, 3, vec![], "0u1 0u2 0u4 silence"),
            (2, 0, 2, vec![], "0u1 1u1 0u2 1u2 silence"),
            (2, 1, 2, vec![], "1u1 0u1 1u2 0u2 silence"),
            (1, 0, 9, vec![], "0u1 0u2 0u4 0u8 0u16 0u30 0u30 0u30 0u30 silence"),
            (2, 0, 3, vec![Nothing, none()], "0u1 1u1 no name"),
            (1, 0, 3, vec![cut(), none()], "0u1 0t1 no name"),
            (1, 0, 3, vec![cut(), cut()], "0u1 0t1 an answer that is cut off over TCP"),
            (2, 0, 3, vec![cut(), Nothing, none()], "0u1 0t1 1u1 no name"),
            (1, 0, 3, vec![not_understood(), none()], "0u1 0u1- no name"),
            (2, 0, 3, vec![not_understood(), not_understood(), none()], "0u1 0u1- 1u1 no name"),
            (1, 0, 3, vec![not_understood(), Nothing, none()], "0u1 0u1- 0u2- no name"),
            (1, 0, 3, vec![failed()], "0u1 SERVFAIL"),
            (2, 0, 3, vec![failed(), none()], "0u1 1u1 no name"),
            (2, 0, 3, vec![failed(), Nothing, none()], "0u1 1u1 1u2 no name"),
            (2, 0, 2, vec![failed(), Nothing, Nothing], "0u1 1u1 1u2 SERVFAIL"),
            (3, 0, 3, vec![Unreachable, Unreachable, Unreachable], "0u1 1u1 2u1 silence"),
            (0, 0, 3, vec![], "silence"),
        ] {
            assert_eq!(story(servers, first, rounds, &heard), told, "{heard:?}");
        }
    }
}
