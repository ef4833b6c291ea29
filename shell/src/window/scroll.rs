//! Where on the page the window stands: arithmetic on positions, always inside the page. CSS px everywhere.

use super::command::Scroll;

/// A position or an extent in CSS px.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Extent {
    /// Horizontal.
    pub x: f32,
    /// Vertical.
    pub y: f32,
}

/// What an arrow key moves by in browsers.
const LINE: f32 = 40.0;
/// What of the window's height a page is: the rest is shown again, so that the eye finds its line.
const PAGE_SHARE: f32 = 0.875;

/// The position nearest to `wanted` at which the window shows nothing beyond the page.
pub fn clamp(wanted: Extent, page: Extent, window: Extent) -> Extent {
    let axis = |wanted: f32, page: f32, window: f32| {
        let last = (page - window).max(0.0);
        if wanted.is_nan() { 0.0 } else { wanted.clamp(0.0, last) }
    };
    Extent { x: axis(wanted.x, page.x, window.x), y: axis(wanted.y, page.y, window.y) }
}

/// The position after a move.
pub fn scrolled(at: Extent, by: Scroll, page: Extent, window: Extent) -> Extent {
    let wanted = match by {
        Scroll::Lines(lines) => Extent { y: at.y + LINE * f32::from(lines), ..at },
        Scroll::Columns(columns) => Extent { x: at.x + LINE * f32::from(columns), ..at },
        Scroll::Pages(pages) => Extent { y: at.y + window.y * PAGE_SHARE * f32::from(pages), ..at },
        Scroll::ToStart => Extent { y: 0.0, ..at },
        Scroll::ToEnd => Extent { y: page.y, ..at },
    };
    clamp(wanted, page, window)
}

/// A scroll bar's thumb as offset and length in px of a track; `None` when everything is visible.
pub fn thumb(at: f32, page: f32, window: f32, track: f32) -> Option<(f32, f32)> {
    /// Shorter thumbs cannot be seen.
    const SHORTEST: f32 = 24.0;
    if page <= window || track <= 0.0 {
        return None;
    }
    let length = (track * window / page).max(SHORTEST).min(track);
    let share = (at / (page - window)).clamp(0.0, 1.0);
    Some(((track - length) * share, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Extent = Extent { x: 800.0, y: 2000.0 };
    const WINDOW: Extent = Extent { x: 600.0, y: 400.0 };

    fn at(x: f32, y: f32) -> Extent {
        Extent { x, y }
    }

    #[test]
    fn positions_stay_on_the_page() {
        let cases = [
            (at(-5.0, -5.0), at(0.0, 0.0)),
            (at(100.0, 100.0), at(100.0, 100.0)),
            (at(9e9, 9e9), at(200.0, 1600.0)),
            (at(f32::NAN, f32::INFINITY), at(0.0, 1600.0)),
        ];
        for (wanted, expected) in cases {
            assert_eq!(clamp(wanted, PAGE, WINDOW), expected);
        }
        assert_eq!(clamp(at(5.0, 5.0), at(10.0, 10.0), WINDOW), at(0.0, 0.0));
    }

    #[test]
    fn moves_go_as_far_as_their_names_say() {
        let start = at(50.0, 100.0);
        let cases = [
            (Scroll::Lines(1), at(50.0, 140.0)),
            (Scroll::Lines(-3), at(50.0, 0.0)),
            (Scroll::Columns(1), at(90.0, 100.0)),
            (Scroll::Pages(1), at(50.0, 450.0)),
            (Scroll::Pages(-1), at(50.0, 0.0)),
            (Scroll::ToStart, at(50.0, 0.0)),
            (Scroll::ToEnd, at(50.0, 1600.0)),
        ];
        for (by, expected) in cases {
            assert_eq!(scrolled(start, by, PAGE, WINDOW), expected, "{by:?}");
        }
    }

    #[test]
    fn thumbs_show_place_and_share() {
        assert_eq!(thumb(0.0, 400.0, 400.0, 400.0), None);
        assert_eq!(thumb(0.0, 2000.0, 400.0, 400.0), Some((0.0, 80.0)));
        assert_eq!(thumb(1600.0, 2000.0, 400.0, 400.0), Some((320.0, 80.0)));
        assert_eq!(thumb(0.0, 1e6, 400.0, 400.0), Some((0.0, 24.0)));
        assert_eq!(thumb(0.0, 1e6, 400.0, 10.0), Some((0.0, 10.0)));
    }
}
