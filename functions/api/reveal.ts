import { revealArea } from '../../shared/backups/versions/reveal-area.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(revealArea, (deps) => ({
  revealConfig: async ({ params, body, caller }) => {
    // Platforms and cryptography: loaded with the first request.
    const { revealConfig } = await import('../../shared/backups/versions/reveal.ts')
    const { engine, archive, keyService } = deps
    const asked = { deviceId: params.id, version: params.version, ...body, bytes: body.bytes }
    const { part, total, stored, checkedBy } = await revealConfig(
      { engine, archive, keyService },
      asked,
      caller,
    )
    const { rangeOf } = await import('../../shared/backups/answer-part.ts')
    return {
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        'content-range': rangeOf(part, body.offset, total),
        'content-disposition': 'attachment',
        'x-config-version': String(stored.sequence),
        'x-checked-by': checkedBy,
      },
      body: part,
    }
  },
}))
