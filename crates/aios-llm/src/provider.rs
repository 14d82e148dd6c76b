//! The providers as data: where each one is, how it is talked to, and which variables configure it.
//!
//! Must not know: models and prices (the catalogue), HTTP, the environment.

use aios_core::nearest;

/// A company or program that serves models.
#[derive(Debug, PartialEq, Eq)]
pub struct Provider {
    /// Short name, the first half of `provider/name`.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// Where its interface is, unless the user says otherwise.
    pub base_url: &'static str,
    /// Environment variables that may hold its key, best first; empty when it wants none.
    pub key_variables: &'static [&'static str],
    /// Environment variable that moves it to another address.
    pub base_variable: Option<&'static str>,
    /// That variable names a host alone, by the custom of this provider; the path stays.
    pub(crate) base_is_host: bool,
    pub(crate) wire: Wire,
}

/// The language that a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// OpenAI's chat completions, in a dialect.
    Chat(Dialect),
    /// Anthropic's messages.
    Messages,
    /// Google's own, through genai.
    Gemini,
}

/// Where servers that speak chat completions differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// The limit is called `max_completion_tokens`.
    pub(crate) max_completion_tokens: bool,
    /// `stream_options` is understood; the others report usage unasked, or refuse the field.
    pub(crate) stream_options: bool,
    /// The seed is called `random_seed`.
    pub(crate) random_seed: bool,
    /// Ids of tool calls are exactly nine letters and digits.
    pub(crate) short_call_ids: bool,
    /// The provider has models that refuse sampling parameters, and models that only speak the responses interface.
    pub(crate) reasoning_rules: bool,
}

const PLAIN: Dialect = Dialect {
    max_completion_tokens: false,
    stream_options: true,
    random_seed: false,
    short_call_ids: false,
    reasoning_rules: false,
};
const OPENAI: Dialect = Dialect { max_completion_tokens: true, reasoning_rules: true, ..PLAIN };
const MISTRAL: Dialect = Dialect { stream_options: false, random_seed: true, short_call_ids: true, ..PLAIN };
const NO_STREAM_OPTIONS: Dialect = Dialect { stream_options: false, ..PLAIN };

const fn chat(
    id: &'static str,
    name: &'static str,
    base_url: &'static str,
    key_variables: &'static [&'static str],
) -> Provider {
    Provider {
        id,
        name,
        base_url,
        key_variables,
        base_variable: None,
        base_is_host: false,
        wire: Wire::Chat(PLAIN),
    }
}

/// Every provider, in the order in which the first one with a key is chosen.
pub static PROVIDERS: &[Provider] = &[
    Provider {
        wire: Wire::Messages,
        base_variable: Some("ANTHROPIC_BASE_URL"),
        ..chat("anthropic", "Anthropic", "https://api.anthropic.com", &["ANTHROPIC_API_KEY"])
    },
    Provider {
        wire: Wire::Chat(OPENAI),
        base_variable: Some("OPENAI_BASE_URL"),
        ..chat("openai", "OpenAI", "https://api.openai.com/v1", &["OPENAI_API_KEY"])
    },
    Provider {
        wire: Wire::Gemini,
        ..chat(
            "gemini",
            "Google Gemini",
            "https://generativelanguage.googleapis.com/v1beta/",
            &["GEMINI_API_KEY", "GOOGLE_API_KEY"],
        )
    },
    chat("groq", "Groq", "https://api.groq.com/openai/v1", &["GROQ_API_KEY"]),
    Provider {
        wire: Wire::Chat(MISTRAL),
        ..chat("mistral", "Mistral AI", "https://api.mistral.ai/v1", &["MISTRAL_API_KEY"])
    },
    chat("deepseek", "DeepSeek", "https://api.deepseek.com/v1", &["DEEPSEEK_API_KEY"]),
    Provider {
        base_variable: Some("DASHSCOPE_BASE_URL"),
        ..chat(
            "dashscope",
            "Alibaba DashScope (Qwen)",
            "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
            &["DASHSCOPE_API_KEY"],
        )
    },
    chat("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", &["OPENROUTER_API_KEY"]),
    chat("xai", "xAI", "https://api.x.ai/v1", &["XAI_API_KEY"]),
    chat("together", "Together AI", "https://api.together.xyz/v1", &["TOGETHER_API_KEY"]),
    chat("fireworks", "Fireworks AI", "https://api.fireworks.ai/inference/v1", &["FIREWORKS_API_KEY"]),
    chat("cohere", "Cohere", "https://api.cohere.ai/compatibility/v1", &["COHERE_API_KEY", "CO_API_KEY"]),
    chat("cerebras", "Cerebras", "https://api.cerebras.ai/v1", &["CEREBRAS_API_KEY"]),
    chat("moonshot", "Moonshot AI (Kimi)", "https://api.moonshot.ai/v1", &["MOONSHOT_API_KEY"]),
    chat("zai", "Z.ai (GLM)", "https://api.z.ai/api/paas/v4", &["ZAI_API_KEY"]),
    chat("minimax", "MiniMax", "https://api.minimax.io/v1", &["MINIMAX_API_KEY"]),
    chat("nvidia", "NVIDIA NIM", "https://integrate.api.nvidia.com/v1", &["NVIDIA_API_KEY"]),
    chat("sambanova", "SambaNova", "https://api.sambanova.ai/v1", &["SAMBANOVA_API_KEY"]),
    chat("hyperbolic", "Hyperbolic", "https://api.hyperbolic.xyz/v1", &["HYPERBOLIC_API_KEY"]),
    chat("nebius", "Nebius Token Factory", "https://api.tokenfactory.nebius.com/v1", &["NEBIUS_API_KEY"]),
    chat("novita", "Novita AI", "https://api.novita.ai/openai/v1", &["NOVITA_API_KEY"]),
    chat("deepinfra", "DeepInfra", "https://api.deepinfra.com/v1/openai", &["DEEPINFRA_API_KEY"]),
    chat("siliconflow", "SiliconFlow", "https://api.siliconflow.com/v1", &["SILICONFLOW_API_KEY"]),
    chat("huggingface", "Hugging Face Inference", "https://router.huggingface.co/v1", &["HF_TOKEN"]),
    // Not GITHUB_TOKEN: every CI job has one, and it must not make a run go to a provider by surprise.
    chat("github", "GitHub Models", "https://models.github.ai/inference", &["GITHUB_MODELS_TOKEN"]),
    Provider {
        wire: Wire::Chat(NO_STREAM_OPTIONS),
        ..chat("perplexity", "Perplexity", "https://api.perplexity.ai", &["PERPLEXITY_API_KEY"])
    },
    Provider {
        base_variable: Some("OLLAMA_HOST"),
        base_is_host: true,
        ..chat("ollama", "Ollama", "http://127.0.0.1:11434/v1", &[])
    },
    Provider {
        base_variable: Some("LMSTUDIO_BASE_URL"),
        ..chat("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1", &[])
    },
];

/// The provider with this short name.
pub fn provider(id: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.id.eq_ignore_ascii_case(id))
}

/// The short names most like a misspelt one.
pub(crate) fn nearest_providers(id: &str) -> Vec<String> {
    nearest(id, PROVIDERS.iter().map(|provider| provider.id))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_addresses_are_addresses() {
        let ids: HashSet<_> = PROVIDERS.iter().map(|provider| provider.id).collect();
        assert_eq!(ids.len(), PROVIDERS.len());
        assert!(PROVIDERS.len() >= 25);
        for provider in PROVIDERS {
            assert!(reqwest::Url::parse(provider.base_url).is_ok(), "{}", provider.id);
            assert!(!provider.id.contains('/'), "{}", provider.id);
        }
    }
}
