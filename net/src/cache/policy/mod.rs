//! RFC 9111 for a private cache, as pure functions of what is stored, the request and the time of day.
//! One file a section:
//!
//! ```text
//! directives              5.2  Cache-Control, 5.4 Pragma
//! storing_responses       3    Storing Responses in Caches
//! storing_fields          3.1  Storing Header and Trailer Fields, 3.2 Updating Stored Header Fields
//! combining_partial       3.3  Storing Incomplete Responses, 3.4 Combining Partial Content
//! cache_keys              4.1  Calculating Cache Keys with the Vary Header Field
//! freshness               4.2  Freshness
//! serving_stale           4.2.4 Serving Stale Responses
//! validation              4.3  Validation
//! constructing_responses  4    Constructing Responses from Caches
//! invalidation            4.4  Invalidating Stored Responses
//! ```

mod directives;
mod storing_responses;
mod storing_fields;
mod combining_partial;
mod cache_keys;
mod freshness;
mod serving_stale;
mod validation;
mod constructing_responses;
mod invalidation;

pub(crate) use cache_keys::{is_same_selection, selecting};
pub(crate) use combining_partial::{combine, parse_content_range, resumed, served};
pub(crate) use constructing_responses::{Asked, Candidate, Decision, Part, Reason, Why, decide};
pub(crate) use freshness::{current_age, staleness};
pub(crate) use invalidation::invalidated;
pub(crate) use serving_stale::{OriginFailure, may_stand_in};
pub(crate) use storing_fields::storable;
pub(crate) use storing_responses::{Storing, may_store};
pub(crate) use validation::{Confirmation, conditions, confirmed, freshened_by_head};

#[cfg(test)]
mod samples;
