//! HTTP-network-or-cache fetch: <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>.

use super::hop::Hop;
use super::main_fetch::Internal;
use super::network::network_fetch;
use super::{Net, headers};
use crate::error::Error;
use crate::event::{CacheOutcome, NetEventKind};

/// Builds the hop's headers and answers it from the network.
pub(super) async fn network_or_cache_fetch(net: &Net, hop: &mut Hop) -> Result<Internal, Error> {
    let headers = headers::for_hop(hop, &net.config);
    hop.story.tell(NetEventKind::Cache(CacheOutcome::Bypass));
    network_fetch(net, hop, headers).await
}
