//! The looks of the workbook: few colors, each beside a word or a mark that says the same.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::document::Tone;
use crate::render::face::Judged;

/// Text that is beside the point.
pub(super) const FAINT: Color = Color::RGB(0x6B_72_80);
/// What is as it should be.
const GOOD: Color = Color::RGB(0x00_61_00);
/// What is behind, and the ground that Excel itself gives it.
const BAD: (Color, Color) = (Color::RGB(0x9C_00_06), Color::RGB(0xFF_C7_CE));
/// The ground of headings and of strong rows.
const GROUND: Color = Color::RGB(0xEE_F2_F7);
/// Lines between rows and under headings.
const RULE: Color = Color::RGB(0xB8_C2_CF);
/// Leads.
pub(super) const LEAD: Color = Color::RGB(0x2F_6D_B5);
/// How long results take.
pub(super) const LEAD_TIME: Color = Color::RGB(0x7C_3A_ED);
/// Lags.
pub(super) const LAG: Color = Color::RGB(0xC4_62_2D);

/// A cell of that tone.
pub(super) fn toned(format: Format, tone: Tone) -> Format {
    match tone {
        Tone::Plain => format,
        Tone::Strong => format.set_bold(),
        Tone::Good => format.set_font_color(GOOD),
        Tone::Bad => format.set_bold().set_font_color(BAD.0).set_background_color(BAD.1),
        Tone::Faint => format.set_font_color(FAINT),
    }
}

/// A cell that names a state, where it does: the ink and the ground that the page in HTML gives it.
pub(super) fn judged(format: Format, state: Option<Judged>) -> Format {
    let (ink, ground) = match state {
        Some(Judged::Winning) => (0x0B_4D_26, 0xD6_F0_DE),
        Some(Judged::Building) => (0x0C_43_7C, 0xD9_E8_F8),
        Some(Judged::Coasting) => (0x6B_42_00, 0xFC_E8_C3),
        Some(Judged::Behind) => (0x8C_19_11, 0xFA_DA_D7),
        None => return format,
    };
    format.set_bold().set_font_color(Color::RGB(ink)).set_background_color(Color::RGB(ground))
}

/// A cell of a row of that tone.
pub(super) fn of_row(tone: Tone) -> Format {
    let cell = Format::new().set_align(FormatAlign::VerticalCenter).set_border_bottom(FormatBorder::Hair).set_border_bottom_color(RULE);
    if tone == Tone::Strong { cell.set_bold().set_background_color(GROUND) } else { toned(cell, tone) }
}

/// A heading, wrapped, at the foot of its cell.
pub(super) fn heading() -> Format {
    let ruled = Format::new().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(RULE);
    ruled.set_bold().set_text_wrap().set_align(FormatAlign::Bottom).set_background_color(GROUND)
}

/// The heading of a list.
pub(super) fn list_heading() -> Format {
    Format::new().set_bold().set_font_color(Color::White).set_background_color(LEAD)
}

/// A title in that size.
pub(super) fn title(size: u8) -> Format {
    Format::new().set_bold().set_font_size(size)
}

/// Text over several lines.
pub(super) fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// A shade for a share of what was aimed at, in steps of a twentieth: from almost white at 0 to dark at 1 and above.
pub(super) fn shaded(format: Format, share: f64) -> Format {
    const LIGHT: [f64; 3] = [247.0, 251.0, 255.0];
    const DARK: [f64; 3] = [8.0, 81.0, 156.0];
    let part = (share.clamp(0.0, 1.0) * 20.0).round() / 20.0;
    let ground = LIGHT.iter().zip(DARK).fold(0_u32, |rgb, (light, dark)| (rgb << 8) | (light + (dark - light) * part).round() as u32);
    let format = format.set_background_color(Color::RGB(ground));
    if part > 0.55 { format.set_font_color(Color::White) } else { format }
}
