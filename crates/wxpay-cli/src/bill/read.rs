//! `wxpay bill read`: row by row, in memory that does not grow with the bill.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use wxpay_proto::bill::{BillEnd, BillReader};
use wxpay_proto::file::FileForm;
use wxpay_proto::v2::xml;

use super::kind::Kind;
use super::output::{Format, Rows, Trouble};
use super::totals::Totals;
use crate::digest;
use crate::ended::{Ended, NotSent};
use crate::input;
use crate::plain_text::PlainText;

/// How many bad rows are named one by one.
const NAMED: u64 = 100;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The bill, plain or gzip; standard input when nothing is said.
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// How rows are written.
    #[arg(long, value_name = "FORM", default_value = "table")]
    format: Format,
    /// The columns of a table or of CSV, by their names in the bill, with commas between them.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Vec<String>,
    /// Write the totals, and no rows unless --format is given.
    #[arg(long)]
    totals: bool,
    /// The digest that the signed answer told: `SHA1:…` (`hash_type` and `hash_value`).
    #[arg(long, value_name = "TYPE:HEX")]
    digest: Option<String>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let digest = arguments.digest.as_deref().map(digest::parse).transpose()?;
    let mut source = input::open(&arguments.file)?;
    let mut first = vec![0; 64 * 1024];
    let mut length = fill(&mut source, &mut first, &arguments.file)?;
    if FileForm::of(&first[..length]) == FileForm::Xml {
        return Ok(refusal(&first[..length]));
    }
    let mut text = PlainText::new(digest.as_ref());
    let format = match arguments.format {
        Format::Table if arguments.totals => Format::None,
        format => format,
    };
    let mut out = BufWriter::new(out);
    let mut bill = Bill {
        reader: BillReader::new(),
        format,
        chosen: &arguments.columns,
        begun: None,
        bad: 0,
    };
    let mut problems = Vec::new();
    while length > 0 {
        text.push(&first[..length]);
        if let Err(problem) = bill.read(&mut text, &mut out)? {
            problems.push(problem);
            break;
        }
        length = fill(&mut source, &mut first, &arguments.file)?;
    }
    let proven = digest.is_some();
    if problems.is_empty() {
        match text.finish() {
            Ok(_) if proven => eprintln!("the digest is the one that was told"),
            Ok(_) => {}
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    let bad = bill.finish(arguments, &mut problems, &mut out)?;
    out.flush()?;
    if bad > NAMED {
        eprintln!("{bad} rows cannot be read; the first {NAMED} were named");
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(if bad == 0 && problems.is_empty() {
        Ended::Done
    } else {
        Ended::Failed
    })
}

/// Fills the chunk as far as there is something.
fn fill(source: &mut dyn std::io::Read, chunk: &mut [u8], path: &Path) -> Result<usize, NotSent> {
    let mut length = 0;
    while length < chunk.len() {
        match source.read(&mut chunk[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(NotSent::new(format!("{}: {error}", path.display()))),
        }
    }
    Ok(length)
}

/// v2 answers with XML in the place of a bill.
fn refusal(bytes: &[u8]) -> Ended {
    match xml::read(bytes) {
        Ok(fields) => {
            let text = |name: &str| fields.get(name).map_or("", String::as_str);
            eprintln!(
                "this is no bill, but a refusal of v2's: {} {} {}",
                text("return_code"),
                text("return_msg"),
                text("error_code")
            );
        }
        Err(error) => eprintln!("this is no bill, but XML: {error}"),
    }
    Ended::Failed
}

/// A bill on its way from bytes to rows.
struct Bill<'a> {
    reader: BillReader,
    format: Format,
    chosen: &'a [String],
    /// Once the columns are known.
    begun: Option<(Rows, Totals)>,
    bad: u64,
}

impl Bill<'_> {
    /// Reads what the text has; the inner error ends the bill.
    fn read(&mut self, text: &mut PlainText, out: &mut dyn Write) -> Result<Result<(), String>, NotSent> {
        loop {
            match text.next_piece() {
                Ok(None) => return Ok(Ok(())),
                Ok(Some(piece)) => self.reader.push(piece.claimed()),
                Err(error) => return Ok(Err(error.to_string())),
            }
            self.rows(out)?;
        }
    }

    /// Reads the rows that are complete.
    fn rows(&mut self, out: &mut dyn Write) -> Result<(), NotSent> {
        while let Some(row) = self.reader.next_row() {
            let trouble = match row {
                Err(error) => Some(error),
                Ok(row) => {
                    if self.begun.is_none() {
                        let columns: Vec<&str> = row.iter().map(|(name, _)| name).collect();
                        self.begun = Some(begin(self.format, self.chosen, &columns, out)?);
                    }
                    match &mut self.begun {
                        Some((rows, totals)) => match rows.write(&row, out) {
                            Ok(()) => {
                                totals.add(&row);
                                None
                            }
                            Err(Trouble::Row(error)) => Some(error),
                            Err(Trouble::Output(error)) => return Err(error.into()),
                        },
                        None => None,
                    }
                }
            };
            if let Some(error) = trouble {
                self.bad += 1;
                if self.bad <= NAMED {
                    eprintln!("{error}");
                }
            }
        }
        Ok(())
    }

    /// Ends the bill: how many rows could not be read.
    fn finish(
        mut self,
        arguments: &Arguments,
        problems: &mut Vec<String>,
        out: &mut dyn Write,
    ) -> Result<u64, NotSent> {
        self.reader.end();
        self.rows(out)?;
        let end: BillEnd = match self.reader.finish() {
            Ok(end) => end,
            Err(error) => {
                problems.push(error.to_string());
                return Ok(self.bad);
            }
        };
        let totals = match self.begun {
            Some((_, totals)) => totals,
            // A day without orders has its heading all the same.
            None => begin(self.format, self.chosen, &end.columns().collect::<Vec<_>>(), out)?.1,
        };
        if arguments.totals && self.format == Format::Json {
            writeln!(out, "{}", totals.json(&end))?;
        } else if arguments.totals {
            totals.write(&end, out)?;
        }
        match end.summary() {
            None => problems.push("there is no summary (汇总): the bill may be cut off".to_owned()),
            Some(summary) if !end.is_complete() => problems.push(match summary.count() {
                Some(count) => format!("the summary counts {count} rows, and {} were read", end.rows()),
                None => "the summary does not count the rows".to_owned(),
            }),
            Some(_) => {}
        }
        // Sums without the bad rows differ for that reason alone.
        if self.bad == 0 {
            problems.extend(totals.differences(&end));
        }
        Ok(self.bad)
    }
}

/// Writes the heading, once the columns are known.
fn begin(
    format: Format,
    chosen: &[String],
    columns: &[&str],
    out: &mut dyn Write,
) -> Result<(Rows, Totals), NotSent> {
    if let Some(unknown) = chosen.iter().find(|name| !columns.contains(&name.as_str())) {
        return Err(NotSent::new(format!(
            "--columns: the bill has no column {unknown}; it has {}",
            columns.join(",")
        )));
    }
    let kind = Kind::of(columns.iter().copied());
    Ok((
        Rows::begin(format, kind, columns, chosen, out)?,
        Totals::new(kind),
    ))
}
