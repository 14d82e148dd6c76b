//! Carries the indentation of a file over to lines that a model wrote with another one.

/// Which indentation of the file stands for which of the model.
pub(super) struct Indents<'a> {
    /// The model's and the file's, the model's shorter ones first.
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Indents<'a> {
    /// Learns from lines that are the same but for white space.
    pub(super) fn learn(model: &[&'a str], file: &[&'a str]) -> Self {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for (model, file) in model.iter().zip(file) {
            let model_indent = indent_of(model);
            let is_blank = model.trim().is_empty() || file.trim().is_empty();
            if !is_blank && pairs.iter().all(|(known, _)| *known != model_indent) {
                pairs.push((model_indent, indent_of(file)));
            }
        }
        pairs.sort_by_key(|(model, _)| model.len());
        Self { pairs }
    }

    /// The line with the file's indentation.
    pub(super) fn apply(&self, line: &str) -> String {
        let indent = indent_of(line);
        let rest = &line[indent.len()..];
        if rest.is_empty() || self.pairs.is_empty() {
            return line.to_owned();
        }
        let shorter = self.pairs.iter().rfind(|(model, _)| indent.starts_with(model));
        match (shorter, self.pairs.first()) {
            (Some((model, file)), _) => format!("{file}{}{rest}", self.converted(&indent[model.len()..])),
            // It is further out than every line that was seen.
            (None, Some((model, file))) if model.starts_with(indent) => {
                let less = self.converted(&model[indent.len()..]);
                format!("{}{rest}", file.strip_suffix(less.as_str()).unwrap_or_default())
            }
            _ => line.to_owned(),
        }
    }

    /// More of the model's indentation, in the file's kind of blanks.
    fn converted(&self, more: &str) -> String {
        let file_has = |blank: char| self.pairs.iter().any(|(_, file)| file.contains(blank));
        let model_has = |blank: char| self.pairs.iter().any(|(model, _)| model.contains(blank));
        if more.contains(' ') && file_has('\t') && !file_has(' ') {
            "\t".repeat(more.len().div_ceil(self.unit(|(model, file)| (model, file))))
        } else if more.contains('\t') && file_has(' ') && !file_has('\t') && !model_has(' ') {
            " ".repeat(more.len() * self.unit(|(model, file)| (file, model)))
        } else {
            more.to_owned()
        }
    }

    /// How many blanks one tab stands for, as far as the lines show; 4 otherwise.
    fn unit(&self, blanks_and_tabs: impl Fn((&'a str, &'a str)) -> (&'a str, &'a str)) -> usize {
        let deepest = self.pairs.iter().map(|pair| blanks_and_tabs(*pair)).max_by_key(|(_, tabs)| tabs.len());
        deepest
            .filter(|(_, tabs)| !tabs.is_empty())
            .map(|(blanks, tabs)| blanks.len() / tabs.len())
            .filter(|unit| *unit > 0)
            .unwrap_or(4)
    }
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}
