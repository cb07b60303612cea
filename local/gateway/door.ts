import type { Need, ServiceContext } from '../service.ts'
import type { JsonAnswer } from '../dynamodb/dynamodb-client.ts'

export type Input = Record<string, unknown>

/** One call of a JSON-protocol service: its body as it came and as it was parsed. */
export type JsonCall = { target: string; action: string; input: Input; body: string; context: ServiceContext }

/** A service behind the gateway, hosted here or forwarded to a store. */
export type JsonDoor = {
  /** What the caller must be allowed. @throws ServiceError UnknownOperationException */
  needs(action: string, input: Input): Need[]
  run(call: JsonCall): Promise<JsonAnswer>
}
