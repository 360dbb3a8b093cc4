//! Shows a QR code in a terminal.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// The code as lines of half blocks, dark on light, with the quiet zone that scanners need.
///
/// # Errors
/// What `qrcode` says, when the text is too long for a code.
pub(crate) fn render(text: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L)?;
    // A terminal is dark: drawing the light modules makes the code dark on light.
    let mut image = code.render::<Dense1x2>();
    Ok(image
        .dark_color(Dense1x2::Dark)
        .light_color(Dense1x2::Light)
        .quiet_zone(true)
        .build())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_url_makes_a_square_of_half_blocks() {
        let drawn = super::render("weixin://pay.weixin.qq.com/bizpayurl/up?pr=NwY5Mz9&groupid=00").unwrap();
        let lines: Vec<_> = drawn.lines().collect();
        let width = lines[0].chars().count();
        assert!(width > 30 && lines.iter().all(|line| line.chars().count() == width));
        // Two rows of modules a line.
        assert_eq!(lines.len(), width.div_ceil(2));
    }
}
