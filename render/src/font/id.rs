//! [`FontId`]: names one instance of one face, with all that painting it needs.

/// Names a font of a font context: a face, where it stands on its variation axes, and what is synthesized.
///
/// A plain number, so that display lists stay data. It holds, from the lowest bit: 14 bits for the face, 10 for
/// the weight and 6 for the width of a variable font (zero: the font's own), and one each for synthetic bold and
/// synthetic oblique. Ids of one [`super::FontContext`] and of those made from it agree about faces of the
/// machine; ids of web fonts belong to the context that has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FontId(pub u32);

const FACE_BITS: u32 = 14;
const WEIGHT_SHIFT: u32 = FACE_BITS;
const STRETCH_SHIFT: u32 = WEIGHT_SHIFT + 10;
const BOLD_BIT: u32 = 1 << 30;
const OBLIQUE_BIT: u32 = 1 << 31;
/// Faces with this bit are web fonts.
const WEB_BIT: u32 = 1 << (FACE_BITS - 1);

/// Where the face stands in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaceIndex {
    /// In the collection of the machine.
    Collection(usize),
    /// Among the page's web fonts.
    Web(usize),
}

impl FontId {
    /// The face as its designer made it.
    pub(crate) fn new(face: FaceIndex) -> Self {
        Self(match face {
            FaceIndex::Collection(index) => (index as u32) & (WEB_BIT - 1),
            FaceIndex::Web(index) => ((index as u32) & (WEB_BIT - 1)) | WEB_BIT,
        })
    }

    /// The same face at a place on its weight axis, 1 to 1000.
    pub(crate) fn with_weight(self, weight: f32) -> Self {
        let weight = weight.round().clamp(1.0, 1000.0) as u32;
        Self(self.0 & !(0x3ff << WEIGHT_SHIFT) | weight << WEIGHT_SHIFT)
    }

    /// The same face at a place on its width axis, a fraction from 0.5 to 2.05 in steps of 0.025.
    pub(crate) fn with_stretch(self, stretch: f32) -> Self {
        let step = ((stretch - 0.5) / 0.025).round().clamp(0.0, 62.0) as u32 + 1;
        Self(self.0 & !(0x3f << STRETCH_SHIFT) | step << STRETCH_SHIFT)
    }

    /// The same face emboldened.
    pub(crate) const fn with_synthetic_bold(self) -> Self {
        Self(self.0 | BOLD_BIT)
    }

    /// The same face slanted.
    pub(crate) const fn with_synthetic_oblique(self) -> Self {
        Self(self.0 | OBLIQUE_BIT)
    }

    /// The face.
    pub(crate) const fn face(self) -> FaceIndex {
        let index = (self.0 & (WEB_BIT - 1)) as usize;
        if self.0 & WEB_BIT == 0 { FaceIndex::Collection(index) } else { FaceIndex::Web(index) }
    }

    /// Whether the face is one of a page's web fonts.
    pub(crate) const fn is_web_font(self) -> bool {
        self.0 & WEB_BIT != 0
    }

    /// The place on the weight axis, if it is not the font's own.
    pub(crate) fn weight(self) -> Option<f32> {
        let weight = self.0 >> WEIGHT_SHIFT & 0x3ff;
        (weight != 0).then_some(weight as f32)
    }

    /// The place on the width axis as a fraction, if it is not the font's own.
    pub(crate) fn stretch(self) -> Option<f32> {
        let step = self.0 >> STRETCH_SHIFT & 0x3f;
        (step != 0).then(|| 0.5 + (step - 1) as f32 * 0.025)
    }

    /// Whether its outlines are to be emboldened: no face of the family is heavy enough.
    pub const fn is_synthetic_bold(self) -> bool {
        self.0 & BOLD_BIT != 0
    }

    /// Whether its outlines are to be slanted: no face of the family is.
    pub const fn is_synthetic_oblique(self) -> bool {
        self.0 & OBLIQUE_BIT != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_disturb_each_other() {
        for face in
            [FaceIndex::Collection(0), FaceIndex::Collection(8191), FaceIndex::Web(0), FaceIndex::Web(77)]
        {
            let id = FontId::new(face);
            assert_eq!((id.face(), id.weight(), id.stretch()), (face, None, None));
            for stretch in [0.5, 0.625, 0.75, 0.875, 1.0, 1.125, 1.25, 1.5, 2.0] {
                for weight in [1.0, 400.0, 1000.0] {
                    let id =
                        id.with_weight(350.0).with_weight(weight).with_stretch(1.9).with_stretch(stretch);
                    assert_eq!((id.face(), id.weight(), id.stretch()), (face, Some(weight), Some(stretch)));
                    assert!(!id.is_synthetic_bold() && !id.is_synthetic_oblique());
                    let id = id.with_synthetic_bold();
                    assert!(id.is_synthetic_bold() && !id.is_synthetic_oblique());
                    assert!(id.with_synthetic_oblique().is_synthetic_oblique());
                    assert_eq!((id.face(), id.weight(), id.stretch()), (face, Some(weight), Some(stretch)));
                }
            }
        }
    }
}
