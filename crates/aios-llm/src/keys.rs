//! Keys and addresses that the host found for the providers.
//!
//! Must not know: where they come from. Hosts read the environment or the vault.

use std::collections::HashMap;

use aios_core::Secret;

use crate::provider::{PROVIDERS, Provider};

/// The keys and addresses of the providers that the user has set up.
#[derive(Debug, Clone, Default)]
pub struct Keys {
    keys: HashMap<&'static str, Secret<String>>,
    base_urls: HashMap<&'static str, String>,
}

impl Keys {
    /// Asks for each variable that the providers know; blank values count as missing. Hosts pass their environment.
    pub fn collect(read: impl Fn(&str) -> Option<String>) -> Self {
        let read = |variable: &str| {
            read(variable).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let mut keys = Self::default();
        for provider in PROVIDERS {
            if let Some(key) = provider.key_variables.iter().copied().find_map(read) {
                keys.set_key(provider, Secret::new(key));
            }
            if let Some(url) = provider.base_variable.and_then(read) {
                keys.set_base_url(provider, &url);
            }
        }
        keys
    }

    /// The same addresses with these keys instead. A provider that none of them belongs to is not set up, so whoever brings
    /// keys of their own reaches nothing that the host set up for itself.
    #[must_use]
    pub fn replaced(&self, keys: impl IntoIterator<Item = (&'static Provider, Secret<String>)>) -> Self {
        let keys: HashMap<_, _> = keys.into_iter().map(|(provider, key)| (provider.id, key)).collect();
        let moved = self.base_urls.iter().filter(|(id, _)| keys.contains_key(*id));
        Self { base_urls: moved.map(|(id, url)| (*id, url.clone())).collect(), keys }
    }

    /// Sets the key of a provider.
    pub fn set_key(&mut self, provider: &'static Provider, key: Secret<String>) {
        self.keys.insert(provider.id, key);
    }

    /// Moves a provider to another address.
    pub fn set_base_url(&mut self, provider: &'static Provider, url: &str) {
        self.base_urls.insert(provider.id, url.to_owned());
    }

    /// The key of a provider.
    pub fn key(&self, provider: &Provider) -> Option<&Secret<String>> {
        self.keys.get(provider.id)
    }

    /// Where the user moved a provider to.
    pub fn base_url(&self, provider: &Provider) -> Option<&str> {
        self.base_urls.get(provider.id).map(String::as_str)
    }

    /// Whether the user set this provider up: a key, or an address. Local servers want no key, so only an address tells that
    /// one is meant.
    pub fn is_configured(&self, provider: &Provider) -> bool {
        self.keys.contains_key(provider.id) || self.base_urls.contains_key(provider.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::provider;

    #[test]
    fn variables_become_keys_and_addresses() {
        let keys = Keys::collect(|variable| {
            Some(match variable {
                "GOOGLE_API_KEY" => " g ".to_owned(),
                "OPENAI_BASE_URL" => "http://127.0.0.1:8080/v1".to_owned(),
                "GROQ_API_KEY" => "  ".to_owned(),
                _ => return None,
            })
        });
        let check = |id: &str, configured: bool| {
            assert_eq!(keys.is_configured(provider(id).unwrap()), configured, "{id}");
        };
        check("gemini", true);
        check("openai", true);
        check("groq", false);
        check("ollama", false);
        assert_eq!(keys.key(provider("gemini").unwrap()).unwrap().expose(), "g");
        assert!(!format!("{keys:?}").contains("\"g\""));
    }

    #[test]
    fn other_keys_keep_the_addresses_of_their_providers_only() {
        let host = Keys::collect(|variable| match variable {
            "OPENAI_BASE_URL" | "OLLAMA_HOST" => Some("http://127.0.0.1:8080".to_owned()),
            "GROQ_API_KEY" => Some("host".to_owned()),
            _ => None,
        });
        let keys = host.replaced([(provider("openai").unwrap(), Secret::new("own".to_owned()))]);
        let check = |id: &str, configured: bool| {
            assert_eq!(keys.is_configured(provider(id).unwrap()), configured, "{id}");
        };
        check("openai", true);
        check("ollama", false);
        check("groq", false);
        assert_eq!(keys.key(provider("openai").unwrap()).unwrap().expose(), "own");
        assert_eq!(keys.base_url(provider("openai").unwrap()), Some("http://127.0.0.1:8080"));
    }
}
