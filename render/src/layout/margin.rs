//! Collapsing margins: <https://drafts.csswg.org/css2/#collapsing-margins>.

use crate::geometry::Lu;

/// A set of adjoining margins: what they collapse to is the largest positive plus the most negative one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MarginStrut {
    positive: Lu,
    negative: Lu,
    /// The largest of those that the browser's sheet gives in quirks mode.
    quirky: Lu,
    /// Whether such margins do not count, because the strut begins `body` or a cell in quirks mode.
    ignores_quirky: bool,
}

/// Where a margin comes from: <https://quirks.spec.whatwg.org/#margin-collapsing-quirks>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarginOrigin {
    /// From the page, or in a document without quirks.
    Plain,
    /// The browser's own margin of `p`, `h1` and the like in quirks mode.
    Quirky,
}

impl MarginStrut {
    /// The start of `body` or a cell in quirks mode.
    pub(super) fn ignore_quirky(&mut self) {
        self.ignores_quirky = true;
    }

    /// Adds a margin that adjoins those already in.
    pub(super) fn add(&mut self, margin: Lu) {
        if margin >= Lu::ZERO {
            self.positive = self.positive.max(margin);
        } else {
            self.negative = self.negative.min(margin);
        }
    }

    /// Adds a margin of that origin.
    pub(super) fn add_from(&mut self, margin: Lu, origin: MarginOrigin) {
        match origin {
            MarginOrigin::Quirky if self.ignores_quirky => {}
            MarginOrigin::Quirky if margin >= Lu::ZERO => self.quirky = self.quirky.max(margin),
            MarginOrigin::Quirky | MarginOrigin::Plain => self.add(margin),
        }
    }

    /// The collapsed margin.
    pub(super) fn sum(self) -> Lu {
        self.positive.max(self.quirky) + self.negative
    }

    /// The collapsed margin at the end of a cell in quirks mode.
    pub(super) fn sum_without_quirky(self) -> Lu {
        self.positive + self.negative
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_positive_plus_most_negative() {
        let cases: [(&[i32], i32); 5] =
            [(&[], 0), (&[10, 20], 20), (&[-5, -8], -8), (&[20, -5], 15), (&[10, -30, 20], -10)];
        for (margins, sum) in cases {
            let mut strut = MarginStrut::default();
            for &margin in margins {
                strut.add(Lu::from_whole_px(margin));
            }
            assert_eq!(strut.sum(), Lu::from_whole_px(sum), "{margins:?}");
        }
    }
}
