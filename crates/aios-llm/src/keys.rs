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
}
