import * as z from 'zod'
import { AppError } from '../../errors.ts'
import { openTunnels, type Hop } from '../../collect/jump.ts'
import { reachWithin } from '../../collect/allowed-networks.ts'
import { reach, type Reach } from '../../collect/reach.ts'
import type { CollectRequest } from '../../collect/request.ts'
import { keys } from '../../table/keys.ts'
import type { Table } from '../../table/table.ts'
import type { BatchGates } from '../credentials/batch-gates.ts'
import type { Opener } from '../keyring.ts'
import { openCredentials } from '../credentials/open-credentials.ts'
import type { Cap } from './session-places.ts'
import type { WorkItem } from '../runs/work.ts'

/** What the rules of access mean for a batch: the ways through jump hosts, opened once and shared. */

const JumpHostItem = z.object({
  id: z.int(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  credential: z.int(),
  sessions: z.int(),
  sessions_max: z.int().nullish(),
  legacy_algorithms: z.boolean(),
})
type JumpHostItem = z.infer<typeof JumpHostItem>

const PinnedKeys = z.object({ hostKeys: z.array(z.object({ type: z.string(), sha256: z.string() })) })

export type BatchAccess = {
  /** Undefined where the device is reached directly. */
  reachOf(item: Pick<WorkItem, 'access'>): Reach | undefined
  /** What a session with the device needs a place of: by its rule, and of each jump host on the way. */
  capsOf(item: Pick<WorkItem, 'access'>): Cap[]
  /** Closes the connections; a jump host that showed its key for the first time has it pinned. */
  close(): Promise<void>
}

export async function openAccess(
  table: Table,
  keyring: Opener,
  items: readonly Pick<WorkItem, 'access'>[],
  gates: BatchGates,
): Promise<BatchAccess> {
  const ids = [...new Set(items.flatMap(({ access }) => access?.jumpHosts ?? []))]
  if (ids.length === 0)
    return {
      reachOf: ({ access }) => access?.networks && direct(access.networks),
      capsOf: ({ access }) => [access?.cap ?? []].flat(),
      close: async () => {},
    }
  const { hops, realms, caps } = await readHops(table, keyring, ids, gates.now())
  const tunnels = openTunnels(({ id }) =>
    gates.gateFor({ name: `jump-host-${id}`, realm: undefined }, (credentialId) => realms.get(credentialId)),
  )
  return {
    reachOf({ access }) {
      const wanted = access?.jumpHosts ?? []
      const networks = access?.networks
      if (wanted.length === 0) return networks && direct(networks)
      const path = wanted.map((id) => hops.get(id))
      const known = path.filter((hop) => hop !== undefined)
      if (known.length < path.length) return missingHop
      const through = tunnels.through(known)
      return networks === undefined ? through : reachWithin(networks, through, 'refused')
    },
    capsOf: ({ access }) =>
      [access?.cap ?? [], (access?.jumpHosts ?? []).flatMap((id) => caps.get(id) ?? [])].flat(),
    async close() {
      await tunnels.close()
      for (const [id, hostKey] of tunnels.hostKeys) {
        const isFirst = hops.get(id)?.pinnedHostKeys.length === 0
        if (isFirst) await pin(table, id, hostKey)
      }
    },
  }
}

const direct = (networks: readonly string[]): Reach => reachWithin(networks, reach, 'looked up')

const missingHop: Reach = async () => ({
  ok: false,
  category: 'jump_host',
  detail: 'a jump host on the way, or its credential, was deleted',
})

async function readHops(
  table: Table,
  keyring: Opener,
  ids: readonly number[],
  now: Date,
): Promise<{ hops: Map<number, Hop>; realms: Map<number, number | undefined>; caps: Map<number, Cap> }> {
  const found = await table.getMany(
    JumpHostItem,
    ids.map((id) => keys.entity('backups.jumphost', id)),
  )
  const pinned = await table.getMany(
    PinnedKeys,
    ids.map((id) => keys.jumpHostKeys(id)),
  )
  const credentials = await openCredentials(
    table,
    keyring,
    found.flatMap((one) => one?.credential ?? []),
    now,
  )
  const hops = found.flatMap((one: JumpHostItem | undefined, index): Hop[] => {
    const credential = credentials.get(one?.credential ?? 0)?.login
    if (one === undefined || credential === undefined) return []
    const { id, name, host, port, sessions, legacy_algorithms: legacy } = one
    return [
      { id, name, host, port, sessions, legacy, credential, pinnedHostKeys: pinned[index]?.hostKeys ?? [] },
    ]
  })
  return {
    hops: new Map(hops.map((hop) => [hop.id, hop])),
    realms: new Map([...credentials].map(([id, { realm }]) => [id, realm])),
    caps: new Map(
      found.flatMap((one) => (one?.sessions_max == null ? [] : [[one.id, capOfHop(one, one.sessions_max)]])),
    ),
  }
}

const capOfHop = ({ id, name }: JumpHostItem, max: number): Cap => ({
  scope: `jump-host-${id}`,
  max,
  of: `jump host ${name}`,
})

/** Two batches may see a new jump host at once: the first one pins it. */
async function pin(table: Table, id: number, hostKey: { type: string; sha256: string }): Promise<void> {
  try {
    await table.write([{ put: { ...keys.jumpHostKeys(id), hostKeys: [hostKey] }, ifAbsent: 'duplicate' }])
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'duplicate') throw cause
  }
}

/** Where and how the device is spoken to, with what its rule says. */
export function requestOf({
  host,
  port,
  deviceType,
  access,
}: Pick<WorkItem, 'host' | 'port' | 'deviceType' | 'access'>): Pick<
  CollectRequest,
  'host' | 'port' | 'deviceType' | 'legacy'
> {
  return {
    host,
    port: access?.port ?? port,
    deviceType: withTransport(deviceType, access?.transport),
    legacy: access?.legacy ?? false,
  }
}

/** Netmiko's names tell the transport by their end. */
function withTransport(deviceType: string, transport: 'ssh' | 'telnet' | undefined): string {
  if (transport === undefined || deviceType === '') return deviceType
  const base = deviceType.replace(/_(?:ssh|telnet)$/, '')
  return transport === 'telnet' ? `${base}_telnet` : base
}
