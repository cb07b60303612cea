import { expect, test } from 'vitest'
import { readMachine } from '../../local/states/definition.ts'
import { lambdaTask } from '../support/state-machines.ts'

const distributed = (map: Record<string, unknown>): Record<string, unknown> => ({
  StartAt: 'A',
  States: {
    A: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'B',
        States: { B: { Type: 'Succeed' } },
      },
      End: true,
      ...map,
    },
  },
})

test.each([
  ['JSONata', { QueryLanguage: 'JSONata', StartAt: 'A', States: { A: { Type: 'Succeed' } } }, 'JSONata'],
  [
    'task tokens',
    { StartAt: 'A', States: { A: lambdaTask('f', { Parameters: { 't.$': '$$.Task.Token' }, End: true }) } },
    'token',
  ],
  [
    'another integration',
    { StartAt: 'A', States: { A: { Type: 'Task', Resource: 'arn:aws:states:::sns:publish', End: true } } },
    'sns:publish',
  ],
  ['an unknown next state', { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } }, 'B'],
  [
    'a list format that is not read',
    distributed({
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'PARQUET' } },
    }),
    'PARQUET',
  ],
  [
    'a setting of the reader that is not known',
    distributed({
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { ItemsPointer: '/a' } },
    }),
    'ItemsPointer',
  ],
  [
    'a form of results that is not written',
    distributed({
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', WriterConfig: { OutputType: 'JSONL' } },
    }),
    'WriterConfig',
  ],
  [
    'a heartbeat',
    { StartAt: 'A', States: { A: lambdaTask('f', { HeartbeatSeconds: 5, End: true }) } },
    'Heartbeat',
  ],
])('a definition with %s is refused at start, by name', (_what, definition, word) => {
  expect(() => readMachine('work', definition)).toThrow(word)
  expect(() => readMachine('work', definition)).toThrow('state machine work')
})
