//! Base64 with padding, by the fastest instructions that the machine has.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod fast {
    use std::sync::LazyLock;

    use base64::engine::Simd;
    use base64::engine::general_purpose::PAD;

    static ENGINE: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));

    pub(crate) fn engine() -> &'static Simd {
        &ENGINE
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod fast {
    use base64::engine::general_purpose::{GeneralPurpose, STANDARD};

    pub(crate) fn engine() -> &'static GeneralPurpose {
        &STANDARD
    }
}

pub(crate) use fast::engine;
