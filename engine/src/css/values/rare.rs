//! Keywords of properties that change what few boxes look like, one enum a property. The first is the initial one.

use super::keyword::keywords;

keywords! {
    /// The values of `pointer-events`.
    PointerEvents { Auto = "auto", None = "none", Visiblepainted = "visiblepainted", Visiblefill = "visiblefill", Visiblestroke = "visiblestroke", Visible = "visible", Painted = "painted", Fill = "fill", Stroke = "stroke", BoundingBox = "bounding-box", All = "all" }
}
keywords! {
    /// The values of `cursor`.
    Cursor { Auto = "auto", Default = "default", None = "none", ContextMenu = "context-menu", Help = "help", Pointer = "pointer", Progress = "progress", Wait = "wait", Cell = "cell", Crosshair = "crosshair", Text = "text", VerticalText = "vertical-text", Alias = "alias", Copy = "copy", Move = "move", NoDrop = "no-drop", NotAllowed = "not-allowed", Grab = "grab", Grabbing = "grabbing", EResize = "e-resize", NResize = "n-resize", NeResize = "ne-resize", NwResize = "nw-resize", SResize = "s-resize", SeResize = "se-resize", SwResize = "sw-resize", WResize = "w-resize", EwResize = "ew-resize", NsResize = "ns-resize", NeswResize = "nesw-resize", NwseResize = "nwse-resize", ColResize = "col-resize", RowResize = "row-resize", AllScroll = "all-scroll", ZoomIn = "zoom-in", ZoomOut = "zoom-out", WebkitGrab = "-webkit-grab", WebkitGrabbing = "-webkit-grabbing", WebkitZoomIn = "-webkit-zoom-in", WebkitZoomOut = "-webkit-zoom-out" }
}
keywords! {
    /// The values of `hyphens`.
    Hyphens { Manual = "manual", None = "none", Auto = "auto" }
}
keywords! {
    /// The values of `line-break`.
    LineBreak { Auto = "auto", Loose = "loose", Normal = "normal", Strict = "strict", Anywhere = "anywhere" }
}
keywords! {
    /// The values of `text-rendering`.
    TextRendering { Auto = "auto", Optimizespeed = "optimizespeed", Optimizelegibility = "optimizelegibility", Geometricprecision = "geometricprecision" }
}
keywords! {
    /// The values of `font-kerning`.
    FontKerning { Auto = "auto", Normal = "normal", None = "none" }
}
keywords! {
    /// The values of `text-align-last`.
    TextAlignLast { Auto = "auto", Start = "start", End = "end", Left = "left", Right = "right", Center = "center", Justify = "justify" }
}
keywords! {
    /// The values of `text-decoration-skip-ink`.
    TextDecorationSkipInk { Auto = "auto", None = "none", All = "all" }
}
keywords! {
    /// The values of `text-wrap-style`.
    TextWrapStyle { Auto = "auto", Balance = "balance", Pretty = "pretty", Stable = "stable" }
}
keywords! {
    /// The values of `image-rendering`.
    ImageRendering { Auto = "auto", WebkitOptimizeContrast = "-webkit-optimize-contrast", CrispEdges = "crisp-edges", Pixelated = "pixelated" }
}
keywords! {
    /// The values of `-webkit-font-smoothing`.
    FontSmoothing { Auto = "auto", None = "none", Antialiased = "antialiased", SubpixelAntialiased = "subpixel-antialiased" }
}
keywords! {
    /// The values of `font-optical-sizing`.
    AutoOrNone { Auto = "auto", None = "none" }
}
keywords! {
    /// The values of `print-color-adjust`.
    PrintColorAdjust { Economy = "economy", Exact = "exact" }
}
keywords! {
    /// The values of `text-justify`.
    TextJustify { Auto = "auto", None = "none", InterWord = "inter-word", InterCharacter = "inter-character" }
}
keywords! {
    /// The values of `ruby-position`.
    RubyPosition { Over = "over", Under = "under" }
}
keywords! {
    /// The values of `speak`.
    Speak { Normal = "normal", None = "none", SpellOut = "spell-out", Digits = "digits", LiteralPunctuation = "literal-punctuation", NoPunctuation = "no-punctuation" }
}
keywords! {
    /// The values of `forced-color-adjust`.
    ForcedColorAdjust { Auto = "auto", None = "none", PreserveParentColor = "preserve-parent-color" }
}
keywords! {
    /// The values of `-webkit-user-modify`.
    UserModify { ReadOnly = "read-only", ReadWrite = "read-write", ReadWritePlaintextOnly = "read-write-plaintext-only" }
}
keywords! {
    /// The values of `-webkit-text-security`.
    TextSecurity { None = "none", Disc = "disc", Circle = "circle", Square = "square" }
}
keywords! {
    /// The values of `font-variant-position`.
    FontVariantPosition { Normal = "normal", Sub = "sub", Super = "super" }
}
keywords! {
    /// The values of `font-variant-emoji`.
    FontVariantEmoji { Normal = "normal", Text = "text", Emoji = "emoji", Unicode = "unicode" }
}
keywords! {
    /// The values of `user-select`.
    UserSelect { Auto = "auto", Text = "text", None = "none", All = "all", Contain = "contain" }
}
keywords! {
    /// The values of `-webkit-user-drag`.
    UserDrag { Auto = "auto", None = "none", Element = "element" }
}
keywords! {
    /// The values of `appearance`.
    Appearance { None = "none", Auto = "auto", Button = "button", Checkbox = "checkbox", Listbox = "listbox", Menulist = "menulist", MenulistButton = "menulist-button", Meter = "meter", ProgressBar = "progress-bar", PushButton = "push-button", Radio = "radio", Searchfield = "searchfield", SliderHorizontal = "slider-horizontal", SquareButton = "square-button", Textarea = "textarea", Textfield = "textfield", BaseSelect = "base-select", Base = "base" }
}
keywords! {
    /// The values of `break-after`.
    BreakBetween { Auto = "auto", Avoid = "avoid", AvoidColumn = "avoid-column", AvoidPage = "avoid-page", Column = "column", Left = "left", Page = "page", Recto = "recto", Right = "right", Verso = "verso" }
}
keywords! {
    /// The values of `break-inside`.
    BreakInside { Auto = "auto", Avoid = "avoid", AvoidColumn = "avoid-column", AvoidPage = "avoid-page" }
}
keywords! {
    /// The values of `resize`.
    Resize { None = "none", Both = "both", Horizontal = "horizontal", Vertical = "vertical", Block = "block", Inline = "inline" }
}
keywords! {
    /// The values of `isolation`.
    Isolation { Auto = "auto", Isolate = "isolate" }
}
keywords! {
    /// The values of `mix-blend-mode`.
    MixBlendMode { Normal = "normal", Multiply = "multiply", Screen = "screen", Overlay = "overlay", Darken = "darken", Lighten = "lighten", ColorDodge = "color-dodge", ColorBurn = "color-burn", HardLight = "hard-light", SoftLight = "soft-light", Difference = "difference", Exclusion = "exclusion", Hue = "hue", Saturation = "saturation", Color = "color", Luminosity = "luminosity", PlusLighter = "plus-lighter" }
}
keywords! {
    /// The values of `backface-visibility`.
    BackfaceVisibility { Visible = "visible", Hidden = "hidden" }
}
keywords! {
    /// The values of `box-decoration-break`.
    BoxDecorationBreak { Slice = "slice", Clone = "clone" }
}
keywords! {
    /// The values of `scroll-behavior`.
    ScrollBehavior { Auto = "auto", Smooth = "smooth" }
}
keywords! {
    /// The values of `overscroll-behavior-x`.
    OverscrollBehavior { Auto = "auto", Contain = "contain", None = "none" }
}
keywords! {
    /// The values of `content-visibility`.
    ContentVisibility { Visible = "visible", Auto = "auto", Hidden = "hidden" }
}
keywords! {
    /// The values of `transform-style`.
    TransformStyle { Flat = "flat", Preserve3d = "preserve-3d" }
}
keywords! {
    /// The values of `column-fill`.
    ColumnFill { Balance = "balance", Auto = "auto" }
}
keywords! {
    /// The values of `column-span`.
    ColumnSpan { None = "none", All = "all" }
}
keywords! {
    /// The values of `-webkit-box-orient`.
    BoxOrient { Horizontal = "horizontal", Vertical = "vertical", InlineAxis = "inline-axis", BlockAxis = "block-axis" }
}
keywords! {
    /// The values of `-webkit-box-direction`.
    BoxDirection { Normal = "normal", Reverse = "reverse" }
}
keywords! {
    /// The values of `-webkit-box-align`.
    BoxAlign { Stretch = "stretch", Start = "start", End = "end", Center = "center", Baseline = "baseline" }
}
keywords! {
    /// The values of `-webkit-box-pack`.
    BoxPack { Start = "start", End = "end", Center = "center", Justify = "justify" }
}
keywords! {
    /// The values of `scrollbar-width`.
    ScrollbarWidth { Auto = "auto", Thin = "thin", None = "none" }
}
keywords! {
    /// The values of `field-sizing`.
    FieldSizing { Fixed = "fixed", Content = "content" }
}
keywords! {
    /// The values of `scroll-snap-stop`.
    ScrollSnapStop { Normal = "normal", Always = "always" }
}
keywords! {
    /// The values of `mask-type`.
    MaskType { Luminance = "luminance", Alpha = "alpha" }
}
keywords! {
    /// The values of `transform-box`.
    TransformBox { ViewBox = "view-box", ContentBox = "content-box", BorderBox = "border-box", FillBox = "fill-box", StrokeBox = "stroke-box" }
}
keywords! {
    /// The values of `text-box-trim`.
    TextBoxTrim { None = "none", TrimStart = "trim-start", TrimEnd = "trim-end", TrimBoth = "trim-both" }
}
keywords! {
    /// The values of `baseline-source`.
    BaselineSource { Auto = "auto", First = "first", Last = "last" }
}
