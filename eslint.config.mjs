/**
 * Lint holds what the compiler cannot: the walls between layers (scripts/lint), file
 * length, no default exports, no `any`, no promise left alone, the rules of hooks.
 * Layout is Prettier's. Types come from one program for everything (tsconfig.lint.json).
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { walls } from './scripts/lint/walls.mjs';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;

// The cache knows a plugin by its version: it must change whenever the walls do.
const version = ['layers', 'walls']
  .reduce(
    (hash, name) => hash.update(readFileSync(new URL(`scripts/lint/${name}.mjs`, import.meta.url))),
    createHash('sha256'),
  )
  .digest('hex');
const binnacle = { meta: { name: 'binnacle', version }, rules: { walls } };

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a name says the same everywhere.',
};
const noBarrel = {
  selector: 'ExportAllDeclaration[exported=null]',
  message: 'No barrels: import from the file that defines it.',
};

export default tseslint.config(
  {
    ignores: [
      'out/',
      'dist/',
      'coverage/',
      'node_modules/',
      'test-results/',
      'playwright-report/',
      '**/*.d.mts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mts,mjs}'],
    plugins: { binnacle },
    rules: {
      'binnacle/walls': 'error',
      'max-lines': ['error', { max: 400 }],
      'no-restricted-syntax': ['error', noDefaultExport, noBarrel],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
    },
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'react',
              importNames: ['lazy', 'Suspense'],
              message: 'React shows what suspended 300 ms late: take `lazy` of ui/lazy.',
            },
          ],
        },
      ],
    },
  },
  {
    // Terminal escapes and control characters are what hostile-input code looks for.
    files: ['src/**/*.{ts,tsx}', 'test/**/*.ts'],
    rules: { 'no-control-regex': 'off' },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/log.ts', 'src/**/logger.ts', 'src/demo/main.ts', '**/*.test.{ts,tsx}'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['*.config.{ts,mjs}', '**/*.config.{ts,mjs}'],
    rules: { 'no-restricted-syntax': ['error', noBarrel] },
  },
);
