import type { Catalog } from '../catalog/catalog.ts'
import type { DerivedCount, Row } from '../model/define.ts'
import { contains, sortKeyOf, type Network } from './addresses.ts'
import { storedAddress, vrfName } from './families.ts'

type Place = { depth: number; children: number }
type Tree = { generation: number; places: ReadonlyMap<number, Place> }

const trees = new WeakMap<Catalog, Tree>()

/** Where each prefix stands among the others of its VRF; worked out once for all as long as no prefix changes. */
function treeOf(catalog: Catalog): Tree['places'] {
  const known = trees.get(catalog)
  if (known?.generation === catalog.generation()) return known.places
  const tree = { generation: catalog.generation(), places: placesOf(catalog.rows.values()) }
  trees.set(catalog, tree)
  return tree.places
}

function placesOf(rows: Iterable<Row>): Map<number, Place> {
  const sorted = [...rows].map((row) => {
    const network = storedAddress(row['prefix'])
    return {
      id: row.id,
      vrf: vrfName(row['vrf']),
      network,
      key: `${vrfName(row['vrf'])} ${sortKeyOf(network)}`,
    }
  })
  sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  const places = new Map<number, Place>()
  let around: { vrf: string; network: Network; place: Place }[] = []
  for (const { id, vrf, network } of sorted) {
    around = around.filter(
      (one) => one.vrf === vrf && one.network.length <= network.length && contains(one.network, network),
    )
    const holders = around.filter((one) => one.network.length < network.length)
    const place = { depth: holders.length, children: 0 }
    for (const one of holders) one.place.children += 1
    places.set(id, place)
    around.push({ vrf, network, place })
  }
  return places
}

const needs = ['ipam.prefix'] as const

/** As NetBox shows them: how many prefixes lie in one, and in how many it lies. */
export const prefixCounts: Record<'children' | '_depth', DerivedCount> = {
  children: {
    needs,
    read: ({ id }, catalogOf) => treeOf(catalogOf('ipam.prefix')).get(id)?.children ?? 0,
  },
  _depth: {
    needs,
    read: ({ id }, catalogOf) => treeOf(catalogOf('ipam.prefix')).get(id)?.depth ?? 0,
  },
}
