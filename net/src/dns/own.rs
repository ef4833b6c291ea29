//! Our own resolver as a machine's files configure it: which they are, when they are read again, and which names
//! stay the system's.

use std::fs::{self, File};
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use super::conf::{Conf, SystemNames, system_names};
use super::hosts::Hosts;
use super::steps::Steps;
use super::stub::Setup;
use super::system::System;
use super::{Answer, Resolve, order, stub};
use crate::clock::{Clock, Timestamp};
use crate::config::{DnsFiles, DnsSetup};
use crate::limits::{DNS_FILES_CHECK, MAX_DNS_FILE_BYTES, MAX_DNS_QUESTIONS, MAX_DNS_SERVERS};

/// Name servers and the hosts file, and the system for names that are its own.
pub(super) struct Own {
    given: DnsSetup,
    choice: Choice,
    system: System,
    clock: Arc<dyn Clock>,
    sockets: Arc<Semaphore>,
    loaded: Mutex<Option<Loaded>>,
}

/// Whether the system is asked for anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing: somebody wants our own resolver.
    Always,
    /// The names that it would find in ways of its own.
    WhereItFits,
}

/// The files as they were when they were last looked at.
struct Loaded {
    checked_at: Timestamp,
    stamps: [Option<(SystemTime, u64)>; 3],
    setup: Arc<Setup>,
    system_names: SystemNames,
}

impl Own {
    pub(super) fn new(given: DnsSetup, choice: Choice, clock: Arc<dyn Clock>) -> Self {
        let sockets = Arc::new(Semaphore::new(MAX_DNS_QUESTIONS));
        Self { given, choice, system: System::default(), clock, sockets, loaded: Mutex::default() }
    }

    /// The present configuration. Machines change networks while they run: the files are looked at again.
    fn current(&self) -> (Arc<Setup>, SystemNames) {
        let now = self.clock.now();
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let DnsFiles { resolv_conf, hosts, nsswitch } = &self.given.files;
        if let Some(known) = loaded.as_ref()
            && now.since(known.checked_at) < DNS_FILES_CHECK
        {
            return (known.setup.clone(), known.system_names);
        }
        let stamps = [resolv_conf, hosts, nsswitch].map(|path| stamp(path));
        if let Some(known) = loaded.as_mut()
            && known.stamps == stamps
        {
            known.checked_at = now;
            return (known.setup.clone(), known.system_names);
        }
        let mut conf = Conf::parse(&read(resolv_conf).unwrap_or_default());
        if !self.given.servers.is_empty() {
            let usable = self.given.servers.iter().take(MAX_DNS_SERVERS);
            conf.servers = usable.copied().collect::<Vec<SocketAddr>>();
        }
        let system_names = match self.choice {
            Choice::Always => SystemNames::None,
            Choice::WhereItFits => system_names(read(nsswitch).as_deref(), &conf),
        };
        let hosts = Hosts::parse(&read(hosts).unwrap_or_default());
        let setup = Arc::new(Setup { conf, hosts });
        *loaded = Some(Loaded { checked_at: now, stamps, setup: setup.clone(), system_names });
        (setup, system_names)
    }
}

impl Resolve for Own {
    fn resolve(&self, host: &str, steps: Steps) -> BoxFuture<'static, Answer> {
        let (setup, system_names) = self.current();
        let name = host.strip_suffix('.').unwrap_or(host);
        if system_names.contain(name) {
            return self.system.resolve(host, steps);
        }
        let answer = stub::resolve(setup, host.to_owned(), self.clock.clone(), self.sockets.clone(), steps);
        async move {
            let mut found = answer.await?;
            order::sort(&mut found.addresses, |address: IpAddr| order::own_address(address));
            Ok(found)
        }
        .boxed()
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_DNS_FILE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
