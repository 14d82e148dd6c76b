import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";

export default [
  { ignores: ["dist", "node_modules", "src/protocol"] },
  ...svelte.configs.recommended,
  {
    files: ["src/**/*.svelte", "src/**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"] } },
    rules: {
      "svelte/no-at-html-tags": "error",
      "svelte/require-each-key": "error",
      "svelte/button-has-type": "error",
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  { files: ["**/*.ts", "**/*.js"], languageOptions: { parser: ts.parser } },
];
