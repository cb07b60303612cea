import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb'
import type { Range } from './table.ts'

/** A range as DynamoDB is asked for it: page by page, with strong consistency where that is possible. */
export function queryInput(
  table: string,
  range: Range,
  page: { left: number; start: Record<string, unknown> | undefined },
): QueryCommandInput {
  const [pk, sk] = range.index === 'gsi1' ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk']
  const sort = sortCondition(range)
  const attributes = (range.attributes ?? []).map((name, index) => [`#attribute${index}`, name] as const)
  return {
    TableName: table,
    ...(range.index === undefined ? { ConsistentRead: true } : { IndexName: range.index }),
    KeyConditionExpression: `#pk = :pk${sort.expression}`,
    ExpressionAttributeNames: {
      '#pk': pk,
      ...(sort.expression === '' ? {} : { '#sk': sk }),
      ...Object.fromEntries(attributes),
    },
    ...(attributes.length === 0
      ? {}
      : { ProjectionExpression: attributes.map(([placeholder]) => placeholder).join() }),
    ExpressionAttributeValues: { ':pk': range.partition, ...sort.values },
    ScanIndexForward: range.newestFirst !== true,
    ReturnConsumedCapacity: 'TOTAL',
    ...(page.left === Infinity ? {} : { Limit: page.left }),
    ...(page.start === undefined ? {} : { ExclusiveStartKey: page.start }),
  }
}

function sortCondition({ from, to, prefix }: Range): { expression: string; values: Record<string, string> } {
  if (prefix !== undefined)
    return { expression: ' AND begins_with(#sk, :prefix)', values: { ':prefix': prefix } }
  if (from !== undefined && to !== undefined) {
    return { expression: ' AND #sk BETWEEN :from AND :to', values: { ':from': from, ':to': to } }
  }
  if (from !== undefined) return { expression: ' AND #sk >= :from', values: { ':from': from } }
  if (to !== undefined) return { expression: ' AND #sk <= :to', values: { ':to': to } }
  return { expression: '', values: {} }
}
