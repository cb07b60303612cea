import { expect, test } from 'vitest'
import { compilePattern } from '../../local/events/pattern.ts'
import { inputFor } from '../../local/events/target-input.ts'

const event = {
  source: 'app.orders',
  'detail-type': 'Order Placed',
  resources: ['arn:a', 'arn:b'],
  detail: {
    state: 'Running',
    count: 5,
    ok: true,
    none: null,
    path: 'configs/site/a.cfg',
    address: '10.1.2.3',
    lines: [
      { sku: 'x', n: 1 },
      { sku: 'y', n: 2 },
    ],
    nested: { deep: { value: 'v' } },
  },
}

test.each<[string, Record<string, unknown>, boolean]>([
  ['an exact value', { source: ['app.orders'] }, true],
  ['any of several', { source: ['other', 'app.orders'] }, true],
  ['another value', { source: ['other'] }, false],
  ['all members', { source: ['app.orders'], 'detail-type': ['Other'] }, false],
  ['a nested value', { detail: { nested: { deep: { value: ['v'] } } } }, true],
  ['a number', { detail: { count: [5] } }, true],
  ['a number is not a text', { detail: { count: ['5'] } }, false],
  ['a boolean', { detail: { ok: [true] } }, true],
  ['null', { detail: { none: [null] } }, true],
  ['one of a list', { resources: ['arn:b'] }, true],
  ['a list of objects', { detail: { lines: { sku: ['y'] } } }, true],
  ['one object of a list as a whole', { detail: { lines: { sku: ['x'], n: [2] } } }, false],
  ['prefix', { detail: { path: [{ prefix: 'configs/' }] } }, true],
  ['prefix in any case', { detail: { path: [{ prefix: { 'equals-ignore-case': 'CONFIGS/' } }] } }, true],
  ['suffix', { detail: { path: [{ suffix: '.cfg' }] } }, true],
  ['suffix of another', { detail: { path: [{ suffix: '.txt' }] } }, false],
  ['equals-ignore-case', { detail: { state: [{ 'equals-ignore-case': 'RUNNING' }] } }, true],
  ['anything-but a value', { detail: { state: [{ 'anything-but': 'Stopped' }] } }, true],
  ['anything-but this value', { detail: { state: [{ 'anything-but': ['Stopped', 'Running'] }] } }, false],
  ['anything-but a number', { detail: { count: [{ 'anything-but': [1, 2] }] } }, true],
  ['anything-but a prefix', { detail: { path: [{ 'anything-but': { prefix: 'configs/' } }] } }, false],
  ['anything-but a suffix', { detail: { path: [{ 'anything-but': { suffix: ['.txt', '.csv'] } }] } }, true],
  ['anything-but a wildcard', { detail: { path: [{ 'anything-but': { wildcard: '*/site/*' } }] } }, false],
  ['anything-but a missing member', { detail: { gone: [{ 'anything-but': 'x' }] } }, false],
  ['numeric', { detail: { count: [{ numeric: ['>', 4] }] } }, true],
  ['a numeric range', { detail: { count: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
  ['outside a numeric range', { detail: { count: [{ numeric: ['>', 5, '<', 9] }] } }, false],
  ['exists', { detail: { state: [{ exists: true }] } }, true],
  ['exists not', { detail: { gone: [{ exists: false }] } }, true],
  ['exists not, but does', { detail: { state: [{ exists: false }] } }, false],
  ['exists is about leaves', { detail: { nested: [{ exists: true }] } }, false],
  ['wildcard', { detail: { path: [{ wildcard: 'configs/*/*.cfg' }] } }, true],
  ['wildcard that overlaps', { detail: { state: [{ wildcard: 'Runn*nning' }] } }, false],
  ['wildcard with a star itself', { detail: { path: [{ wildcard: 'configs\\*' }] } }, false],
  ['cidr', { detail: { address: [{ cidr: '10.1.0.0/16' }] } }, true],
  ['cidr of another network', { detail: { address: [{ cidr: '10.2.0.0/16' }] } }, false],
  ['$or', { $or: [{ source: ['no'] }, { detail: { count: [5] } }] }, true],
  ['$or with neither', { detail: { $or: [{ count: [6] }, { ok: [false] }] } }, false],
  [
    '$or and the rest',
    { source: ['no'], $or: [{ source: ['app.orders'] }, { detail: { count: [5] } }] },
    false,
  ],
])('%s', (_what, pattern, matches) => {
  expect(compilePattern(pattern)(event)).toBe(matches)
})

test.each<[Record<string, unknown>, string]>([
  [{ source: 'app' }, 'source'],
  [{ source: [] }, 'source'],
  [{ source: [{ regex: 'a' }] }, 'regex'],
  [{ detail: { n: [{ numeric: ['~', 1] }] } }, 'numeric'],
  [{ $or: [{ a: ['b'] }] }, '$or'],
  [{}, 'empty'],
])('the pattern %j is refused, naming what is wrong', (pattern, word) => {
  expect(() => compilePattern(pattern)).toThrow(word)
})

const rule = { ruleArn: 'arn:rule', ruleName: 'rule' }

test.each([
  ['the event itself', {}, JSON.stringify(event)],
  ['a part of it', { InputPath: '$.detail.nested' }, '{"deep":{"value":"v"}}'],
  ['a member of a list', { InputPath: '$.detail.lines[1].sku' }, '"y"'],
  ['a constant', { Input: '{"a":1}' }, '{"a":1}'],
  [
    'a JSON template',
    {
      InputTransformer: {
        InputPathsMap: { state: '$.detail.state', lines: '$.detail.lines', gone: '$.gone' },
        InputTemplate:
          '{"s": <state>, "text": "is <state>", "l": <lines>, "in": "<lines>", "g": <gone>, "rule": <aws.events.rule-name>}',
      },
    },
    '{"s": "Running", "text": "is Running", "l": [{"sku":"x","n":1},{"sku":"y","n":2}], "in": "[{\\"sku\\":\\"x\\",\\"n\\":1},{\\"sku\\":\\"y\\",\\"n\\":2}]", "g": "", "rule": "rule"}',
  ],
])('a target can get %s', (_what, target, text) => {
  expect(inputFor(target as Parameters<typeof inputFor>[0], event, rule)).toBe(text)
  expect(() => JSON.parse(text) as unknown).not.toThrow()
})
