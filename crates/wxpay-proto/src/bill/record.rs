//! Rows as types: a field for each documented column, and everything else by name.

use std::borrow::Cow;

use crate::money::{DecimalText, InvalidAmount, fen_from_yuan, yuan_from_fen};
use crate::time_text::TimeText;

/// A row that knows its cells by the names of their columns; what a [`BillWriter`](super::BillWriter) writes.
pub trait BillRecord {
    /// The text of the cell in the column of this name; nothing when the record has no such column.
    fn cell(&self, column: &str) -> Option<Cow<'_, str>>;
}

/// What a cell can be read as.
pub(super) trait Cell: Sized {
    fn read(cell: &str) -> Result<Self, InvalidAmount>;
    fn write(&self) -> Cow<'_, str>;
}

impl Cell for String {
    fn read(cell: &str) -> Result<Self, InvalidAmount> {
        Ok(cell.to_owned())
    }

    fn write(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Cell for TimeText {
    fn read(cell: &str) -> Result<Self, InvalidAmount> {
        Ok(Self::from(cell))
    }

    fn write(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl Cell for DecimalText {
    fn read(cell: &str) -> Result<Self, InvalidAmount> {
        Ok(Self::from(cell))
    }

    fn write(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

/// Fen; the bill writes yuan.
impl Cell for i64 {
    fn read(cell: &str) -> Result<Self, InvalidAmount> {
        fen_from_yuan(cell)
    }

    fn write(&self) -> Cow<'_, str> {
        Cow::Owned(yuan_from_fen(*self))
    }
}

/// Defines a record: a field, its type, and the column's name with its older names.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$doc:meta])* $field:ident: $type:ty = $column:literal $(| $older:literal)*;)* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$doc])*
                #[doc = concat!("\n\nColumn `", $column, "`.")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )*
            /// The columns that have no field here, name and cell, in the bill's order.
            #[serde(skip_serializing_if = "Vec::is_empty")]
            pub other: Vec<(String, String)>,
        }

        impl $name {
            /// Reads a row. A column that is missing, and a cell that is empty, leave the field empty.
            ///
            /// # Errors
            /// [`BillError`](super::BillError) with line and column when an amount is no whole number of fen. The row
            /// itself still has every cell as text.
            pub fn from_row(row: &super::Row<'_>) -> Result<Self, super::BillError> {
                #[expect(non_camel_case_types, reason = "the variants are the fields' names")]
                #[derive(Clone, Copy)]
                enum Field { $($field,)* }
                const FIELDS: &[Field] = &[$(Field::$field,)*];
                fn field(column: &str) -> Option<usize> {
                    match column {
                        $($column $(| $older)* => Some(Field::$field as usize),)*
                        _ => None,
                    }
                }
                let mut record = Self::default();
                let planned = row.planned($crate::bill::row::Record::$name, field);
                for (field, column, cell) in planned {
                    match field.map(|field| FIELDS[field]) {
                        // Of two columns that fill one field, the second stays a column without a field.
                        $(Some(Field::$field) if record.$field.is_none() => {
                            if !cell.is_empty() {
                                let read = $crate::bill::record::Cell::read(cell);
                                let read = read.map_err(|problem| {
                                    super::BillError::amount(row.line(), column, problem)
                                });
                                record.$field = Some(read?);
                            }
                        })*
                        _ => record.other.push((column.to_owned(), cell.to_owned())),
                    }
                }
                Ok(record)
            }
        }

        impl super::BillRecord for $name {
            fn cell(&self, column: &str) -> Option<std::borrow::Cow<'_, str>> {
                let field = match column {
                    $($column $(| $older)* => {
                        self.$field.as_ref().map($crate::bill::record::Cell::write)
                    })*
                    _ => None,
                };
                let other = || self.other.iter().find(|(name, _)| name == column);
                field.or_else(|| other().map(|(_, cell)| std::borrow::Cow::Borrowed(cell.as_str())))
            }
        }
    };
}
pub(super) use record;
