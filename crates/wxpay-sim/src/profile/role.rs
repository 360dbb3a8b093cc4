//! Kinds of accounts.

/// What kind of account a merchant number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// A merchant (直连商户) that sells itself.
    Merchant,
    /// A partner (服务商) that acts for its sub-merchants.
    Partner,
    /// An institution (机构): a partner of the global operations.
    Institution,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Merchant, Self::Partner, Self::Institution];

    /// Its name in paths and on command lines: `merchant`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Merchant => "merchant",
            Self::Partner => "partner",
            Self::Institution => "institution",
        }
    }

    /// The number of its account.
    #[must_use]
    pub const fn mchid(self) -> &'static str {
        match self {
            Self::Merchant => "1900007291",
            Self::Partner => "1900000109",
            Self::Institution => "1900000100",
        }
    }
}
