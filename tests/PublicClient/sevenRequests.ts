// The seven requests of the Go system's documents, with the types that a public generator made of the description.
import createClient from 'openapi-fetch'
import type { paths } from './generated/api.js'

function must<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`)
  }
  return answer.data
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
  expect('the state that was waited for', waited.state === 'Review' && waited.id === created.id)

  const byId = must(await api.GET('/api/workflows/{id}', { params: { path: { id: created.id } } }))
  const byExternalId = must(
    await api.GET('/api/workflowByExternalId/{externalId}', { params: { path: { externalId } } })
  )
  expect('the same workflow by either id', byId.id === byExternalId.id)

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
