import { ipamArea } from '../../shared/ipam/area.ts'
import { pageOf } from '../../shared/http/paging.ts'
import { showAll, showHold } from '../../shared/ipam/give.ts'
import { bundle, confirm, release } from '../../shared/ipam/hold-operations.ts'
import { readHold } from '../../shared/ipam/holds.ts'
import { prefix } from '../../shared/ipam/models/prefix.ts'
import { operations } from '../../shared/ipam/operations.ts'
import { readOne } from '../../shared/ipam/read-one.ts'
import { childrenOf, utilizationOf } from '../../shared/ipam/tree-reads.ts'
import { httpLambda } from '../lib/http.ts'

export const handler = httpLambda(ipamArea, (deps) => ({
  prefixFreeAddresses: ({ params, query, request: { links } }) =>
    operations.freeOfPrefix(deps.engine, params, { ...query, links }),
  prefixGiveAddresses: ({ params, ...asked }) => operations.giveFromPrefix(deps.engine, params, asked),
  prefixFreePrefixes: ({ params, query, request: { links } }) =>
    operations.freePrefixes(deps.engine, params, { ...query, links }),
  prefixGivePrefixes: ({ params, ...asked }) => operations.givePrefixes(deps.engine, params, asked),
  prefixChildren: async ({ params, request }) => {
    const children = await childrenOf(deps.engine, await readOne(deps.engine, prefix.name, params.id))
    const page = pageOf(request, children, (row) => row)
    return { ...page, results: await showAll(deps.engine, { request }, prefix, page.results) }
  },
  prefixUtilization: async ({ params }) =>
    utilizationOf(deps.engine, await readOne(deps.engine, prefix.name, params.id)),
  rangeFreeAddresses: ({ params, query, request: { links } }) =>
    operations.freeOfRange(deps.engine, params, { ...query, links }),
  rangeGiveAddresses: ({ params, ...asked }) => operations.giveFromRange(deps.engine, params, asked),
  groupFreeVlans: ({ params, query, request: { links } }) =>
    operations.freeVlans(deps.engine, params, { ...query, links }),
  groupGiveVlans: ({ params, ...asked }) => operations.giveVlans(deps.engine, params, asked),
  rangeFreeAsns: ({ params, query, request: { links } }) =>
    operations.freeAsns(deps.engine, params, { ...query, links }),
  rangeGiveAsns: ({ params, ...asked }) => operations.giveAsns(deps.engine, params, asked),
  getHold: async ({ params, request }) => showHold(request.links, await readHold(deps.engine, params.id)),
  confirmHold: ({ params, ...asked }) => confirm(deps.engine, params.id, asked),
  releaseHold: ({ params, caller }) => release(deps.engine, params.id, caller),
  createBundle: (asked) => bundle(deps.engine, asked.body, asked),
}))
