import react from '@vitejs/plugin-react'
import { loadEnv } from 'vite'
import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => {
  // During development the server of `cargo run` answers the calls. KITH_ADDRESS says where it listens.
  const server = loadEnv(mode, '.', 'KITH_').KITH_ADDRESS ?? 'http://127.0.0.1:7447'
  return {
    plugins: [react()],
    build: { target: 'es2022', chunkSizeWarningLimit: 700 },
    server: { proxy: { '/api': server, '/k.js': server } },
    test: {
      environment: 'jsdom',
      include: ['src/**/*.test.{ts,tsx}'],
      setupFiles: ['src/lib/test/setup.ts'],
      restoreMocks: true,
      // A machine that compiles something else beside this is slow, not wrong.
      testTimeout: 60_000,
    },
  }
})
