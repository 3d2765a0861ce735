// Compiles, serves with vite, and compiles again when an F# file changes.
import { watch } from 'node:fs'
import { createServer } from 'vite'
import { compile } from './fable.mjs'

const build = () => compile('Tests.fsproj', '.fable/app')

await build()
const server = await createServer()
await server.listen()
server.printUrls()

let waiting
watch('.', { recursive: true }, (_, file) => {
  if (file === null || !/^(?!node_modules|dist).*\.(fs|fsproj)$/.test(file)) return
  clearTimeout(waiting)
  waiting = setTimeout(build, 200)
})
