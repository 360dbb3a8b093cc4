//! The texts `Y` and `N`.

wxpay_proto::open_enum! {
    /// Yes or no, as v2 and some of v3 write it.
    pub enum YesNo {
        /// `Y`.
        Yes = "Y",
        /// `N`.
        No = "N",
    }
}

impl From<bool> for YesNo {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}
