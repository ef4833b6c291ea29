//! Nothing is known of sockets here.

use super::Noticed;
use crate::event::TcpInfo;
use crate::id::ConnectionId;
use crate::transport::connections::Ends;

/// Never made.
#[derive(Debug)]
pub(in crate::transport) enum Socket {}

impl Socket {
    pub(in crate::transport) fn find(_: Ends) -> Option<Self> {
        None
    }
    pub(in crate::transport) fn measure(&self) -> Option<TcpInfo> {
        match *self {}
    }
    pub(in crate::transport) fn shut_down(&self) {
        match *self {}
    }
    pub(in crate::transport) fn is_released(&self) -> bool {
        match *self {}
    }
}

/// Never made.
#[derive(Debug)]
pub(in crate::transport) enum Watch {}

impl Watch {
    pub(in crate::transport) fn new() -> Option<Self> {
        None
    }
    pub(in crate::transport) fn add(&self, _: &Socket, _: ConnectionId) {
        match *self {}
    }
    pub(in crate::transport) async fn next(&self) -> Vec<Noticed> {
        match *self {}
    }
}
