import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const portals = ['operator', 'admin', 'finance', 'analyst']

/** Portals are built and read apart: what two of them need belongs into `src/shared`. */
const zones = portals.map((portal) => ({
  files: [`src/portals/${portal}/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: portals.filter((other) => other !== portal).map((other) => `**/portals/${other}/**`),
            message: 'Portals do not import from each other; share it in src/shared.',
          },
          {
            regex: '^(\\.\\./)+(operator|admin|finance|analyst)/',
            message: 'Portals do not import from each other; share it in src/shared.',
          },
          { group: ['echarts', 'echarts/*'], message: 'Use src/shared/chart: it loads echarts when needed.' },
        ],
      },
    ],
  },
}))

export default tseslint.config(
  { ignores: ['dist', 'src/api/generated', 'playwright*', 'test-results'] },
  js.configs.recommended,
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  hooks.configs.flat.recommended,
  {
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-globals': [
        'error',
        { name: 'parseFloat', message: 'Money is never a float; see shared/money.ts.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/shared/**'],
    ignores: ['src/shared/i18n/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/portals/**'], message: 'src/shared knows no portal.' }] },
      ],
    },
  },
  {
    files: ['scripts/**'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
    rules: { 'no-console': 'off' },
  },
  ...zones,
)
