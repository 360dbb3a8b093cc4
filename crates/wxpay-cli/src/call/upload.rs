//! The file of an upload, and the parts beside it.

use std::path::Path;

use serde_json::{Map, Value, json};
use wxpay_proto::{BuildError, Draft, FilePart};
use wxpay_types::schema::{Field, Kind, OperationInfo, Place, Schema};

use super::values::text;
use crate::ended::NotSent;

/// A multipart body: a file, the object that describes it (v3), and texts.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    part: &'static str,
    file: FilePart,
    meta: Option<Value>,
    texts: Vec<(&'static str, Option<String>)>,
}

/// The file that an operation uploads: from a path, or from the values, as an operation is stored.
///
/// What the catalogue takes from the file is filled in, and the content no longer stands among the values.
pub(super) fn take(
    info: &'static OperationInfo,
    path: Option<&Path>,
    values: &mut Map<String, Value>,
) -> Result<Option<FilePart>, NotSent> {
    let problem = |problem: String| NotSent::new(format!("{}: {problem}", info.name));
    let field = file_field(info);
    let (field, file) = match (field, path) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(problem("it uploads nothing: --file is for uploads".to_owned())),
        (Some(field), Some(path)) => (field, read(path).map_err(problem)?),
        (Some(field), None) => {
            let stored = values.get(&field.name).filter(|value| value.is_object());
            let stored = stored.ok_or_else(|| {
                let name = &field.name;
                problem(format!(
                    "it uploads a file (`{name}`), which is missing: --file PATH"
                ))
            })?;
            let file = serde_json::from_value(stored.clone());
            (
                field,
                file.map_err(|error| problem(format!("`{}`: {error}", field.name)))?,
            )
        }
    };
    values.insert(
        field.name.clone(),
        json!({ "name": file.name(), "media_type": file.media_type() }),
    );
    for field in info
        .request
        .fields
        .iter()
        .filter(|field| field.place == Place::Form)
    {
        fill(field, &file, values);
    }
    Ok(Some(file))
}

fn file_field(info: &'static OperationInfo) -> Option<&'static Field> {
    let mut fields = info.request.fields.iter();
    fields.find(|field| matches!(field.kind, Kind::File))
}

fn read(path: &Path) -> Result<FilePart, String> {
    let problem = |problem: &dyn std::fmt::Display| format!("--file {}: {problem}", path.display());
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| problem(&"the file's name is no text"))?;
    let content = std::fs::read(path).map_err(|error| problem(&error))?;
    Ok(FilePart::new(name, media_type(name), content))
}

/// The media type by the name's ending, of what WeChat Pay takes (protocol section 10.1).
fn media_type(name: &str) -> &'static str {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("bmp") => "image/bmp",
        Some("pdf") => "application/pdf",
        Some("csv") => "text/csv",
        Some("txt") => "text/plain",
        Some("mp4" | "m4v") => "video/mp4",
        Some("mpeg") => "video/mpeg",
        Some("mov") => "video/quicktime",
        Some("avi") => "video/x-msvideo",
        Some("wmv") => "video/x-ms-wmv",
        Some("mkv") => "video/x-matroska",
        Some("flv" | "f4v") => "video/x-flv",
        _ => "application/octet-stream",
    }
}

/// Fills in what is not given and can be had from the file.
fn fill(field: &Field, file: &FilePart, values: &mut Map<String, Value>) {
    let given = |values: &Map<String, Value>| values.get(&field.name).is_some_and(|value| !value.is_null());
    match (&field.kind, field.fill) {
        (Kind::Object(schema), _) if fills(schema) => {
            if !given(values) {
                values.insert(field.name.clone(), Value::Object(Map::new()));
            }
            if let Some(Value::Object(members)) = values.get_mut(&field.name) {
                for member in &schema.fields {
                    fill(member, file, members);
                }
            }
        }
        (_, Some(source)) if !given(values) => {
            values.insert(field.name.clone(), source.of(file).into());
        }
        _ => {}
    }
}

fn fills(schema: &Schema) -> bool {
    schema.fields.iter().any(|field| field.fill.is_some())
}

impl Upload {
    pub(super) fn new(info: &'static OperationInfo, file: FilePart) -> Self {
        Self {
            part: file_field(info).map_or("file", |field| &field.name),
            file,
            meta: None,
            texts: Vec::new(),
        }
    }

    /// Takes the value of a part.
    pub(super) fn place(&mut self, field: &'static Field, value: Value) {
        match field.kind {
            Kind::File => {}
            Kind::Object(_) => self.meta = Some(value),
            _ => self.texts.push((&field.name, text(&value))),
        }
    }

    pub(super) fn content(&self) -> &[u8] {
        self.file.content()
    }

    pub(super) fn write_v3(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let nothing = Value::Object(Map::new());
        let meta = self.meta.as_ref().unwrap_or(&nothing);
        draft.multipart(meta, &self.texts, self.part, Some(&self.file))
    }

    /// The texts are what is signed.
    pub(super) fn write_v2(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let texts = self.texts.iter();
        let texts: Map<String, Value> = texts
            .filter_map(|(name, text)| Some(((*name).to_owned(), text.clone()?.into())))
            .collect();
        draft.fields(&texts)?;
        draft.attach_file(self.part, Some(&self.file))
    }
}
