// The seven requests documented for the Go system, with types generated from the OpenAPI document.
import createClient from 'openapi-fetch'
import type { paths } from './generated/api.js'

function must<T>(reply: { data?: T; error?: unknown; response: Response }): T {
  if (reply.data === undefined) {
    throw new Error(`${reply.response.url}: ${reply.response.status} ${JSON.stringify(reply.error)}`)
  }
  return reply.data
}

function expect(what: string, holds: boolean): void {
  if (!holds) {
    throw new Error(`Not as expected: ${what}`)
  }
}

export async function sevenRequests(baseUrl: string, apiKey: string): Promise<void> {
  const api = createClient<paths>({ baseUrl, headers: { 'X-API-Key': apiKey } })
  const externalId = `public-client-${Date.now()}`
  const order = { externalId, executorGroup: 'default', workflowType: 'Order', businessKey: 'customer 4' }

  const created = must(await api.POST('/api/workflows', { body: order }))
  expect('a new workflow', !created.existed)

  const waited = must(
    await api.POST('/api/createAndWait', {
      body: { createWorkflowRequest: order, waitForStates: ['Review'], waitSeconds: 60 }
    })
  )
  expect('the awaited state', waited.state === 'Review' && waited.id === created.id)

  const byId = must(await api.GET('/api/workflows/{id}', { params: { path: { id: created.id } } }))
  const byExternalId = must(
    await api.GET('/api/workflowByExternalId/{externalId}', { params: { path: { externalId } } })
  )
  expect('the same workflow by both ids', byId.id === byExternalId.id)

  const found = must(await api.POST('/api/workflows/search', { body: { externalId } }))
  expect('one workflow found', found.workflows.length === 1)

  const set = must(
    await api.POST('/api/workflows/{id}/statevars', {
      params: { path: { id: externalId } },
      body: { key: 'a', value: 5 }
    })
  )
  expect('a variable set', set.ok)

  const moved = must(
    await api.POST('/api/workflows/{id}/state', {
      params: { path: { id: externalId } },
      body: { state: 'Ship' }
    })
  )
  expect('a state changed', moved.ok)
}
