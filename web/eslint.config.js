import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const banned = (name, message) => ({ name, message });

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts', 'e2e/screenshots'] },
  js.configs.recommended,
  tseslint.configs.strict,
  a11y.flatConfigs.recommended,
  hooks.configs.flat['recommended-latest'],
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Components of our library are written in one place; the words of the screen in src/i18n.
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-globals': [
        'error',
        banned('fetch', 'Use src/api/client.ts: it carries the session and knows our errors.'),
        banned('localStorage', 'Use src/app/preferences.ts.'),
        banned('sessionStorage', 'Use src/app/preferences.ts.'),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Nothing that came from outside becomes markup.',
        },
        {
          selector: "MemberExpression[object.name='crypto'][property.name='randomUUID']",
          message: 'Pages that came over plain http from another machine have none.',
        },
        {
          selector: "JSXAttribute[name.name='autoSize']",
          message: "It writes a style attribute, which our policy refuses; use className=\"grows\".",
        },
      ],
    },
  },
  { files: ['scripts/**', 'eslint.config.js'], languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } } },
  { files: ['e2e/**'], rules: { 'no-restricted-globals': 'off', 'no-console': 'off', 'react-hooks/rules-of-hooks': 'off' } },
);
