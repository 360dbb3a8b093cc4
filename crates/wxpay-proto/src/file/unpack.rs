//! gzip, undone as the bytes arrive; anything else goes through as it is.

use std::io::Write as _;
use std::mem;

use flate2::write::MultiGzDecoder;

use super::error::FileError;
use super::unproven::UnprovenBytes;

/// How much is unpacked at a time. gzip packs at most about a thousand to one, so this bounds the memory to 1 MiB.
const STEP: usize = 1024;
/// The longest piece of what is not packed.
const PIECE: usize = 64 * 1024;

/// What a file is, told by its first bytes (protocol section 7.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileForm {
    /// gzip: `tar_type=GZIP` was asked for.
    Gzip,
    /// XML: v2's refusal in the place of a file.
    Xml,
    /// Anything else: the text of a bill.
    Plain,
}

impl FileForm {
    /// Tells by the beginning of a file; a handful of bytes is enough.
    #[must_use]
    pub fn of(beginning: &[u8]) -> Self {
        let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning);
        if beginning.starts_with(&[0x1f, 0x8b]) {
            Self::Gzip
        } else if text.trim_ascii_start().starts_with(b"<") {
            Self::Xml
        } else {
            Self::Plain
        }
    }
}

/// Unpacks gzip as it arrives, also of several members; what is not packed goes through.
///
/// For files without a digest (v2's bills). Where a digest was told, use [`FileCheck`](super::FileCheck), which
/// unpacks as well.
pub struct Unpack {
    /// What has arrived and was not read; what was read stands before `at`.
    input: Vec<u8>,
    at: usize,
    state: State,
    limit: u64,
    length: u64,
}

enum State {
    /// The first two bytes tell.
    Undecided,
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
}

impl Unpack {
    /// Takes a file whose text has at most `limit` bytes.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self {
            input: Vec::new(),
            at: 0,
            state: State::Undecided,
            limit,
            length: 0,
        }
    }

    /// Takes the next bytes of the file, as many as there are.
    pub fn push(&mut self, chunk: &[u8]) {
        self.input.drain(..mem::take(&mut self.at));
        self.input.extend_from_slice(chunk);
        self.decide();
    }

    /// The next piece of the text, or nothing when the next chunk is needed. It is never empty.
    ///
    /// # Errors
    /// [`FileError::Gzip`] and [`FileError::TooLarge`]; nothing can be read after that.
    pub fn next_piece(&mut self) -> Result<Option<UnprovenBytes<'_>>, FileError> {
        match &mut self.state {
            State::Undecided => Ok(None),
            State::Plain => {
                let end = self.input.len().min(self.at + PIECE);
                let piece = self.input.get(self.at..end).filter(|piece| !piece.is_empty());
                let Some(piece) = piece else { return Ok(None) };
                self.at = end;
                count(&mut self.length, piece, self.limit)?;
                Ok(Some(UnprovenBytes::new(piece)))
            }
            State::Gzip(decoder) => {
                decoder.get_mut().clear();
                let mut rest = &self.input[self.at..];
                while !rest.is_empty() && decoder.get_ref().is_empty() {
                    let step = &rest[..rest.len().min(STEP)];
                    let taken = decoder.write(step).map_err(|error| gzip(&error))?;
                    decoder.flush().map_err(|error| gzip(&error))?;
                    // Nothing taken would be asked for ever.
                    if taken == 0 {
                        return Err(gzip(&"it stands still"));
                    }
                    rest = &rest[taken..];
                }
                self.at = self.input.len() - rest.len();
                let piece = decoder.get_ref().as_slice();
                count(&mut self.length, piece, self.limit)?;
                Ok((!piece.is_empty()).then(|| UnprovenBytes::new(piece)))
            }
        }
    }

    fn decide(&mut self) {
        if matches!(self.state, State::Undecided) {
            self.state = match self.input.as_slice() {
                [] | [0x1f] => return,
                [0x1f, 0x8b, ..] => State::Gzip(Box::new(MultiGzDecoder::new(Vec::new()))),
                _ => State::Plain,
            };
        }
    }

    /// Whether the file is packed, as far as that can be told yet.
    pub(super) fn is_gzip(&self) -> bool {
        matches!(self.state, State::Gzip(_))
    }

    /// Whether it is certain that the file is not packed.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.state, State::Plain)
    }

    /// Ends the file: its length, unpacked, in bytes.
    ///
    /// # Errors
    /// [`FileError::Gzip`] when it is cut off, [`FileError::Unread`] when there are pieces left.
    pub fn finish(mut self) -> Result<u64, FileError> {
        match &mut self.state {
            State::Undecided if self.input.is_empty() => return Ok(0),
            State::Undecided => return Err(gzip(&"it ends after its first byte")),
            State::Plain => {}
            State::Gzip(decoder) => {
                decoder.get_mut().clear();
                if self.at == self.input.len() {
                    decoder.try_finish().map_err(|error| gzip(&error))?;
                }
            }
        }
        match self.input.len() - self.at {
            0 => Ok(self.length),
            bytes => Err(FileError::Unread { bytes }),
        }
    }
}

fn gzip(problem: &dyn std::fmt::Display) -> FileError {
    FileError::Gzip {
        problem: problem.to_string(),
    }
}

fn count(length: &mut u64, piece: &[u8], limit: u64) -> Result<(), FileError> {
    *length = length.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    if *length > limit {
        return Err(FileError::TooLarge { limit });
    }
    Ok(())
}

impl std::fmt::Debug for Unpack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpack")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

/// Unpacks a file that is in memory as a whole; one that is not packed is copied.
///
/// # Errors
/// [`FileError::Gzip`] and [`FileError::TooLarge`].
pub fn unpack(file: &[u8], limit: u64) -> Result<Vec<u8>, FileError> {
    let mut unpack = Unpack::new(limit);
    let mut text = Vec::new();
    unpack.push(file);
    while let Some(piece) = unpack.next_piece()? {
        text.extend_from_slice(piece.claimed());
    }
    unpack.finish()?;
    Ok(text)
}
