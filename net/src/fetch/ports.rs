//! Ports on which no HTTP server lives and requests are refused: <https://fetch.spec.whatwg.org/#port-blocking>.

use url::Url;

/// Whether `url` is to be blocked because of its port: "block bad port".
pub(crate) fn is_bad(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.port().is_some_and(|port| BAD.binary_search(&port).is_ok())
}

/// The standard's table, ascending.
const BAD: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103,
    104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514,
    515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
    2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_and_used() {
        assert!(BAD.is_sorted());
        for (url, bad) in [
            ("http://a.test:25/", true),
            ("https://a.test:6000/", true),
            ("http://a.test/", false),
            ("http://a.test:8080/", false),
            ("http://a.test:0/", true),
            ("ftp://a.test:21/", false),
        ] {
            assert_eq!(is_bad(&Url::parse(url).unwrap()), bad, "{url}");
        }
    }
}
