//! Which facts of the catalogue requests are held against.

/// Which of the catalogue's facts a request is refused for.
///
/// The facts can be wrong. A wrong one costs a test that fails at one's own desk, and is named there; one that is not
/// held against a request costs a mistake that shows in production first. Hence the default.
///
/// Signatures, the form of the body and the digests of uploads are checked in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Facts {
    /// Everything that is documented: what is required and what exists, kinds, lengths, numbers, known values, the form
    /// of times, which fields are encrypted.
    #[default]
    Documented,
    /// Only what an official page or SDK vouches for; of most operations that is little.
    Sure,
    /// Nothing.
    None,
}

impl Facts {
    /// Whether a fact counts that is vouched for or is not.
    pub(crate) fn count(self, sure: bool) -> bool {
        match self {
            Self::Documented => true,
            Self::Sure => sure,
            Self::None => false,
        }
    }
}
