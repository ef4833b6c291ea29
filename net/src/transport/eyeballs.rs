//! Happy eyeballs: in which order and when the addresses of a host are tried, <https://www.rfc-editor.org/rfc/rfc8305>.
//! Pure: time is an argument, and whoever drives it tells what became of each try.
//!
//! The resolver has done section 3 (both questions side by side, the resolution delay) and the sorting of section 4.

use std::collections::VecDeque;
use std::net::SocketAddr;

use crate::clock::Timestamp;
use crate::limits::{CONNECT_ATTEMPT_DELAY, MAX_CONNECT_ATTEMPTS};

/// A race of tries for one connection.
#[derive(Debug)]
pub(super) struct Race {
    waiting: VecDeque<SocketAddr>,
    running: Vec<SocketAddr>,
    started: usize,
    last: Option<SocketAddr>,
    /// When the next try may begin though others are running.
    next_at: Timestamp,
}

impl Race {
    /// A race over `addresses`, the best one first.
    pub(super) fn new(addresses: &[SocketAddr]) -> Self {
        let mut race = Self {
            waiting: VecDeque::new(),
            running: Vec::new(),
            started: 0,
            last: None,
            next_at: Timestamp::ZERO,
        };
        race.add(addresses);
        race
    }

    /// Addresses that became known later: the answer to the other question of the resolver.
    pub(super) fn add(&mut self, addresses: &[SocketAddr]) {
        let known: Vec<SocketAddr> = self.waiting.drain(..).chain(addresses.iter().copied()).collect();
        let mut kept: Vec<SocketAddr> = Vec::with_capacity(known.len());
        for address in known {
            if !kept.contains(&address) && !self.running.contains(&address) {
                kept.push(address);
            }
        }
        self.waiting = interleaved(&kept, self.last);
    }

    /// The address to try now, if one is due. To be asked until it says none.
    ///
    /// Section 5: a try every 250 ms while none has succeeded, and at once when all that were begun have failed.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<SocketAddr> {
        if (!self.running.is_empty() && now < self.next_at) || self.started >= MAX_CONNECT_ATTEMPTS {
            return None;
        }
        let address = self.waiting.pop_front()?;
        self.running.push(address);
        self.last = Some(address);
        self.started += 1;
        self.next_at = now + CONNECT_ATTEMPT_DELAY;
        Some(address)
    }

    /// When to ask again, if nothing is heard before.
    pub(super) fn next_at(&self) -> Option<Timestamp> {
        let more = !self.waiting.is_empty() && self.started < MAX_CONNECT_ATTEMPTS;
        more.then_some(self.next_at)
    }

    /// A try has failed.
    ///
    /// The next one begins at once, as in Chromium: the delay is for tries of which nothing is heard.
    pub(super) fn failed(&mut self, address: SocketAddr, now: Timestamp) {
        self.running.retain(|running| *running != address);
        self.next_at = self.next_at.min(now);
    }

    /// All goes on with `address` alone; what else is running is given up for now, and may be tried again later.
    pub(super) fn settle(&mut self, address: SocketAddr, now: Timestamp) {
        let given_up = std::mem::replace(&mut self.running, vec![address]);
        self.waiting.extend(given_up.into_iter().filter(|other| *other != address));
        self.last = Some(address);
        self.next_at = now + CONNECT_ATTEMPT_DELAY;
    }

    /// The tries of which nothing was heard yet.
    pub(super) fn running(&self) -> &[SocketAddr] {
        &self.running
    }

    /// Whether there ever was a choice.
    pub(super) fn has_choice(&self) -> bool {
        self.started + self.waiting.len() > 1
    }

    /// Whether all tries have failed and none is left.
    pub(super) fn is_lost(&self) -> bool {
        self.running.is_empty() && self.next_at().is_none()
    }
}

/// Section 4: families take turns, one address each (a "First Address Family Count" of 1). `last` is the address that
/// was tried before these.
fn interleaved(addresses: &[SocketAddr], last: Option<SocketAddr>) -> VecDeque<SocketAddr> {
    let (mut v6, mut v4): (VecDeque<SocketAddr>, VecDeque<SocketAddr>) =
        addresses.iter().partition(|address| address.is_ipv6());
    let mut v6_next = match last {
        Some(last) => last.is_ipv4(),
        None => addresses.first().is_some_and(SocketAddr::is_ipv6),
    };
    let mut order = VecDeque::with_capacity(addresses.len());
    loop {
        let (first, second) = if v6_next { (&mut v6, &mut v4) } else { (&mut v4, &mut v6) };
        match first.pop_front().or_else(|| second.pop_front()) {
            Some(address) => order.push_back(address),
            None => return order,
        }
        v6_next = !v6_next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a try, so many milliseconds after it began.
    #[derive(Clone, Copy)]
    enum End {
        Opens(u64),
        Fails(u64),
        Hangs,
    }
    use End::{Fails, Hangs, Opens};

    /// Letters are addresses of version 4, capitals of version 6.
    fn address(letter: char) -> SocketAddr {
        let number = u16::try_from(u32::from(letter)).unwrap();
        if letter.is_uppercase() {
            ([0x2001, 0xdb8, 0, 0, 0, 0, 0, number], 80).into()
        } else {
            ([192, 0, 2, number as u8], 80).into()
        }
    }

    fn letter(address: SocketAddr) -> char {
        let last = match address {
            SocketAddr::V4(address) => address.ip().octets()[3],
            SocketAddr::V6(address) => address.ip().octets()[15],
        };
        char::from(last)
    }

    /// Plays a race in virtual time: `A0 a250 =A300` is a try to A at 0, one to a at 250, and A open at 300.
    fn play(addresses: &str, late: &[(u64, &str)], ends: &[(char, End)]) -> String {
        let all = |text: &str| text.chars().map(address).collect::<Vec<_>>();
        let mut race = Race::new(&all(addresses));
        let mut told = Vec::new();
        let mut running: Vec<(u64, char, End)> = Vec::new();
        let mut late = late.to_vec();
        let mut now = 0;
        for _ in 0..1000 {
            while let Some(at) = race.due(Timestamp::from_millis(now)) {
                let name = letter(at);
                told.push(format!("{name}{now}"));
                let end = ends.iter().find(|(n, _)| *n == name).map_or(Hangs, |(_, end)| *end);
                running.push((now, name, end));
            }
            let end_of = |(from, _, end): &(u64, char, End)| match end {
                Opens(after) | Fails(after) => Some(from + after),
                Hangs => None,
            };
            let next = running.iter().filter_map(end_of);
            let next = next.chain(late.iter().map(|(at, _)| *at));
            let next = next.chain(race.next_at().map(|at| at.0.as_millis() as u64));
            let Some(next) = next.min() else {
                told.push(if race.is_lost() { "lost".to_owned() } else { "hangs".to_owned() });
                return told.join(" ");
            };
            now = now.max(next);
            late.retain(|(at, more)| {
                if *at <= now {
                    race.add(&all(more));
                }
                *at > now
            });
            let (over, still): (Vec<_>, Vec<_>) =
                running.into_iter().partition(|try_| end_of(try_).is_some_and(|end| end <= now));
            running = still;
            for (_, name, end) in over {
                if matches!(end, Opens(_)) {
                    told.push(format!("={name}{now}"));
                    return told.join(" ");
                }
                race.failed(address(name), Timestamp::from_millis(now));
            }
        }
        panic!("no end: {told:?}");
    }

    #[test]
    fn table() {
        for (addresses, late, ends, told) in [
            // Nothing to race.
            ("a", &[][..], &[('a', Opens(30))][..], "a0 =a30"),
            ("a", &[], &[('a', Fails(30))], "a0 lost"),
            ("a", &[], &[], "a0 hangs"),
            ("", &[], &[], "lost"),
            // Quick enough: the second is never tried.
            ("Aa", &[], &[('A', Opens(249))], "A0 =A249"),
            // Too slow: the other family comes in, and either may win.
            ("Aa", &[], &[('A', Opens(300)), ('a', Opens(20))], "A0 a250 =a270"),
            ("Aa", &[], &[('A', Opens(260)), ('a', Opens(20))], "A0 a250 =A260"),
            // Broken at once: no waiting.
            ("Aa", &[], &[('A', Fails(2)), ('a', Opens(20))], "A0 a2 =a22"),
            ("Aa", &[], &[('A', Fails(2)), ('a', Fails(3))], "A0 a2 lost"),
            // Families take turns, whatever the order within them.
            ("ABCabc", &[], &[], "A0 a250 B500 b750 C1000 c1250 hangs"),
            ("abcA", &[], &[], "a0 A250 b500 c750 hangs"),
            ("abc", &[], &[('c', Opens(5))], "a0 b250 c500 =c505"),
            // A failure begins the next try and the delay anew.
            ("abc", &[], &[('a', Fails(100))], "a0 b100 c350 hangs"),
            // Also while another is running.
            ("abc", &[], &[('b', Fails(10))], "a0 b250 c260 hangs"),
            // What comes late takes its turn: at once, when the others have failed.
            ("a", &[(40, "A")], &[('A', Opens(20))], "a0 A250 =A270"),
            ("abc", &[(40, "A")], &[], "a0 A250 b500 c750 hangs"),
            ("a", &[(400, "A")], &[('A', Opens(20))], "a0 A400 =A420"),
            ("a", &[(400, "A")], &[('a', Fails(10)), ('A', Opens(20))], "a0 A400 =A420"),
            ("a", &[(40, "a")], &[], "a0 hangs"),
            // There is an end to it.
            ("abcdefghijkl", &[], &[], "a0 b250 c500 d750 e1000 f1250 g1500 h1750 i2000 j2250 hangs"),
        ] {
            assert_eq!(play(addresses, late, ends), told, "{addresses}");
        }
    }

    #[test]
    fn whether_there_is_a_choice() {
        let mut race = Race::new(&[address('a')]);
        assert!(!race.has_choice());
        race.due(Timestamp::ZERO);
        assert_eq!(race.running(), [address('a')]);
        race.add(&[address('A')]);
        assert!(race.has_choice());
        let later = Timestamp::from_millis(300);
        assert_eq!(race.due(later), Some(address('A')));
        race.settle(address('A'), later);
        assert_eq!(race.due(later), None);
        assert_eq!(race.running(), [address('A')]);
        race.failed(address('A'), later);
        assert_eq!(race.due(later), Some(address('a')), "the one that was given up");
    }
}
