//! The drawings: icons are 20 units wide and say what a control does, glyphs
//! are 16 wide and say what state a thing is in.

/// What is inside the icon called `name`.
pub fn icon(name: &str) -> Option<&'static str> {
    Some(match name {
        "bell" => {
            r#"<path d="M10 3c-3.4 0-5 2.3-5 5.5 0 3-.8 4.3-1.8 5.500h13.600C15.8 12.8 15 11.5 15 8.5 15 5.3 13.4 3 10 3zM8 16.500a2.1 2.1 0 0 0 4 0"/>"#
        }
        "posts" => r#"<path d="M4 5h12M4 10h12M4 15h7"/>"#,
        "pen" => r#"<path d="m4 16 .8-3.4 8.8-8.8 2.6 2.6-8.8 8.800zM11.8 5.600l2.6 2.6"/>"#,
        "channels" => {
            r#"<circle cx="10" cy="10" r="1.6"/><path d="M6.5 13.500a5 5 0 0 1 0-7M13.5 6.500a5 5 0 0 1 0 7M4.2 15.800a8.2 8.2 0 0 1 0-11.600M15.8 4.200a8.2 8.2 0 0 1 0 11.6"/>"#
        }
        "people" => {
            r#"<circle cx="8" cy="7" r="2.8"/><path d="M3 16.500c0-3 2.2-4.7 5-4.700s5 1.7 5 4.700M13 4.600a2.6 2.6 0 0 1 0 4.900M14.5 12.300c1.7.6 2.7 2 2.7 4.2"/>"#
        }
        "settings" => {
            r#"<path d="M4 6h6.500M15 6h1M4 14h1M9.5 14H16"/><circle cx="12.8" cy="6" r="1.9"/><circle cx="7.2" cy="14" r="1.9"/>"#
        }
        "key" => r#"<circle cx="7" cy="13" r="3.4"/><path d="m9.5 10.5 6.5-6.500M13 7l2.4 2.4"/>"#,
        "send" => r#"<path d="M17 3 3 9l5.5 2.200L11 17zM17 3l-8.5 8.2"/>"#,
        "pause" => r#"<path d="M7 4.500v11M13 4.500v11" stroke-width="3" stroke-linecap="butt"/>"#,
        "play" => r#"<path d="m6.5 4 9 6-9 6z"/>"#,
        "down" => r#"<path d="m6 8 4 4 4-4"/>"#,
        "back" => r#"<path d="m12 5-5 5 5 5"/>"#,
        "plus" => r#"<path d="M10 4v12M4 10h12"/>"#,
        "close" => r#"<path d="m5 5 10 10M15 5 5 15"/>"#,
        "check" => r#"<path d="m4.5 10.5 3.7 3.7 7.3-8"/>"#,
        "clock" => r#"<circle cx="10" cy="10" r="7"/><path d="M10 6v4l2.8 2"/>"#,
        "more" => r#"<path d="M5 10h.01M10 10h.01M15 10h.01" stroke-width="2.6"/>"#,
        "out" => r#"<path d="M11 4h5v5M16 4l-7 7M13 12v4H4V7h4"/>"#,
        "picture" => {
            r#"<rect x="3" y="4" width="14" height="12" rx="1.5"/><path d="m3 13.5 4-4 4.5 4.500M10.5 13l2.5-2.5 4 4"/><circle cx="13" cy="7.6" r="1.1"/>"#
        }
        "text" => r#"<path d="M5 3h7l3 3v11H5zM12 3v3h3"/>"#,
        "link" => {
            r#"<path d="M8.5 11.500a3 3 0 0 0 4.3 0l2.8-2.800a3 3 0 0 0-4.3-4.300l-1.2 1.200M11.5 8.500a3 3 0 0 0-4.3 0l-2.8 2.800a3 3 0 0 0 4.3 4.300l1.2-1.2"/>"#
        }
        "copy" => {
            r#"<rect x="7" y="7" width="10" height="10" rx="1.5"/><path d="M13 7V3H3v10h4"/>"#
        }
        "leave" => r#"<path d="M8 4H4v12h4M12.5 6.5 16 10l-3.5 3.500M16 10H8"/>"#,
        "globe" => {
            r#"<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c2.6 2.4 2.6 11.6 0 14-2.6-2.4-2.6-11.6 0-14"/>"#
        }
        "sun" => {
            r#"<circle cx="10" cy="10" r="3.4"/><path d="M10 2.800v1.700M10 15.500v1.700M2.8 10h1.700M15.5 10h1.700M4.9 4.900l1.2 1.200M13.9 13.900l1.2 1.200M4.9 15.100l1.2-1.200M13.9 6.100l1.2-1.2"/>"#
        }
        "moon" => r#"<path d="M16 11.800A6.5 6.5 0 0 1 8.2 4a6.5 6.5 0 1 0 7.8 7.800z"/>"#,
        "screen" => {
            r#"<rect x="3" y="4" width="14" height="9.5" rx="1.5"/><path d="M7.5 16.500h5"/>"#
        }
        "reply" => r#"<path d="M8 5 3.5 9.5 8 14M3.5 9.500H12a4.5 4.5 0 0 1 4.5 4.500v1.5"/>"#,
        "repeat" => {
            r#"<path d="M4 9V7.500A1.5 1.5 0 0 1 5.5 6H14M11.5 3.5 14 6l-2.5 2.500M16 11v1.500a1.5 1.5 0 0 1-1.5 1.500H6M8.5 16.5 6 14l2.5-2.5"/>"#
        }
        "heart" => {
            r#"<path d="M10 16.500C3 11.5 3 8 4.3 6.2 6 4 9 4.8 10 7.200c1-2.4 4-3.2 5.7-1C17 8 17 11.5 10 16.500z"/>"#
        }
        "trash" => r#"<path d="M4 6h12M8 6V4h4v2M6 6l.8 10.500h6.400L14 6"/>"#,
        _ => return None,
    })
}

/// What is inside the glyph called `name`: a family of states, or a warning.
pub fn glyph(name: &str) -> Option<&'static str> {
    Some(match name {
        "draft" => r#"<circle cx="8" cy="8" r="6" stroke-dasharray="2.4 2.3"/>"#,
        "review" => {
            r#"<path d="M1.5 8C3.5 4.7 5.6 3.5 8 3.500S12.5 4.7 14.5 8c-2 3.3-4.1 4.5-6.5 4.500S3.5 11.3 1.5 8z"/><circle cx="8" cy="8" r="1.9" fill="currentColor" stroke="none"/>"#
        }
        "changes" => r#"<path d="M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8h-4"/>"#,
        "ready" => r#"<circle cx="8" cy="8" r="6.2"/><path d="m5.2 8.3 2 2 3.6-4"/>"#,
        "scheduled" => r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 4.500V8l2.4 1.6"/>"#,
        "publishing" => {
            r#"<path d="M8 1.800A6.2 6.2 0 1 1 2.2 6"/><path d="M8 11V5.500M5.6 7.7 8 5.300l2.4 2.4"/>"#
        }
        "published" => {
            r#"<circle cx="8" cy="8" r="7" fill="currentColor" stroke="none"/><path class="knock" d="m4.9 8.3 2.2 2.2 4-4.5" stroke-width="1.8"/>"#
        }
        "partly" => {
            r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 1.800a6.2 6.2 0 0 0 0 12.400z" fill="currentColor"/>"#
        }
        "failed" => {
            r#"<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" stroke="none"/><path class="knock" d="m5.5 5.5 5 5M10.5 5.500l-5 5" stroke-width="1.8"/>"#
        }
        "checking" => {
            r#"<circle cx="7" cy="7" r="4.7" stroke-dasharray="1.8 1.5"/><path d="m10.6 10.6 3.6 3.6" stroke-width="2"/>"#
        }
        "unknown" => {
            r#"<path d="M8 1 15 8l-7 7-7-7z"/><path d="M6.4 6.500C6.5 5.4 7.2 5 8 5c1 0 1.7.6 1.7 1.500C9.7 7.7 8 7.7 8 9"/><path d="M8 11.100h.01" stroke-width="1.9"/>"#
        }
        "held" => {
            r#"<rect x="1.5" y="1.5" width="13" height="13" rx="2.5" fill="currentColor" stroke="none"/><path class="knock" d="M6 5v6M10 5v6" stroke-width="2" stroke-linecap="butt"/>"#
        }
        "clock-stop" => {
            r#"<circle cx="8" cy="8" r="7" fill="currentColor" stroke="none"/><path class="knock" d="M8 4v4.200l2.8 1.8" stroke-width="1.8"/>"#
        }
        "missed" | "warning" => {
            r#"<path d="M8 1.8 15 14H1z"/><path d="M8 6v3.6"/><path d="M8 11.800h.01" stroke-width="1.9"/>"#
        }
        "hand" => {
            r#"<rect x="4" y="1.3" width="8" height="13.4" rx="1.8"/><path d="M8 11.500V6M6 8l2-2 2 2"/>"#
        }
        "cancelled" => r#"<circle cx="8" cy="8" r="6.2"/><path d="m3.7 12.3 8.6-8.6"/>"#,
        "down" => r#"<path d="M8 2v7M5 6.5 8 9.500l3-3M2.5 13.500h11" stroke-width="1.8"/>"#,
        "busy" => r#"<path d="M8 2a6 6 0 1 1-6 6"/>"#,
        _ => return None,
    })
}
