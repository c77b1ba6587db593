import { defineConfig } from '@hey-api/openapi-ts'

// The client is committed; src/api/generated.test.ts is red when it is not that of ../openapi.json.
export default defineConfig({
  input: '../openapi.json',
  output: { path: 'src/api/generated', clean: true },
  logs: { file: false },
  plugins: [
    '@hey-api/typescript',
    { name: '@hey-api/client-fetch', throwOnError: true, runtimeConfigPath: '../client-config' },
    { name: '@hey-api/sdk' },
    { name: '@tanstack/react-query', mutationOptions: false, infiniteQueryOptions: false },
  ],
})
