//! The fonts of the machine, of a folder or of the program: found, described and indexed by name.
//!
//! The only module of the renderer that reads files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::aliases;
use super::bundled;
use super::face::{Face, FaceData};
use super::read;
use crate::limits::{MAX_COLLECTION_FACES, MAX_FOLDER_DEPTH};

/// Where fonts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FontSource {
    /// The usual font folders of the machine; the bundled fonts stand in for what it lacks.
    System,
    /// The bundled fonts alone: the same on every machine.
    Bundled,
    /// The fonts in this folder alone; the bundled fonts stand in for families that it lacks.
    Directory(PathBuf),
}

/// The fonts of one source. The index is built when it is first needed.
#[derive(Debug)]
pub(crate) struct Collection {
    source: FontSource,
    index: OnceLock<Index>,
}

/// The faces, and which names mean which of them.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// All faces, in the order of their paths, the bundled ones last.
    pub(crate) faces: Vec<Face>,
    /// Faces by family name, lower case.
    families: HashMap<String, Vec<usize>>,
    /// Faces by full or PostScript name, lower case.
    unique_names: HashMap<String, usize>,
}

impl Collection {
    /// The fonts of a source; reads nothing yet.
    pub(crate) const fn new(source: FontSource) -> Self {
        Self { source, index: OnceLock::new() }
    }

    /// The index, built now if it was not.
    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::build(&self.source))
    }
}

impl Index {
    fn build(source: &FontSource) -> Self {
        let folders = match source {
            FontSource::Bundled => Vec::new(),
            FontSource::Directory(folder) => vec![folder.clone()],
            FontSource::System => system_folders(),
        };
        let mut files = Vec::new();
        for folder in folders {
            font_files(&folder, 0, &mut files);
        }
        // By path, so that the same folder gives the same ids everywhere.
        files.sort();
        files.dedup();
        let mut index = Self::default();
        for file in files {
            index.add_file(FaceData::File(file));
        }
        let own = index.families.clone();
        for bytes in bundled::FILES {
            index.add_file(FaceData::Static(bytes));
        }
        // A family that the source has is not mixed with the bundled one of that name.
        index.families.extend(own);
        index
    }

    fn add_file(&mut self, data: FaceData) {
        let Some(blob) = data.blob() else { return };
        for description in read::describe(&blob) {
            let face = self.faces.len();
            if face >= MAX_COLLECTION_FACES {
                return;
            }
            for family in description.families {
                self.families.entry(family).or_default().push(face);
            }
            for name in description.unique_names {
                self.unique_names.entry(name).or_insert(face);
            }
            self.faces.push(Face::new(description.traits, data.clone(), description.index));
        }
    }

    /// The faces of a family by name (lower case), or of one with equal metrics; empty if there is none.
    pub(crate) fn family(&self, name: &str) -> &[usize] {
        if let Some(faces) = self.families.get(name) {
            return faces;
        }
        aliases::replacements(name).find_map(|name| self.families.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The faces of the first of these families that there is.
    pub(crate) fn first_family(&self, names: &[&str]) -> &[usize] {
        names.iter().find_map(|name| self.families.get(*name)).map_or(&[], Vec::as_slice)
    }

    /// The face with this full or PostScript name (lower case).
    pub(crate) fn unique(&self, name: &str) -> Option<usize> {
        self.unique_names.get(name).copied()
    }
}

/// The folders in which fonts are usually installed.
fn system_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    if cfg!(target_os = "macos") {
        folders.extend(["/System/Library/Fonts", "/Library/Fonts"].map(PathBuf::from));
        folders.extend(home.map(|home| home.join("Library/Fonts")));
    } else if cfg!(windows) {
        let windows = std::env::var_os("WINDIR").map_or_else(|| "C:\\Windows".into(), PathBuf::from);
        folders.push(windows.join("Fonts"));
        let local = std::env::var_os("LOCALAPPDATA").map(PathBuf::from);
        folders.extend(local.map(|local| local.join("Microsoft\\Windows\\Fonts")));
    } else {
        folders.extend(["/usr/share/fonts", "/usr/local/share/fonts"].map(PathBuf::from));
        let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
        folders.extend(
            data.or_else(|| home.clone().map(|home| home.join(".local/share"))).map(|d| d.join("fonts")),
        );
        folders.extend(home.map(|home| home.join(".fonts")));
    }
    folders
}

/// Adds the font files in `folder` and the folders below it.
fn font_files(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir())
            || entry.file_type().is_ok_and(|kind| kind.is_symlink()) && path.is_dir();
        if is_folder {
            if depth < MAX_FOLDER_DEPTH {
                font_files(&path, depth + 1, files);
            }
        } else if path.extension().is_some_and(is_font_extension) {
            files.push(path);
        }
    }
}

fn is_font_extension(extension: &std::ffi::OsStr) -> bool {
    ["ttf", "otf", "ttc", "otc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
