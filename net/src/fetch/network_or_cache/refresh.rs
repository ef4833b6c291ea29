//! A refresh in the background: RFC 5861's `stale-while-revalidate`, with a fetch and a story of its own.

use std::sync::Arc;

use super::super::Net;
use super::super::body::Pipe;
use super::super::hop::Hop;
use super::super::{auth, cookies, headers};
use super::forward::{Plan, forward};
use super::{add, outcome};
use crate::cache::{CacheKey, Lead, Reason, Stored, conditions};
use crate::event::NetEventKind;
use crate::id::FetchId;
use crate::priority::Priority;
use crate::request::{Initiator, InitiatorKind};
use crate::story::CancelOnDrop;

/// Asks the origin whether `stored` is still good, in a task of its own, and returns its name. Without a `lead`
/// somebody does so already: then there is nothing to start.
pub(super) fn start(
    net: &Net,
    hop: &Hop,
    key: &CacheKey,
    stored: &Arc<Stored>,
    lead: Option<Lead>,
) -> FetchId {
    let Some(lead) = lead else { return FetchId::background(0) };
    let id = net.cache.next_refresh();
    let mut request = hop.request.clone();
    request.id = id;
    request.priority = Priority::Lowest;
    request.render_blocking = false;
    request.initiator = Initiator {
        kind: InitiatorKind::Browser,
        url: hop.request.initiator.url.clone(),
        fetch: Some(hop.story.fetch()),
    };
    let hop = Hop::first(request, hop.story.sibling(id));
    let (net, key, stored) = (net.clone(), key.clone(), stored.clone());
    // It ends with its runtime; its failure is told in its story and leaves what is stored as it is.
    tokio::spawn(async move { refresh(&net, hop, key, stored, lead).await });
    id
}

async fn refresh(net: &Net, mut hop: Hop, key: CacheKey, stored: Arc<Stored>, lead: Lead) {
    let cancel = CancelOnDrop(hop.story.clone());
    hop.tell_requested();
    let mut unconditional = headers::for_hop(&hop, &net.config);
    auth::attach(net, &mut hop, &mut unconditional);
    let sent_cookies = cookies::attach(net, &hop, &mut unconditional);
    let unconditional = Arc::new(unconditional);
    let mut headers = unconditional.clone();
    let (conditions, why) = conditions(&stored, hop.story.wall_clock());
    add(Arc::make_mut(&mut headers), &conditions, &hop.request.headers);
    let outcome = outcome(why);
    let about = if matches!(why, Reason::Revalidate(_)) { vec![stored] } else { Vec::new() };
    hop.story.tell(NetEventKind::Cache(outcome));
    cookies::tell_sent(&hop, sent_cookies);
    let plan = Plan { headers, unconditional, about, fallback: None, lead: Some(lead), key: &key };
    match forward(net, &hop, plan).await {
        Ok(response) => {
            // Read to its end, so that it is stored.
            if let Ok(pipe) = Pipe::new(response.body, &response.headers, &hop, cancel, net) {
                let mut body = pipe.into_body();
                while let Some(Ok(_)) = body.chunk().await {}
            }
        }
        Err(error) => hop.story.fail(&error),
    }
}
