import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from '../support/api.ts'

type Described = {
  actions: { POST: Record<string, { choices?: { value: unknown; display_name: string }[] }> }
}

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const fields = async (path: string): Promise<Described['actions']['POST']> =>
  (await api.call<Described>('OPTIONS', `/api/${path}/`)).body.actions.POST

test('choices are told with the values that a list shows, numbers as numbers', async () => {
  const rack = await fields('dcim/racks')
  const device = await fields('dcim/devices')

  expect(rack['width']?.choices).toContainEqual({ value: 19, display_name: '19 inches' })
  expect(device['status']?.choices).toContainEqual({ value: 'on_loan', display_name: 'On loan' })
  expect(device['site']).toMatchObject({ type: 'nested object', required: true, read_only: false })
  expect(device['site']?.choices).toBeUndefined()
})
