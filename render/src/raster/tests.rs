//! Pictures of small lists, pixel by pixel.
