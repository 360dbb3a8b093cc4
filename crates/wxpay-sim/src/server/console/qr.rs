//! QR codes as inline SVG.

use qrcode::{Color, EcLevel, QrCode};

use super::markup::{Element, el};

/// The light frame that scanners need, in modules.
const QUIET: usize = 4;

/// The code of a link; nothing when it is too long for one.
pub(super) fn svg(link: &str) -> Option<Element> {
    let code = QrCode::with_error_correction_level(link, EcLevel::M).ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let colors = code.to_colors();
    let rows = colors.chunks(width).enumerate();
    let path: String = rows
        .flat_map(|(y, row)| {
            let dark = row.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
            dark.map(move |(x, _)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET))
        })
        .collect();
    let svg = el("svg")
        .attr("xmlns", "http://www.w3.org/2000/svg")
        .attr("viewBox", format!("0 0 {side} {side}"))
        .attr("role", "img")
        .attr("aria-label", link)
        .class("qr")
        .put(
            el("path")
                .attr("d", format!("M0 0h{side}v{side}h-{side}z"))
                .attr("fill", "#fff"),
        )
        .put(el("path").attr("d", path).attr("fill", "#000"));
    Some(svg)
}

#[cfg(test)]
mod tests {
    use super::super::markup::Html;
    use super::svg;

    #[test]
    fn a_link_becomes_a_square_with_a_frame() {
        let drawn = Html::from(svg("weixin://wxpay/bizpayurl?pr=a\"<b>").unwrap()).into_string();
        assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>"));
        // The corner of the first finder pattern is behind the frame.
        assert!(drawn.contains("M4 4h1v1h-1z") && !drawn.contains("M3 4h1"));
        assert!(drawn.contains("a&quot;&lt;b&gt;"));
        assert!(svg(&"x".repeat(4000)).is_none());
    }
}
