//! The limits of the program, all with their names in one place.

/// The largest HTTP Archive that `compare` reads. Those with all bodies in them reach some hundred megabytes; reading
/// takes a few times that in memory.
pub const MAX_HAR_BYTES: u64 = 512 * 1024 * 1024;
