//! What an element asks to be fetched.
