//! The names in selectors, and which pseudo-classes and pseudo-elements there are: <https://drafts.csswg.org/selectors-4/>.

use std::fmt;

use cssparser::{ParseError, Parser, ToCss, match_ignore_ascii_case, serialize_identifier, serialize_string};
use precomputed_hash::PrecomputedHash;
use selectors::parser::{NonTSPseudoClass, PseudoElement, SelectorImpl, SelectorParseErrorKind};

use crate::dom::{self, ns};

/// The types that the `selectors` crate is used with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grammar;

/// An interned identifier: a local name, an id, a class.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Name(pub dom::LocalName);

/// An attribute's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeValue(pub Box<str>);

/// A namespace URL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct NamespaceUrl(pub dom::Namespace);

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(dom::LocalName::from(name))
    }
}

impl ToCss for Name {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        serialize_identifier(&self.0, dest)
    }
}

impl PrecomputedHash for Name {
    fn precomputed_hash(&self) -> u32 {
        self.0.precomputed_hash()
    }
}

impl From<&str> for AttributeValue {
    fn from(value: &str) -> Self {
        Self(value.into())
    }
}

impl AsRef<str> for AttributeValue {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl ToCss for AttributeValue {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        serialize_string(&self.0, dest)
    }
}

impl PrecomputedHash for NamespaceUrl {
    fn precomputed_hash(&self) -> u32 {
        self.0.precomputed_hash()
    }
}

impl SelectorImpl for Grammar {
    type ExtraMatchingData<'a> = ();
    type AttrValue = AttributeValue;
    type Identifier = Name;
    type LocalName = Name;
    type NamespaceUrl = NamespaceUrl;
    type NamespacePrefix = Name;
    type BorrowedNamespaceUrl = NamespaceUrl;
    type BorrowedLocalName = Name;
    type NonTSPseudoClass = PseudoClass;
    type PseudoElement = PseudoElementKind;
}

/// The pseudo-classes that the tree's structure alone does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PseudoClass {
    /// `:link`, `:any-link`: a hyperlink.
    AnyLink,
    /// `:checked`
    Checked,
    /// `:disabled`
    Disabled,
    /// `:enabled`
    Enabled,
    /// `:required`
    Required,
    /// `:optional`
    Optional,
    /// `:read-only`
    ReadOnly,
    /// `:read-write`
    ReadWrite,
    /// `:placeholder-shown`
    PlaceholderShown,
    /// `:default`
    Default,
    /// `:indeterminate`
    Indeterminate,
    /// `:open`
    Open,
    /// `:defined`: every element but unknown custom ones.
    Defined,
    /// `:target`: the element that the URL's fragment names.
    Target,
    /// `:lang()`
    Lang(Vec<Box<str>>),
    /// `:dir()`
    Dir(Direction),
    /// One that holds for no element of a page at rest: `:hover`, `:visited`, `:fullscreen` …
    Never(&'static str),
    /// `:valid`, `:user-valid`, … : DEVIATION: constraint validation is not done, every control is valid.
    Valid,
}

/// The argument of `:dir()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `ltr`
    Ltr,
    /// `rtl`
    Rtl,
    /// Another word, which matches nothing.
    Other,
}

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        dest.write_str(match self {
            Self::AnyLink => ":any-link",
            Self::Checked => ":checked",
            Self::Disabled => ":disabled",
            Self::Enabled => ":enabled",
            Self::Required => ":required",
            Self::Optional => ":optional",
            Self::ReadOnly => ":read-only",
            Self::ReadWrite => ":read-write",
            Self::PlaceholderShown => ":placeholder-shown",
            Self::Default => ":default",
            Self::Indeterminate => ":indeterminate",
            Self::Open => ":open",
            Self::Defined => ":defined",
            Self::Target => ":target",
            Self::Valid => ":valid",
            Self::Dir(Direction::Ltr) => ":dir(ltr)",
            Self::Dir(Direction::Rtl) => ":dir(rtl)",
            Self::Dir(Direction::Other) => ":dir(x)",
            Self::Never(name) => return write!(dest, ":{name}"),
            Self::Lang(ranges) => return write!(dest, ":lang({})", ranges.join(", ")),
        })
    }
}

impl NonTSPseudoClass for PseudoClass {
    fn is_active_or_hover(&self) -> bool {
        matches!(self, Self::Never("active" | "hover"))
    }
    fn is_user_action_state(&self) -> bool {
        matches!(self, Self::Never("active" | "hover" | "focus" | "focus-visible" | "focus-within"))
    }
}

/// The pseudo-elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PseudoElementKind {
    /// `::before`
    Before,
    /// `::after`
    After,
    /// `::marker`
    Marker,
    /// `::first-line`
    FirstLine,
    /// `::first-letter`
    FirstLetter,
    /// `::placeholder`
    Placeholder,
    /// `::selection`
    Selection,
    /// `::backdrop`
    Backdrop,
    /// `::file-selector-button`
    FileSelectorButton,
    /// `::details-content`
    DetailsContent,
    /// A `::-webkit-…` one, or another that is known but makes no box here.
    Unknown,
}

impl ToCss for PseudoElementKind {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        dest.write_str(match self {
            Self::Before => "::before",
            Self::After => "::after",
            Self::Marker => "::marker",
            Self::FirstLine => "::first-line",
            Self::FirstLetter => "::first-letter",
            Self::Placeholder => "::placeholder",
            Self::Selection => "::selection",
            Self::Backdrop => "::backdrop",
            Self::FileSelectorButton => "::file-selector-button",
            Self::DetailsContent => "::details-content",
            Self::Unknown => "::-webkit-unknown",
        })
    }
}

impl PseudoElement for PseudoElementKind {
    fn accepts_state_pseudo_classes(&self) -> bool {
        true
    }
    fn valid_after_before_or_after(&self) -> bool {
        matches!(self, Self::Marker)
    }
    fn is_before_or_after(&self) -> bool {
        matches!(self, Self::Before | Self::After)
    }
}

/// Parses selectors as Chromium does.
pub(crate) struct SelectorGrammar;

type SelectorError = ParseError<SelectorParseErrorKind>;

fn unsupported<T>() -> Result<T, SelectorError> {
    Err(ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement))
}

impl<'i> selectors::parser::Parser<'i> for SelectorGrammar {
    type Impl = Grammar;
    type Error = SelectorParseErrorKind;

    fn parse_nth_child_of(&self) -> bool {
        true
    }
    fn parse_is_and_where(&self) -> bool {
        true
    }
    fn parse_has(&self) -> bool {
        true
    }
    fn parse_parent_selector(&self) -> bool {
        true
    }
    fn is_is_alias(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("-webkit-any") || name.eq_ignore_ascii_case("matches")
    }

    fn parse_non_ts_pseudo_class(&self, name: &str) -> Result<PseudoClass, SelectorError> {
        use PseudoClass as P;
        Ok(match_ignore_ascii_case! { name,
            "link" | "any-link" | "-webkit-any-link" => P::AnyLink,
            "checked" => P::Checked,
            "disabled" => P::Disabled,
            "enabled" => P::Enabled,
            "required" => P::Required,
            "optional" => P::Optional,
            "read-only" => P::ReadOnly,
            "read-write" => P::ReadWrite,
            "placeholder-shown" => P::PlaceholderShown,
            "default" => P::Default,
            "indeterminate" => P::Indeterminate,
            "open" => P::Open,
            "defined" => P::Defined,
            "target" => P::Target,
            "valid" | "in-range" => P::Valid,
            "visited" => P::Never("visited"),
            "hover" => P::Never("hover"),
            "active" => P::Never("active"),
            "focus" => P::Never("focus"),
            "focus-visible" => P::Never("focus-visible"),
            "focus-within" => P::Never("focus-within"),
            "target-within" => P::Never("target-within"),
            "invalid" => P::Never("invalid"),
            "out-of-range" => P::Never("out-of-range"),
            "user-valid" => P::Never("user-valid"),
            "user-invalid" => P::Never("user-invalid"),
            "autofill" | "-webkit-autofill" => P::Never("autofill"),
            "fullscreen" | "-webkit-full-screen" => P::Never("fullscreen"),
            "modal" => P::Never("modal"),
            "popover-open" => P::Never("popover-open"),
            "picture-in-picture" => P::Never("picture-in-picture"),
            "current" => P::Never("current"),
            "past" => P::Never("past"),
            "future" => P::Never("future"),
            "playing" => P::Never("playing"),
            "paused" => P::Never("paused"),
            "active-view-transition" => P::Never("active-view-transition"),
            "host" => P::Never("host"),
            "window-inactive" => P::Never("window-inactive"),
            "horizontal" => P::Never("horizontal"),
            "vertical" => P::Never("vertical"),
            "start" => P::Never("start"),
            "end" => P::Never("end"),
            "increment" => P::Never("increment"),
            "decrement" => P::Never("decrement"),
            _ => return unsupported(),
        })
    }

    fn parse_non_ts_functional_pseudo_class(
        &self,
        name: &str,
        input: &mut Parser<'i>,
        _: bool,
    ) -> Result<PseudoClass, SelectorError> {
        match_ignore_ascii_case! { name,
            "lang" => {
                let ranges = input.parse_comma_separated(|input| -> Result<Box<str>, SelectorError> {
                    Ok((&**input.expect_ident_or_string()?).into())
                })?;
                Ok(PseudoClass::Lang(ranges))
            },
            "dir" => {
                let word = input.expect_ident()?;
                Ok(PseudoClass::Dir(match_ignore_ascii_case! { word,
                    "ltr" => Direction::Ltr,
                    "rtl" => Direction::Rtl,
                    _ => Direction::Other,
                }))
            },
            "state" | "active-view-transition-type" | "host-context" => {
                while input.next().is_ok() {}
                Ok(PseudoClass::Never("state"))
            },
            _ => unsupported(),
        }
    }

    fn parse_pseudo_element(&self, name: &str) -> Result<PseudoElementKind, SelectorError> {
        use PseudoElementKind as P;
        Ok(match_ignore_ascii_case! { name,
            "before" => P::Before,
            "after" => P::After,
            "marker" => P::Marker,
            "first-line" => P::FirstLine,
            "first-letter" => P::FirstLetter,
            "placeholder" | "-webkit-input-placeholder" => P::Placeholder,
            "selection" => P::Selection,
            "backdrop" => P::Backdrop,
            "file-selector-button" | "-webkit-file-upload-button" => P::FileSelectorButton,
            "details-content" => P::DetailsContent,
            "cue" | "grammar-error" | "spelling-error" | "target-text" | "view-transition" | "search-text"
            | "checkmark" | "picker-icon" | "scroll-marker" | "scroll-marker-group" | "column" => P::Unknown,
            // DEVIATION from Selectors 4, as Chromium and the Compatibility standard: unknown ones with this prefix are
            // valid, so that they do not take their whole list with them.
            _ => {
                if !name.get(..8).is_some_and(|p| p.eq_ignore_ascii_case("-webkit-")) {
                    return unsupported();
                }
                P::Unknown
            },
        })
    }

    fn parse_functional_pseudo_element(
        &self,
        name: &str,
        input: &mut Parser<'i>,
    ) -> Result<PseudoElementKind, SelectorError> {
        match_ignore_ascii_case! { name,
            "highlight" | "picker" | "cue" | "slotted" | "part" | "view-transition-group" | "view-transition-old"
            | "view-transition-new" | "view-transition-image-pair" | "scroll-button" => {
                while input.next().is_ok() {}
                Ok(PseudoElementKind::Unknown)
            },
            _ => unsupported(),
        }
    }

    fn namespace_for_prefix(&self, prefix: &Name) -> Option<NamespaceUrl> {
        // DEVIATION: `@namespace` is not kept; the two prefixes that pages use are built in.
        match &*prefix.0 {
            "svg" => Some(NamespaceUrl(ns!(svg))),
            "html" | "xhtml" => Some(NamespaceUrl(ns!(html))),
            _ => None,
        }
    }
}
