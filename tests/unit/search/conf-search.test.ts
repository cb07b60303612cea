import { expect, test } from 'vitest'
import type { Engine } from '../../../shared/model/engine.ts'
import { readExpression, searchNodes } from '../../../shared/oxidized/conf-search.ts'

/** Nothing is read of the inventory before the search has ended. */
const noEngine = {} as Engine

test.each(['time', 'page'] as const)(
  'answers no part of the nodes as if it were all, stopped by the %s',
  async (stopped) => {
    const part = { searched: 7, stopped, after: 'c.1.1', results: [] }

    await expect(searchNodes(noEngine, async () => part, 'hostname')).rejects.toMatchObject({
      code: 'unavailable',
    })
  },
)

test('reads the field of a form and no other, with its signs', async () => {
  const body = new TextEncoder().encode('type=x&search_in_conf_textbox=%5Evlan+1%2B%24&utf8=%E2%9C%93')

  expect(await readExpression(body, 'application/x-www-form-urlencoded; charset=UTF-8')).toBe('^vlan 1+$')
})

test('refuses a file where the expression should be', async () => {
  const form = new FormData()
  form.set('search_in_conf_textbox', new Blob(['vlan']), 'a.txt')
  const sent = new Response(form)

  await expect(
    readExpression(await sent.bytes(), sent.headers.get('content-type') ?? ''),
  ).rejects.toMatchObject({
    code: 'validation_failed',
    issues: [{ path: 'search_in_conf_textbox' }],
  })
})
