//! The boxes of a table, with the ones that are missing put in: <https://drafts.csswg.org/css2/#anonymous-boxes>.

use std::sync::Arc;

use siskin_engine::css::values::Display;
use siskin_engine::dom::{NodeData, NodeId};
use siskin_engine::style::ComputedStyle;

use super::build::{Builder, Source};
use super::generated::parse_integer;
use super::tree::{
    BoxBase, IndependentBox, RowGroup, RowGroupKind, TableBox, TableCell, TableColumn, TableColumnKind,
    TableRow,
};
use crate::limits::{MAX_COLSPAN, MAX_ROWSPAN, MAX_TABLE_COLUMNS};

impl Builder<'_> {
    /// Whether a node is a part of a table that needs a table around it.
    pub(super) fn is_table_part(&self, node: NodeId) -> bool {
        let Some(style) = self.styles.get(node) else { return false };
        matches!(
            style.box_.display,
            Display::TableRowGroup
                | Display::TableHeaderGroup
                | Display::TableFooterGroup
                | Display::TableRow
                | Display::TableCell
                | Display::TableColumnGroup
                | Display::TableColumn
                | Display::TableCaption
        ) && self.document.element(node).is_some()
    }

    /// The parts of a table.
    pub(super) fn table(&mut self, base: &BoxBase, source: &Source) -> TableBox {
        let mut table = TableBox::default();
        let mut improper = Vec::new();
        for node in self.source_nodes(source) {
            let Some(display) = self.table_display(node) else {
                self.keep_improper(node, &base.style, &mut improper);
                continue;
            };
            match display {
                Display::TableCaption => {
                    let base = self.element_base(node);
                    let caption = self.counted(Some(node), &Arc::clone(&base.style), |builder| {
                        builder.independent(base, Source::Element(node))
                    });
                    table.captions.push(caption);
                }
                Display::TableColumnGroup => self.column_group(node, &mut table),
                Display::TableColumn => self.column(node, TableColumnKind::Column, &mut table),
                Display::TableRowGroup | Display::TableHeaderGroup | Display::TableFooterGroup => {
                    self.flush_rows(&mut improper, &base.style, &mut table);
                    let group_base = self.element_base(node);
                    let kind = match display {
                        Display::TableHeaderGroup => RowGroupKind::Header,
                        Display::TableFooterGroup => RowGroupKind::Footer,
                        _ => RowGroupKind::Body,
                    };
                    let nodes = self.source_nodes(&Source::Element(node));
                    let rows = self.counted(Some(node), &group_base.style, |builder| {
                        builder.rows(&nodes, &group_base.style)
                    });
                    table.groups.push(RowGroup { base: group_base, kind, rows });
                }
                _ => improper.push(node),
            }
        }
        self.flush_rows(&mut improper, &base.style, &mut table);
        reorder_groups(&mut table.groups);
        table
    }

    fn source_nodes(&self, source: &Source) -> Vec<NodeId> {
        // TODO(css-tables-3 2): ::before and ::after of tables, rows and row groups; children of display: contents.
        match source {
            Source::Element(node) => self.document.children(*node).collect(),
            Source::Nodes(nodes) => nodes.clone(),
            Source::Generated(_) | Source::Label(_) | Source::Menu(_) | Source::Broken(_) => Vec::new(),
        }
    }

    /// The `display` of a node that is a table part.
    fn table_display(&self, node: NodeId) -> Option<Display> {
        self.is_table_part(node).then(|| self.styles.get(node).map(|s| s.box_.display)).flatten()
    }

    fn element_base(&self, node: NodeId) -> BoxBase {
        let style = self.styles.get(node).expect("only elements that have a style are table parts");
        BoxBase { node: Some(node), pseudo: None, style: Arc::clone(style) }
    }

    /// Keeps a node that is no table part, unless it is white space between parts or generates no box.
    fn keep_improper(&self, node: NodeId, parent: &ComputedStyle, improper: &mut Vec<NodeId>) {
        let is_kept = match self.document.node(node).data() {
            NodeData::Text(text) => {
                !improper.is_empty() || !super::inline::is_collapsible_space(parent, text)
            }
            NodeData::Element(_) => self.styles.get(node).is_some_and(|s| s.box_.display != Display::None),
            _ => false,
        };
        if is_kept {
            improper.push(node);
        }
    }

    /// Rows and improper children of the table itself stand in an anonymous row group.
    fn flush_rows(&mut self, nodes: &mut Vec<NodeId>, parent: &Arc<ComputedStyle>, table: &mut TableBox) {
        let nodes = std::mem::take(nodes);
        if nodes.is_empty() {
            return;
        }
        let style = self.anonymous.style(parent, Display::TableRowGroup);
        let rows = self.rows(&nodes, &style);
        let base = BoxBase { node: None, pseudo: None, style };
        if !rows.is_empty() {
            table.groups.push(RowGroup { base, kind: RowGroupKind::Body, rows });
        }
    }

    fn rows(&mut self, nodes: &[NodeId], parent: &Arc<ComputedStyle>) -> Vec<TableRow> {
        let mut rows = Vec::new();
        let mut improper = Vec::new();
        for &node in nodes {
            if self.table_display(node) != Some(Display::TableRow) {
                self.keep_improper(node, parent, &mut improper);
                continue;
            }
            self.flush_cells(&mut improper, parent, &mut rows);
            let base = self.element_base(node);
            let nodes = self.source_nodes(&Source::Element(node));
            let cells = self.counted(Some(node), &base.style, |builder| builder.cells(&nodes, &base.style));
            rows.push(TableRow { base, cells });
        }
        self.flush_cells(&mut improper, parent, &mut rows);
        rows
    }

    /// Cells and improper children of a row group stand in an anonymous row.
    fn flush_cells(
        &mut self,
        nodes: &mut Vec<NodeId>,
        parent: &Arc<ComputedStyle>,
        rows: &mut Vec<TableRow>,
    ) {
        let nodes = std::mem::take(nodes);
        if nodes.is_empty() {
            return;
        }
        let style = self.anonymous.style(parent, Display::TableRow);
        let cells = self.cells(&nodes, &style);
        rows.push(TableRow { base: BoxBase { node: None, pseudo: None, style }, cells });
    }

    fn cells(&mut self, nodes: &[NodeId], parent: &Arc<ComputedStyle>) -> Vec<TableCell> {
        let mut cells = Vec::new();
        let mut improper = Vec::new();
        for &node in nodes {
            if self.table_display(node) != Some(Display::TableCell) {
                self.keep_improper(node, parent, &mut improper);
                continue;
            }
            self.flush_contents(&mut improper, parent, &mut cells);
            let base = self.element_base(node);
            let cell = self.counted(Some(node), &Arc::clone(&base.style), |builder| {
                builder.independent(base, Source::Element(node))
            });
            cells.push(TableCell {
                colspan: self.span(node, "colspan", 1, MAX_COLSPAN),
                rowspan: self.span(node, "rowspan", 0, MAX_ROWSPAN),
                cell,
            });
        }
        self.flush_contents(&mut improper, parent, &mut cells);
        cells
    }

    /// Improper children of a row stand in an anonymous cell.
    fn flush_contents(
        &mut self,
        nodes: &mut Vec<NodeId>,
        parent: &Arc<ComputedStyle>,
        cells: &mut Vec<TableCell>,
    ) {
        let nodes = std::mem::take(nodes);
        if nodes.is_empty() {
            return;
        }
        let style = self.anonymous.style(parent, Display::TableCell);
        let base = BoxBase { node: None, pseudo: None, style };
        let cell: IndependentBox = self.independent(base, Source::Nodes(nodes));
        cells.push(TableCell { cell, colspan: 1, rowspan: 1 });
    }

    fn column_group(&self, node: NodeId, table: &mut TableBox) {
        let columns: Vec<NodeId> = self
            .document
            .children(node)
            .filter(|&child| self.table_display(child) == Some(Display::TableColumn))
            .collect();
        let at = table.columns.len();
        self.column(node, TableColumnKind::Group, table);
        let first = table.columns[at].covers.start;
        if columns.is_empty() {
            return;
        }
        // With columns of its own the group is as wide as they are together.
        table.columns[at].covers = first..first;
        for column in columns {
            self.column(column, TableColumnKind::Column, table);
        }
        table.columns[at].covers.end = table.declared_columns();
    }

    fn column(&self, node: NodeId, kind: TableColumnKind, table: &mut TableBox) {
        let start = table.declared_columns();
        let end = (start + self.span(node, "span", 1, MAX_COLSPAN)).min(MAX_TABLE_COLUMNS);
        table.columns.push(TableColumn { base: self.element_base(node), kind, covers: start..end });
    }

    fn span(&self, node: NodeId, attribute: &str, least: i32, most: usize) -> usize {
        self.document
            .element(node)
            .and_then(|e| e.attribute(&attribute.into()))
            .and_then(parse_integer)
            .filter(|&span| span >= least)
            .map_or(1, |span| usize::try_from(span).unwrap_or(1).min(most))
    }
}

/// The first header group goes to the top, the first footer group to the bottom; others stay where they are.
fn reorder_groups(groups: &mut Vec<RowGroup>) {
    if let Some(header) = groups.iter().position(|g| g.kind == RowGroupKind::Header) {
        let group = groups.remove(header);
        groups.insert(0, group);
    }
    if let Some(footer) = groups.iter().position(|g| g.kind == RowGroupKind::Footer) {
        let group = groups.remove(footer);
        groups.push(group);
    }
}
