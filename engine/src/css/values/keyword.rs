//! Properties whose values are keywords. Each enum knows its CSS spelling both ways.

/// A type whose values are CSS keywords.
pub trait Keyword: Sized {
    /// The value of a CSS keyword, in any case.
    fn from_keyword(keyword: &str) -> Option<Self>;
}

/// Declares an enum of keywords with `parse` and `as_str`.
macro_rules! keywords {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $css:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each variant is its CSS keyword")]
        pub enum $name { $($variant),+ }

        impl Default for $name {
            fn default() -> Self {
                Self::ALL[0]
            }
        }

        impl crate::css::values::Keyword for $name {
            fn from_keyword(keyword: &str) -> Option<Self> {
                Self::parse(keyword)
            }
        }

        impl crate::css::specified::Specified for $name {
            type Computed = Self;
            fn compute(&self, _: &crate::css::specified::ComputeContext<'_>) -> Self {
                *self
            }
        }

        impl crate::css::print::Print for $name {
            fn print(&self, out: &mut String, _: &crate::css::computed::ComputedStyle) {
                out.push_str(self.as_str());
            }
        }

        impl $name {
            /// Every value, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The CSS keyword.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $css),+ }
            }

            /// The value of a CSS keyword, in any case.
            pub fn parse(keyword: &str) -> Option<Self> {
                $(if keyword.eq_ignore_ascii_case($css) { return Some(Self::$variant); })+
                None
            }
        }
    };
}

pub(super) use keywords;

keywords! {
    /// <https://drafts.csswg.org/css-display-4/#the-display-properties>, in the short form that computed style shows.
    Display {
        None = "none", Contents = "contents", Block = "block", Inline = "inline", InlineBlock = "inline-block",
        FlowRoot = "flow-root", ListItem = "list-item", Flex = "flex", InlineFlex = "inline-flex", Grid = "grid",
        InlineGrid = "inline-grid", Table = "table", InlineTable = "inline-table", TableRowGroup = "table-row-group",
        TableHeaderGroup = "table-header-group", TableFooterGroup = "table-footer-group", TableRow = "table-row",
        TableCell = "table-cell", TableColumnGroup = "table-column-group", TableColumn = "table-column",
        TableCaption = "table-caption", WebkitBox = "-webkit-box", WebkitInlineBox = "-webkit-inline-box",
        Ruby = "ruby", RubyText = "ruby-text", Math = "math",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-position-3/#position-property>
    PositionProperty { Static = "static", Relative = "relative", Absolute = "absolute", Fixed = "fixed", Sticky = "sticky" }
}
keywords! {
    /// <https://drafts.csswg.org/css2/#float-position>
    Float { None = "none", Left = "left", Right = "right" }
}
keywords! {
    /// <https://drafts.csswg.org/css2/#flow-control>
    Clear { None = "none", Left = "left", Right = "right", Both = "both" }
}
keywords! {
    /// <https://drafts.csswg.org/css-overflow-3/#overflow-properties>
    Overflow { Visible = "visible", Hidden = "hidden", Clip = "clip", Scroll = "scroll", Auto = "auto" }
}
keywords! {
    /// <https://drafts.csswg.org/css-sizing-3/#box-sizing>
    BoxSizing { ContentBox = "content-box", BorderBox = "border-box" }
}
keywords! {
    /// <https://drafts.csswg.org/css-display-4/#visibility>
    Visibility { Visible = "visible", Hidden = "hidden", Collapse = "collapse" }
}
keywords! {
    /// <https://drafts.csswg.org/css-backgrounds-3/#border-style>
    BorderStyle {
        None = "none", Hidden = "hidden", Dotted = "dotted", Dashed = "dashed", Solid = "solid", Double = "double",
        Groove = "groove", Ridge = "ridge", Inset = "inset", Outset = "outset",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-backgrounds-3/#background-clip> and `background-origin`.
    BackgroundBox { BorderBox = "border-box", PaddingBox = "padding-box", ContentBox = "content-box", Text = "text" }
}
keywords! {
    /// <https://drafts.csswg.org/css-backgrounds-3/#background-attachment>
    BackgroundAttachment { Scroll = "scroll", Fixed = "fixed", Local = "local" }
}
keywords! {
    /// <https://drafts.csswg.org/css-fonts-4/#font-style-prop> (the angle of `oblique` is not kept)
    FontStyle { Normal = "normal", Italic = "italic", Oblique = "oblique" }
}
keywords! {
    /// <https://drafts.csswg.org/css-fonts-4/#font-variant-caps-prop>
    FontVariantCaps {
        Normal = "normal", SmallCaps = "small-caps", AllSmallCaps = "all-small-caps", PetiteCaps = "petite-caps",
        AllPetiteCaps = "all-petite-caps", Unicase = "unicase", TitlingCaps = "titling-caps",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-text-3/#text-align-property>, with the values that HTML's `align` maps to.
    TextAlign {
        Start = "start", End = "end", Left = "left", Right = "right", Center = "center", Justify = "justify",
        WebkitLeft = "-webkit-left", WebkitRight = "-webkit-right", WebkitCenter = "-webkit-center",
        MatchParent = "match-parent", InternalCenter = "-internal-center",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-text-3/#text-transform-property>
    TextTransform { None = "none", Capitalize = "capitalize", Uppercase = "uppercase", Lowercase = "lowercase" }
}
keywords! {
    /// <https://drafts.csswg.org/css-text-4/#white-space-collapsing>
    WhiteSpaceCollapse {
        Collapse = "collapse", Preserve = "preserve", PreserveBreaks = "preserve-breaks", BreakSpaces = "break-spaces",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-text-4/#text-wrap-mode>
    TextWrapMode { Wrap = "wrap", Nowrap = "nowrap" }
}
keywords! {
    /// <https://drafts.csswg.org/css-text-3/#word-break-property>
    WordBreak { Normal = "normal", BreakAll = "break-all", KeepAll = "keep-all", BreakWord = "break-word" }
}
keywords! {
    /// <https://drafts.csswg.org/css-text-3/#overflow-wrap-property>
    OverflowWrap { Normal = "normal", BreakWord = "break-word", Anywhere = "anywhere" }
}
keywords! {
    /// <https://drafts.csswg.org/css-writing-modes-4/#direction>
    Direction { Ltr = "ltr", Rtl = "rtl" }
}
keywords! {
    /// <https://drafts.csswg.org/css-writing-modes-4/#unicode-bidi>
    UnicodeBidi {
        Normal = "normal", Embed = "embed", Isolate = "isolate", BidiOverride = "bidi-override",
        IsolateOverride = "isolate-override", Plaintext = "plaintext",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-lists-3/#list-style-position-property>
    ListStylePosition { Outside = "outside", Inside = "inside" }
}
keywords! {
    /// The predefined counter styles: <https://drafts.csswg.org/css-counter-styles-3/#predefined-counters>.
    ListStyleType {
        None = "none", Disc = "disc", Circle = "circle", Square = "square", Decimal = "decimal",
        DecimalLeadingZero = "decimal-leading-zero", LowerRoman = "lower-roman", UpperRoman = "upper-roman",
        LowerAlpha = "lower-alpha", UpperAlpha = "upper-alpha", LowerLatin = "lower-latin", UpperLatin = "upper-latin",
        LowerGreek = "lower-greek", ArabicIndic = "arabic-indic", Armenian = "armenian", Bengali = "bengali",
        CjkDecimal = "cjk-decimal", CjkIdeographic = "cjk-ideographic", Devanagari = "devanagari",
        DisclosureClosed = "disclosure-closed", DisclosureOpen = "disclosure-open", Georgian = "georgian",
        Hebrew = "hebrew", Hiragana = "hiragana", HiraganaIroha = "hiragana-iroha", Katakana = "katakana",
        KatakanaIroha = "katakana-iroha", KoreanHangulFormal = "korean-hangul-formal", Khmer = "khmer",
        LowerArmenian = "lower-armenian", Persian = "persian", SimpChineseInformal = "simp-chinese-informal",
        Thai = "thai", TradChineseInformal = "trad-chinese-informal", UpperArmenian = "upper-armenian",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-tables-3/#border-collapse-property>
    BorderCollapse { Separate = "separate", Collapse = "collapse" }
}
keywords! {
    /// <https://drafts.csswg.org/css-text-decor-3/#text-decoration-style-property>
    TextDecorationStyle { Solid = "solid", Double = "double", Dotted = "dotted", Dashed = "dashed", Wavy = "wavy" }
}
keywords! {
    /// <https://drafts.csswg.org/css-images-3/#the-object-fit>
    ObjectFit { Fill = "fill", Contain = "contain", Cover = "cover", None = "none", ScaleDown = "scale-down" }
}
keywords! {
    /// <https://drafts.csswg.org/css-flexbox-1/#flex-direction-property>
    FlexDirection { Row = "row", RowReverse = "row-reverse", Column = "column", ColumnReverse = "column-reverse" }
}
keywords! {
    /// <https://drafts.csswg.org/css-flexbox-1/#flex-wrap-property>
    FlexWrap { Nowrap = "nowrap", Wrap = "wrap", WrapReverse = "wrap-reverse" }
}
keywords! {
    /// <https://drafts.csswg.org/css-grid-2/#propdef-grid-auto-flow>
    GridAutoFlow { Row = "row", Column = "column", RowDense = "row dense", ColumnDense = "column dense" }
}
keywords! {
    /// <https://drafts.csswg.org/css-align-3/#overflow-values>
    OverflowPosition { Default = "", Safe = "safe", Unsafe = "unsafe" }
}
keywords! {
    /// `align-content`, `justify-content`, `align-items`, `justify-items`, `align-self`, `justify-self`, without the
    /// `safe`/`unsafe` and `legacy` modifiers, which [`AlignmentValue`](super::AlignmentValue) holds: <https://drafts.csswg.org/css-align-3/>. Each property takes its own subset.
    Alignment {
        Normal = "normal", Auto = "auto", Stretch = "stretch", Start = "start", End = "end", Center = "center",
        FlexStart = "flex-start", FlexEnd = "flex-end", SelfStart = "self-start", SelfEnd = "self-end", Left = "left",
        Right = "right", Baseline = "baseline", LastBaseline = "last baseline", SpaceBetween = "space-between",
        SpaceAround = "space-around", SpaceEvenly = "space-evenly", Legacy = "legacy",
    }
}
keywords! {
    /// <https://drafts.csswg.org/css-overflow-4/#text-overflow> (one value)
    TextOverflow { Clip = "clip", Ellipsis = "ellipsis" }
}
keywords! {
    /// <https://drafts.csswg.org/css-tables-3/#table-layout-property>
    TableLayout { Auto = "auto", Fixed = "fixed" }
}
keywords! {
    /// <https://drafts.csswg.org/css-tables-3/#caption-side-property>
    CaptionSide { Top = "top", Bottom = "bottom" }
}
keywords! {
    /// <https://drafts.csswg.org/css-tables-3/#empty-cells-property>
    EmptyCells { Show = "show", Hide = "hide" }
}
