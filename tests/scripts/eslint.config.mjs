import js from "@eslint/js";
import globals from "globals";

export default [
  {ignores: ["**/vendor/**", "**/node_modules/**"]},
  js.configs.recommended,
  {
    languageOptions: {ecmaVersion: 2024, sourceType: "script", globals: globals.browser},
    rules: {
      "no-unused-vars": ["error", {args: "none", caughtErrors: "none"}],
      "no-empty": ["error", {allowEmptyCatch: true}],
    },
  },
  {files: ["**/*.mjs"], languageOptions: {sourceType: "module", globals: globals.nodeBuiltin}},
];
