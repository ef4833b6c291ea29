//! Collapsing margins: <https://drafts.csswg.org/css2/#collapsing-margins>.

use crate::geometry::Lu;

/// A set of adjoining margins: what they collapse to is the largest positive plus the most negative one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct MarginStrut {
    positive: Lu,
    negative: Lu,
}

impl MarginStrut {
    /// Adds a margin that adjoins those already in.
    pub(super) fn add(&mut self, margin: Lu) {
        if margin >= Lu::ZERO {
            self.positive = self.positive.max(margin);
        } else {
            self.negative = self.negative.min(margin);
        }
    }

    /// The collapsed margin.
    pub(super) fn sum(self) -> Lu {
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
