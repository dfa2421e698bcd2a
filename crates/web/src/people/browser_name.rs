//! What people call the browser that calls itself `Mozilla/5.0 (X11; ...`.

/// Told from a browser's name for itself; none where it cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrowserName {
    /// `Firefox`.
    pub browser: Option<&'static str>,
    /// `Linux`.
    pub system: Option<&'static str>,
}

/// What stands in the name, and what it means. The first that is there counts:
/// every browser claims to be the ones below it.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
];

impl BrowserName {
    /// Reads `user_agent`.
    pub fn read(user_agent: &str) -> Self {
        let first = |known: &[(&str, &'static str)]| {
            known.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
        };
        Self { browser: first(&BROWSERS), system: first(&SYSTEMS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        let read = |text: &str| {
            let name = BrowserName::read(text);
            (name.browser.unwrap_or("?"), name.system.unwrap_or("?"))
        };
        for (text, told) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                ("Firefox", "Linux"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                ("Edge", "Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
                ("Safari", "iPhone"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                ("Chrome", "Mac"),
            ),
            ("curl/8.9.1", ("?", "?")),
            ("", ("?", "?")),
        ] {
            assert_eq!(read(text), told, "{text}");
        }
    }
}
