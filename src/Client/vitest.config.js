import { defineConfig } from 'vitest/config'
import Counts from './Tools/counts.mjs'

export default defineConfig({
  resolve: { alias: [{ find: /\.fs\.js$/, replacement: '.js' }] },
  test: {
    include: ['.fable/app/Tests/*Test.js'],
    exclude: ['node_modules/**'],
    maxWorkers: 1,
    reporters: ['default', new Counts()]
  }
})
