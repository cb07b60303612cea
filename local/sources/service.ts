import type { Host, LocalService } from '../service.ts'
import { readMappings } from './mapping.ts'
import { createQueueSource } from './queue-source.ts'
import type { Source, SourceOptions } from './source.ts'
import { createStreamSource } from './stream-source.ts'

/**
 * Event source mappings: streams of tables and queues that call functions.
 * @throws Error at once, naming every mapping that cannot be hosted.
 */
export function createSources(host: Host, options: Partial<SourceOptions> = {}): LocalService {
  const whole = { secondMs: 1000, ...options }
  const sources: Source[] = readMappings(host).map((mapping) =>
    mapping.kind === 'stream'
      ? createStreamSource(host, mapping, whole)
      : createQueueSource(host, mapping, whole),
  )
  return {
    name: 'sources',
    actions: {},
    async start() {
      for (const source of sources) await source.start()
    },
    async stop() {
      await Promise.all(sources.map((source) => source.stop()))
    },
  }
}
