//! A tree as text: HTML again, or an indented dump for people and tests.

use std::fmt::Write;

use super::document::Document;
use super::element::{Attribute, ElementData};
use super::name::{LocalName, local_name, ns};
use super::node::{Doctype, NodeData};
use super::tree::NodeId;

/// A step of an iterative walk: nothing here recurses, however deep the tree.
enum Step {
    Open {
        node: NodeId,
        depth: usize,
    },
    /// Template contents, which a dump shows under a line of their own.
    Contents {
        node: NodeId,
        depth: usize,
    },
    Close(NodeId),
}

/// Pushes the children of `node` so that the first comes off the stack first.
fn push_children(document: &Document, steps: &mut Vec<Step>, node: NodeId, depth: usize) {
    let from = steps.len();
    steps.extend(document.children(node).map(|child| Step::Open { node: child, depth }));
    steps[from..].reverse();
}

impl Document {
    /// The children of `node` as HTML: <https://html.spec.whatwg.org/#html-fragment-serialisation-algorithm>.
    /// For a `template` that is its contents. Scripting counts as off.
    pub fn inner_html(&self, node: NodeId) -> String {
        let mut steps = Vec::new();
        let contents = self.element(node).and_then(|e| e.template_contents);
        let raw_text = self.element(node).is_some_and(is_raw_text);
        push_children(self, &mut steps, contents.unwrap_or(node), 0);
        self.write_html(steps, raw_text)
    }

    /// `node` itself and what is in it as HTML.
    pub fn outer_html(&self, node: NodeId) -> String {
        match self.node(node).data() {
            NodeData::Document | NodeData::DocumentFragment => self.inner_html(node),
            _ => self.write_html(vec![Step::Open { node, depth: 0 }], false),
        }
    }

    fn write_html(&self, mut steps: Vec<Step>, outer_raw_text: bool) -> String {
        let mut out = String::new();
        while let Some(step) = steps.pop() {
            match step {
                Step::Contents { .. } => {}
                Step::Close(node) => {
                    if let Some(element) = self.element(node) {
                        out.push_str("</");
                        push_name(&mut out, element);
                        out.push('>');
                    }
                }
                Step::Open { node, .. } => match self.node(node).data() {
                    NodeData::Document | NodeData::DocumentFragment => {}
                    NodeData::Doctype(doctype) => {
                        out.push_str("<!DOCTYPE ");
                        out.push_str(&doctype.name);
                        out.push('>');
                    }
                    NodeData::Comment(text) => {
                        out.push_str("<!--");
                        out.push_str(text);
                        out.push_str("-->");
                    }
                    NodeData::ProcessingInstruction(instruction) => {
                        out.push_str("<?");
                        out.push_str(&instruction.target);
                        out.push(' ');
                        out.push_str(&instruction.data);
                        out.push('>');
                    }
                    NodeData::Text(text) => {
                        let parent = self.parent_element(node).and_then(|p| self.element(p));
                        match parent {
                            Some(parent) if is_raw_text(parent) => out.push_str(text),
                            None if outer_raw_text => out.push_str(text),
                            _ => push_escaped(&mut out, text, Escape::Text),
                        }
                    }
                    NodeData::Element(element) => {
                        push_start_tag(&mut out, element);
                        if !is_void(element) {
                            steps.push(Step::Close(node));
                            push_children(self, &mut steps, element.template_contents.unwrap_or(node), 0);
                        }
                    }
                },
            }
        }
        out
    }

    /// The tree below `node` in the form of html5lib's tree-construction tests: one line a node, two spaces an
    /// indent, attributes sorted by name. An element in a namespace that HTML does not know is marked `other`.
    ///
    /// ```text
    /// | <div>
    /// |   class="a"
    /// |   "text"
    /// ```
    pub fn dump(&self, node: NodeId) -> String {
        let mut out = String::new();
        let mut steps = Vec::new();
        push_children(self, &mut steps, node, 0);
        while let Some(step) = steps.pop() {
            match step {
                Step::Close(_) => {}
                Step::Contents { node, depth } => {
                    push_indent(&mut out, depth);
                    out.push_str("content\n");
                    push_children(self, &mut steps, node, depth + 1);
                }
                Step::Open { node, depth } => {
                    push_indent(&mut out, depth);
                    self.push_dump_line(&mut out, node, depth);
                    push_children(self, &mut steps, node, depth + 1);
                    if let Some(contents) = self.element(node).and_then(|e| e.template_contents) {
                        steps.push(Step::Contents { node: contents, depth: depth + 1 });
                    }
                }
            }
        }
        out
    }

    fn push_dump_line(&self, out: &mut String, node: NodeId, depth: usize) {
        // Writing to a string cannot fail.
        let _ = match self.node(node).data() {
            NodeData::Document => writeln!(out, "#document"),
            NodeData::DocumentFragment => writeln!(out, "#document-fragment"),
            NodeData::Doctype(doctype) => push_doctype(out, doctype),
            NodeData::Text(text) => writeln!(out, "\"{text}\""),
            NodeData::Comment(text) => writeln!(out, "<!-- {text} -->"),
            NodeData::ProcessingInstruction(instruction) => {
                writeln!(out, "<?{} {}>", instruction.target, instruction.data)
            }
            NodeData::Element(element) => {
                let space = match element.name.ns {
                    ns!(svg) => "svg ",
                    ns!(mathml) => "math ",
                    ns!(html) => "",
                    _ => "other ",
                };
                let written = writeln!(out, "<{space}{}>", element.name.local);
                for attribute in sorted_attributes(element) {
                    push_indent(out, depth + 1);
                    let _ = writeln!(out, "{}=\"{}\"", attribute.0, attribute.1);
                }
                written
            }
        };
    }
}

fn push_doctype(out: &mut String, doctype: &Doctype) -> std::fmt::Result {
    let Doctype { name, public_id, system_id } = doctype;
    if public_id.is_empty() && system_id.is_empty() {
        writeln!(out, "<!DOCTYPE {name}>")
    } else {
        writeln!(out, "<!DOCTYPE {name} \"{public_id}\" \"{system_id}\">")
    }
}

fn push_indent(out: &mut String, depth: usize) {
    out.push_str("| ");
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// The attributes as html5lib names and sorts them: `xlink href` and not `xlink:href`.
fn sorted_attributes(element: &ElementData) -> Vec<(String, &str)> {
    let mut attributes: Vec<(String, &str)> = element
        .attributes()
        .iter()
        .map(|attribute| {
            let prefix = match attribute.name.ns {
                ns!(xlink) => "xlink ",
                ns!(xml) => "xml ",
                ns!(xmlns) => "xmlns ",
                _ => "",
            };
            (format!("{prefix}{}", attribute.name.local), attribute.value.as_str())
        })
        .collect();
    attributes.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    attributes
}

/// Elements whose text is written as it is, scripting off: <https://html.spec.whatwg.org/#serialising-html-fragments>.
fn is_raw_text(element: &ElementData) -> bool {
    element.name.ns == ns!(html)
        && matches!(
            element.name.local,
            local_name!("style")
                | local_name!("script")
                | local_name!("xmp")
                | local_name!("iframe")
                | local_name!("noembed")
                | local_name!("noframes")
                | local_name!("plaintext")
        )
}

/// Elements that serialize as void: <https://html.spec.whatwg.org/#serializes-as-void>.
fn is_void(element: &ElementData) -> bool {
    const OLD: [LocalName; 4] =
        [local_name!("basefont"), local_name!("bgsound"), local_name!("frame"), local_name!("keygen")];
    element.name.ns == ns!(html)
        && (OLD.contains(&element.name.local)
            || matches!(
                element.name.local,
                local_name!("area")
                    | local_name!("base")
                    | local_name!("br")
                    | local_name!("col")
                    | local_name!("embed")
                    | local_name!("hr")
                    | local_name!("img")
                    | local_name!("input")
                    | local_name!("link")
                    | local_name!("meta")
                    | local_name!("param")
                    | local_name!("source")
                    | local_name!("track")
                    | local_name!("wbr")
            ))
}

fn push_name(out: &mut String, element: &ElementData) {
    if let Some(prefix) = &element.name.prefix
        && !matches!(element.name.ns, ns!(html) | ns!(svg) | ns!(mathml))
    {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(&element.name.local);
}

fn push_start_tag(out: &mut String, element: &ElementData) {
    out.push('<');
    push_name(out, element);
    for Attribute { name, value } in element.attributes() {
        out.push(' ');
        match name.ns {
            ns!(xml) => out.push_str("xml:"),
            ns!(xmlns) if name.local != local_name!("xmlns") => out.push_str("xmlns:"),
            ns!(xlink) => out.push_str("xlink:"),
            _ => {}
        }
        out.push_str(&name.local);
        out.push_str("=\"");
        push_escaped(out, value, Escape::Attribute);
        out.push('"');
    }
    out.push('>');
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    Text,
    Attribute,
}

/// <https://html.spec.whatwg.org/#escapingString>
fn push_escaped(out: &mut String, text: &str, mode: Escape) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if mode == Escape::Attribute => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
