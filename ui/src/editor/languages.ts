/** Which language a file has, and its grammar, fetched when it is first needed. */
import { LanguageDescription, type LanguageSupport } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { baseName } from "$/lib/paths";

/** Files whose names the grammars do not know. */
const ALIKE: [RegExp, string][] = [
  [/\.(svelte|astro|hbs)$/i, "HTML"],
  [/\.mdx$/i, "Markdown"],
  [/\.(jsonc|json5|code-workspace)$/i, "JSON"],
  [/^(\.?bashrc|\.?zshrc|\.profile|\.env.*|APKBUILD|PKGBUILD)$/, "Shell"],
  [/^(Cargo|poetry|uv)\.lock$/, "TOML"],
  [/^\.(gitconfig|editorconfig|npmrc)$/, "Properties files"],
  [/^(Gemfile|Rakefile)$/, "Ruby"],
];

export function languageOf(path: string): LanguageDescription | null {
  const name = baseName(path);
  const found = LanguageDescription.matchFilename(languages, name);
  if (found) return found;
  const alike = ALIKE.find(([pattern]) => pattern.test(name))?.[1];
  return alike ? (languages.find((language) => language.name === alike) ?? null) : null;
}

export function languageNamed(name: string): LanguageDescription | null {
  return LanguageDescription.matchLanguageName(languages, name, true);
}

export const languageNames = (): string[] => languages.map((language) => language.name).sort();

export async function grammar(language: LanguageDescription): Promise<LanguageSupport> {
  return language.support ?? (await language.load());
}
