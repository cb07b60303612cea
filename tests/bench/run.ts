import { catalogBench } from './catalog.ts'
import { collectBench } from './collect.ts'
import { fleetBench } from './fleet.ts'
import { historyBench } from './history.ts'
import { importBench } from './import.ts'
import { inventoryBench } from './inventory.ts'
import { ipamBench } from './ipam.ts'

/** `npm run bench -- <name>`: measures side by side in one run and writes its part of docs/benchmarks.md. */
const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  catalog: catalogBench,
  collect: collectBench,
  fleet: fleetBench,
  history: historyBench,
  import: importBench,
  inventory: inventoryBench,
  ipam: ipamBench,
}

const [name = '', ...args] = process.argv.slice(2)
const bench = benches[name]
if (bench === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join(' | ')}`)
  process.exitCode = 2
} else {
  await bench(args)
}
