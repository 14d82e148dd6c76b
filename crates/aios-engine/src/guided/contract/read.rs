//! Reads a contract, whoever wrote it: the harness, a small model in its short form, a large one, a person.

use super::example::METHODS;
use super::{Contract, FileSpec, Item, is_test_path};

/// Lines that describe one thing are kept up to this many bytes.
const MAX_TEXT: usize = 400;

/// Endings by which a word is taken for the path of a file.
const ENDINGS: [&str; 34] = [
    "py", "mjs", "cjs", "js", "jsx", "ts", "tsx", "html", "htm", "css", "scss", "vue", "svelte", "rs", "go",
    "java", "kt", "rb", "php", "c", "h", "cpp", "cs", "sh", "sql", "json", "toml", "yaml", "yml", "md",
    "txt", "ini", "cfg", "csv",
];

/// Agents that may own files.
const OWNERS: [&str; 4] = ["backend", "frontend", "qa", "devops"];

/// Reads as much as it understands; what it does not is passed over.
pub(in super::super) fn read(text: &str) -> Contract {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.line(line);
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    contract: Contract,
    /// The file that lines now speak of.
    file: Option<usize>,
    /// Whether lines now speak of a member of the last item.
    in_member: bool,
}

impl Reader {
    fn line(&mut self, raw: &str) {
        let indented = raw.starts_with("  ") || raw.starts_with('\t');
        let line = Line::of(raw);
        if line.text.is_empty() || line.text.starts_with("```") {
            return;
        }
        if let Some((key, value)) = line.key()
            && self.keyed(&key, value)
        {
            return;
        }
        if let Some((path, rest)) = line.path() {
            self.open(path, rest);
        } else if let Some((signature, rest)) = line.signature() {
            self.item(signature, rest, indented);
        } else if line.level == 0 {
            self.describe(&line.text.replace('`', ""));
        } else if line.level <= 2 {
            // A chapter about something else.
            self.file = None;
        }
    }

    /// Takes `key: value`; false when the key is not one of ours.
    fn keyed(&mut self, key: &str, value: &str) -> bool {
        match key {
            "objective" => value.clone_into(&mut self.contract.objective),
            "file" => match path_in(value) {
                Some((path, rest)) => self.open(path, rest),
                None => return false,
            },
            "owner" | "agent" => {
                if let (Some(file), Some(owner)) = (self.current(), owner_in(value)) {
                    owner.clone_into(&mut file.owner);
                }
            }
            "tests" | "covers" => {
                let paths =
                    value.split([',', ' ']).filter_map(path_in).map(|(path, _)| path.to_owned()).collect();
                if let Some(file) = self.current() {
                    file.tests = paths;
                }
            }
            "does" | "behaviour" | "behavior" | "purpose" | "description" => self.describe(value),
            "returns" => self.describe(&format!("returns {value}")),
            "raises" | "throws" | "errors" | "error" => self.describe(&format!("raises {value}")),
            "example" | "examples" | "e.g" => self.example(value, false),
            "withdrawn" => self.example(value, true),
            _ => return false,
        }
        true
    }

    fn open(&mut self, path: &str, rest: &str) {
        self.in_member = false;
        let known = self.contract.files.iter().position(|file| file.path == path);
        let at = known.unwrap_or(self.contract.files.len());
        if known.is_none() {
            self.contract.files.push(FileSpec { path: path.to_owned(), ..FileSpec::default() });
        }
        self.file = Some(at);
        if let Some(owner) = owner_in(rest)
            && let Some(file) = self.current()
        {
            owner.clone_into(&mut file.owner);
        }
        let words = without_owner(rest);
        if words.len() > 8 {
            self.describe(words);
        }
    }

    fn item(&mut self, signature: String, rest: &str, indented: bool) {
        let Some(file) = self.current() else { return };
        let new = Item { signature, does: clip(rest), ..Item::default() };
        let is_member = new.signature.contains("(self") || indented;
        match file.items.last_mut().filter(|last| is_member && last.signature.contains("class ")) {
            Some(class) => class.members.push(new),
            None => file.items.push(new),
        }
        self.in_member = is_member;
    }

    fn describe(&mut self, text: &str) {
        let in_member = self.in_member;
        let Some(file) = self.current() else { return };
        let place = match file.items.last_mut() {
            None => &mut file.purpose,
            Some(item) => match item.members.last_mut().filter(|_| in_member) {
                Some(member) => &mut member.does,
                None => &mut item.does,
            },
        };
        let text = text.trim();
        if place.is_empty() {
            *place = clip(text);
        } else if place.len() + text.len() < MAX_TEXT {
            place.push_str("; ");
            place.push_str(text);
        }
    }

    fn example(&mut self, text: &str, withdrawn: bool) {
        let in_member = self.in_member;
        let Some(item) = self.current().and_then(|file| file.items.last_mut()) else { return };
        let item = match item.members.last_mut().filter(|_| in_member) {
            Some(member) => member,
            None => item,
        };
        let list = if withdrawn { &mut item.withdrawn } else { &mut item.examples };
        let text = if withdrawn { text.trim().to_owned() } else { unquoted(text).to_owned() };
        if !text.is_empty() && !list.contains(&text) {
            list.push(text);
        }
    }

    fn current(&mut self) -> Option<&mut FileSpec> {
        self.contract.files.get_mut(self.file?)
    }

    fn finish(mut self) -> Contract {
        let products: Vec<String> =
            self.contract.files.iter().filter(|file| !file.is_test()).map(|file| file.path.clone()).collect();
        for file in &mut self.contract.files {
            if file.owner.is_empty() {
                default_owner(file).clone_into(&mut file.owner);
            }
            if file.is_test() && file.tests.is_empty() {
                let about = |path: &&String| file.path.contains(stem(path));
                let named: Vec<String> = products.iter().filter(about).cloned().collect();
                file.tests = if named.is_empty() { products.clone() } else { named };
            }
        }
        self.contract
    }
}

/// A line without its list and heading marks.
struct Line<'a> {
    text: &'a str,
    /// 1 to 6 for headings, 0 otherwise.
    level: usize,
    is_bullet: bool,
}

impl<'a> Line<'a> {
    fn of(raw: &'a str) -> Self {
        let text = raw.trim();
        let level = text.bytes().take_while(|byte| *byte == b'#').count();
        let body = text.trim_start_matches('#').trim_start();
        let bare = body.strip_prefix(['-', '*', '+']).filter(|rest| rest.starts_with(' '));
        let numbered =
            body.split_once(". ").filter(|(number, _)| number.parse::<u32>().is_ok()).map(|(_, rest)| rest);
        let item = bare.or(numbered);
        let text = item.unwrap_or(body).trim().trim_start_matches("**");
        Self { text, level, is_bullet: item.is_some() }
    }

    /// `Key: value`, the key in lower case and without emphasis.
    fn key(&self) -> Option<(String, &'a str)> {
        let (key, value) = self.text.split_once(':')?;
        let key = key.trim().trim_matches('*').to_lowercase();
        let fits = key.len() <= 12 && key.chars().all(|c| c.is_alphabetic() || c == '.');
        fits.then(|| (key, value.trim().trim_start_matches("**").trim()))
    }

    /// The path that the line is about, and what follows.
    fn path(&self) -> Option<(&'a str, &'a str)> {
        let (path, rest) = path_in(self.text)?;
        let ends = rest.is_empty() || rest.starts_with(['(', ':', '-', '—', '–', '*']);
        (ends && (self.level > 0 || self.is_bullet || rest.is_empty())).then_some((path, rest))
    }

    /// The signature that the line gives, and what follows.
    fn signature(&self) -> Option<(String, &'a str)> {
        let (code, rest) = match self.text.strip_prefix('`') {
            Some(quoted) => quoted.split_once('`')?,
            None => (self.text, ""),
        };
        let quoted = self.text.starts_with('`');
        let code = code.trim().trim_end_matches([':', '{', ';', ' ']);
        let word = code.split(' ').next().unwrap_or_default();
        let starts = match word {
            "def" | "class" | "async" | "export" | "function" => code.len() > word.len() + 1,
            method if METHODS.contains(&method) => code.contains(" /"),
            // A large model leaves `def` out in its lists.
            _ => quoted && code.ends_with(')') | code.contains(") -> ") && is_call(code),
        };
        let prose = !quoted && word == "class" && code.split(' ').count() > 3;
        if !starts || prose {
            return None;
        }
        let rest = rest.trim_start_matches([' ', ':', '-', '—', '–']).trim();
        Some((code.to_owned(), rest))
    }
}

fn is_call(code: &str) -> bool {
    code.split_once('(')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

fn path_in(text: &str) -> Option<(&str, &str)> {
    let text = text.trim().trim_start_matches(['`', '*']);
    let end = text.find([' ', '`', '*', ':', '(', ',']).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    looks_like_path(word)
        .then(|| (word.trim_start_matches("./"), rest.trim_start_matches(['`', '*', ' ', ','])))
}

/// Whether a word is the path of a file of a project.
pub(in super::super) fn looks_like_path(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let known = matches!(name, "Dockerfile" | "Makefile" | "Cargo.toml");
    let ending =
        name.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && ENDINGS.contains(&ending));
    let clean = word.chars().all(|c| c.is_alphanumeric() || "._-/[]".contains(c));
    (known || ending) && clean && !word.starts_with('/') && !word.contains("..")
}

fn owner_in(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    OWNERS.into_iter().find(|owner| lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == *owner))
}

fn without_owner(rest: &str) -> &str {
    let rest = match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((inside, after)) if owner_in(inside).is_some() => after,
        _ => rest,
    };
    rest.trim_start_matches([' ', ':', '-', '—', '–', '*']).trim()
}

fn default_owner(file: &FileSpec) -> &'static str {
    let ending = file.path.rsplit('.').next().unwrap_or_default();
    match ending {
        _ if is_test_path(&file.path) || !file.tests.is_empty() => "qa",
        "html" | "htm" | "css" | "scss" | "jsx" | "tsx" | "vue" | "svelte" => "frontend",
        "Dockerfile" | "yaml" | "yml" => "devops",
        _ => "backend",
    }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text)
}

fn clip(text: &str) -> String {
    let text = text.trim();
    text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or(text).to_owned()
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
