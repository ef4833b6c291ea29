//! Under what a response is stored.

use url::Url;

/// The primary cache key: <https://httpwg.org/specs/rfc9111.html#cache.keys>, with Fetch's
/// <https://fetch.spec.whatwg.org/#http-cache-partitions>. The method is always GET.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CacheKey {
    /// The network partition: on behalf of which site the response was fetched.
    partition: String,
    /// The URL without its fragment.
    url: String,
}

impl CacheKey {
    /// The key of `url` within `partition`.
    pub(crate) fn new(url: &Url, partition: impl Into<String>) -> Self {
        let mut url = url.clone();
        url.set_fragment(None);
        Self { partition: partition.into(), url: url.into() }
    }

    /// The key of another URL of the same partition.
    pub(crate) fn sibling(&self, url: &Url) -> Self {
        Self::new(url, &self.partition)
    }

    /// As one line, unambiguous: a partition has no space, and neither has a URL.
    pub(crate) fn as_line(&self) -> String {
        format!("{} {}", self.partition, self.url)
    }

    /// How many bytes it takes.
    pub(crate) fn len(&self) -> usize {
        self.partition.len() + self.url.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_do_not_count_and_partitions_do() {
        let key = |url: &str, partition| CacheKey::new(&Url::parse(url).unwrap(), partition);
        assert_eq!(key("http://a.test/x#1", "p"), key("http://a.test/x#2", "p"));
        assert_ne!(key("http://a.test/x", "p"), key("http://a.test/x", "q"));
        assert_ne!(key("http://a.test/x?a", "p"), key("http://a.test/x?b", "p"));
        assert_eq!(key("http://a.test/x", "p").as_line(), "p http://a.test/x");
    }
}
