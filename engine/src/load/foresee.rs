//! What the loader does with what is found ahead of the tree: by the look-ahead scanner, and in the `Link` header.

use siskin_net::{Credentials, Destination, LoadTiming};

use super::link_header;
use super::loader::{Loader, Stage};
use super::message::{Output, ResponseHead};
use crate::css::MediaQueryList;
use crate::discovery::{Blocking, DiscoveredBy, Discovery};
use crate::html::discover::{
    BlockingAttribute, ConnectHint, CrossOrigin, ElementRequest, MetaRequest, ScriptRequest, ScriptTiming,
    SheetRequest, Site, tag_request,
};
use crate::html::preload::{Foreseen, Found, Place};

impl Loader {
    /// Looks at what the scanner has found.
    pub(super) fn take_found(&mut self) {
        let Stage::Parsing(parser) = &mut self.stage else { return };
        for Found { what, place } in parser.take_found() {
            self.body_reached |= place == Place::Body;
            self.on_foreseen(what, place);
        }
    }

    fn on_foreseen(&mut self, what: Foreseen, place: Place) {
        let by = DiscoveredBy::PreloadScan;
        match what {
            Foreseen::Element(ElementRequest::StyleSheet(request)) => {
                let blocking = self.link_blocking(&request, place);
                self.request(sheet_discovery(request, by, blocking));
            }
            Foreseen::Element(ElementRequest::Image { url, options, area, .. }) => {
                let discovery = Discovery::new(url, Destination::Image, by, Blocking::Load).with(options);
                self.request(Discovery { area, ..discovery });
            }
            Foreseen::Element(ElementRequest::Script(script)) => self.on_script(script, by, place),
            Foreseen::Element(ElementRequest::Preload { url, destination, options }) => {
                self.request(Discovery::new(url, destination, by, Blocking::None).with(options).preloaded());
            }
            Foreseen::Element(ElementRequest::Connect(hint)) => self.on_hint(hint),
            // It holds for what comes after it.
            Foreseen::Element(ElementRequest::Meta(MetaRequest::Referrer(policy))) => {
                self.referrer_policy = policy;
            }
            Foreseen::Element(ElementRequest::Meta(MetaRequest::ContentSecurityPolicy(policy))) => {
                self.upgrade_by([policy.as_str()]);
            }
            Foreseen::Import { import, media } => {
                let media = MediaQueryList::parse(&media);
                let blocking =
                    self.sheet_blocking(&media, place).min(self.sheet_blocking(&import.media, place));
                let mut discovery = Discovery::new(import.url, Destination::Style, by, blocking);
                discovery.timing = sheet_timing(blocking);
                self.request(discovery);
            }
            Foreseen::Element(_) => {}
        }
    }

    /// <https://html.spec.whatwg.org/#processing-link-headers>: hints and preloads; sheets and icons of the header are not
    /// asked for, as in Chromium.
    pub(super) fn on_link_header(&mut self, head: &ResponseHead) {
        let requests: Vec<ElementRequest> = {
            let site = Site {
                url: &head.final_url,
                base_url: &head.final_url,
                encoding: "UTF-8",
                viewport: self.config.viewport,
            };
            link_header::links(&head.headers)
                .iter()
                .filter_map(|link| tag_request(&site, link, &[]))
                .collect()
        };
        for request in requests {
            match request {
                ElementRequest::Preload { url, destination, options } => {
                    let by = DiscoveredBy::LinkHeader;
                    self.request(Discovery::new(url, destination, by, Blocking::None).with(options));
                }
                ElementRequest::Connect(hint) => self.on_hint(hint),
                ElementRequest::Script(script) => {
                    self.on_script(script, DiscoveredBy::LinkHeader, Place::Head);
                }
                ElementRequest::Prefetch { url, options } => self.on_prefetch(url, options),
                _ => {}
            }
        }
    }

    /// Each connection is hinted at once: the tree and the scanner find the same element.
    pub(super) fn on_hint(&mut self, hint: ConnectHint) {
        if self.hints.contains(&hint) || self.hints.len() >= crate::limits::MAX_CONNECT_HINTS {
            return;
        }
        self.hints.push(hint.clone());
        self.outputs.push(match hint {
            ConnectHint::Preconnect { url, cross_origin } => {
                let credentials = match cross_origin {
                    CrossOrigin::Anonymous => Credentials::SameOrigin,
                    CrossOrigin::None | CrossOrigin::UseCredentials => Credentials::Include,
                };
                Output::Preconnect { url, credentials }
            }
            ConnectHint::DnsPrefetch { url } => match url.host_str() {
                Some(host) => Output::DnsPrefetch { host: host.to_owned() },
                None => return,
            },
        });
    }

    /// Scripts do not run; they are fetched only for those who want to see what that costs.
    pub(super) fn on_script(&mut self, script: ScriptRequest, by: DiscoveredBy, place: Place) {
        let ScriptRequest { url: Some(url), timing, mut options } = script else { return };
        if self.config.scripts == super::loader::ScriptPolicy::Skip {
            return;
        }
        let blocking = match timing {
            _ if options.blocking == BlockingAttribute::Render && place == Place::Head => Blocking::Render,
            ScriptTiming::Blocking if place == Place::Head => Blocking::Render,
            ScriptTiming::Blocking | ScriptTiming::Deferred | ScriptTiming::Module => Blocking::Parser,
            ScriptTiming::Async => Blocking::Load,
            ScriptTiming::ModulePreload => Blocking::None,
        };
        let when = match timing {
            ScriptTiming::Async | ScriptTiming::Deferred => LoadTiming::Deferred,
            ScriptTiming::Blocking | ScriptTiming::Module | ScriptTiming::ModulePreload => LoadTiming::Now,
        };
        if matches!(timing, ScriptTiming::Module | ScriptTiming::ModulePreload)
            && options.cross_origin == CrossOrigin::None
        {
            options.cross_origin = CrossOrigin::Anonymous;
        }
        self.request(Discovery::new(url, Destination::Script, by, blocking).with(options).at(when));
    }

    /// What waits for the sheet of a `link`.
    pub(super) fn link_blocking(&mut self, request: &SheetRequest, place: Place) -> Blocking {
        // Nobody switches sheets here, but a browser loads those that one could switch to: last.
        if request.alternate || !self.sheets.title_applies(&request.title) {
            return Blocking::None;
        }
        // `blocking=render` says nothing new in the head and comes too late in the body:
        // <https://html.spec.whatwg.org/#allows-adding-render-blocking-elements>.
        self.sheet_blocking(&MediaQueryList::parse(&request.media), place)
    }
}

/// The wish for a linked sheet.
pub(super) fn sheet_discovery(request: SheetRequest, by: DiscoveredBy, blocking: Blocking) -> Discovery {
    let discovery = Discovery::new(request.url, Destination::Style, by, blocking).with(request.options);
    discovery.at(sheet_timing(blocking))
}

/// A sheet that nothing waits for is loaded when nothing else is left to do: its media does not match.
pub(super) const fn sheet_timing(blocking: Blocking) -> LoadTiming {
    match blocking {
        Blocking::Aside | Blocking::None => LoadTiming::NotMatching,
        Blocking::Load | Blocking::Parser | Blocking::Render => LoadTiming::Now,
    }
}
