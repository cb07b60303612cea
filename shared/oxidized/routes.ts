import * as z from 'zod'
import type { Route, Routes } from '../http/route.ts'

/**
 * Addresses of oxidized-web (https://github.com/ytti/oxidized-web), so that what links to an Oxidized today, such as
 * LibreNMS, reads netkeep instead. A node is a device that is backed up, its group the slug of its site, its model the
 * name of its platform's driver. Every answer is JSON or plain text; `.json` and `format` are taken and mean nothing.
 */

const format = z.string().optional()
const rest = z.object({ rest: z.string() })

const Job = z.object({ start: z.string(), end: z.string(), status: z.string(), time: z.number().nullable() })

export const OxidizedNode = z.object({
  name: z.string(),
  full_name: z.string(),
  ip: z.string(),
  group: z.string(),
  model: z.string(),
  last: Job.nullable(),
  vars: z.record(z.string(), z.unknown()),
  /** When the newest configuration was stored. */
  mtime: z.string(),
  status: z.enum(['success', 'no_connection', 'fail', 'never']),
  /** When the node was last tried. */
  time: z.string(),
})

export const OxidizedVersion = z.object({
  oid: z.string(),
  date: z.string(),
  time: z.string(),
  epoch: z.int(),
  /** 1 is the oldest. */
  num: z.int(),
  author: z.object({ name: z.string(), email: z.string(), time: z.string() }),
  message: z.string(),
})

const OneVersion = z.object({
  node: z.string(),
  group: z.string().optional(),
  oid: z.string(),
  date: z.string().optional(),
  epoch: z.string().optional(),
  num: z.string().optional(),
  format,
})

const nodes = {
  method: 'GET',
  permission: 'backups.view_run',
  query: z.object({ format }),
  status: 200,
  response: 'raw',
  errors: ['not_found', 'too_large'],
} as const satisfies Omit<Route, 'path' | 'summary'>

const next = {
  path: '/node/next/{rest+}',
  permission: 'backups.add_run',
  params: rest,
  query: z.object({ format }),
  status: 200,
  response: z.object({ status: z.literal('ok'), run: z.int() }),
  errors: ['not_found', 'validation_failed', 'unavailable'],
} as const satisfies Omit<Route, 'method' | 'summary'>

const versions = {
  method: 'GET',
  permission: 'backups.view_config',
  summary: 'Stored configurations of a node, newest first',
  query: z.object({ node_full: z.string(), format }),
  status: 200,
  response: z.array(OxidizedVersion),
  errors: ['not_found', 'validation_failed'],
} as const satisfies Omit<Route, 'path'>

const confSearch = {
  method: 'POST',
  permission: 'backups.view_config',
  isQuestion: true,
  summary:
    'Nodes with a line in their newest configuration that matches the expression in search_in_conf_textbox',
  query: z.object({ format }),
  body: { bytes: ['application/x-www-form-urlencoded', 'multipart/form-data'] },
  status: 200,
  response: z.array(z.object({ node: z.string(), full_name: z.string() })),
  errors: ['validation_failed', 'malformed_body', 'unsupported_media_type', 'too_large', 'unavailable'],
} as const satisfies Omit<Route, 'path'>

export const oxidizedRoutes = {
  nodes: { ...nodes, path: '/nodes/', summary: 'Every node, with how its last backup went' },
  nodesJson: { ...nodes, path: '/nodes.json/', summary: 'Every node, with how its last backup went' },
  nodesOfGroup: {
    ...nodes,
    path: '/nodes/group/{group}/',
    params: z.object({ group: z.string() }),
    summary: 'The nodes of one group',
  },
  nodesOfModel: {
    ...nodes,
    path: '/nodes/model/{model}/',
    params: z.object({ model: z.string() }),
    summary: 'The nodes of one model',
  },
  confSearch: { ...confSearch, path: '/nodes/conf_search/' },
  confSearchJson: { ...confSearch, path: '/nodes/conf_search.json/' },
  showNode: {
    method: 'GET',
    path: '/node/show/{rest+}',
    permission: 'backups.view_run',
    summary: 'One node, named `<node>` or `<group>/<node>`',
    params: rest,
    query: z.object({ format }),
    status: 200,
    response: OxidizedNode,
    errors: ['not_found', 'validation_failed'],
  },
  fetchNode: {
    method: 'GET',
    path: '/node/fetch/{rest+}',
    permission: 'backups.view_config',
    summary: 'The newest configuration of a node, secrets as tags',
    params: rest,
    query: z.object({ format }),
    status: 200,
    response: 'raw',
    errors: ['not_found', 'validation_failed', 'too_large'],
  },
  nextNode: { ...next, method: 'GET', summary: 'Back up a node now' },
  putNextNode: {
    ...next,
    method: 'PUT',
    summary: 'Back up a node now, with a message of who asks',
    body: z
      .object({ user: z.string().optional(), email: z.string().optional(), msg: z.string().optional() })
      .optional(),
  },
  versions: { ...versions, path: '/node/version/' },
  versionsJson: { ...versions, path: '/node/version.json/' },
  viewVersion: {
    method: 'GET',
    path: '/node/version/view/',
    permission: 'backups.view_config',
    summary: 'One stored configuration, by the `oid` of the list',
    query: OneVersion,
    status: 200,
    response: 'raw',
    errors: ['not_found', 'validation_failed', 'too_large'],
  },
  diffVersions: {
    method: 'GET',
    path: '/node/version/diffs/',
    permission: 'backups.view_config',
    summary: 'What changed from `oid2` (by default the version before) to `oid`, as a unified diff',
    query: OneVersion.extend({ oid2: z.string().optional(), num2: z.string().optional() }),
    status: 200,
    response: 'raw',
    errors: ['not_found', 'validation_failed', 'too_large'],
  },
  reload: {
    method: 'GET',
    path: '/reload/',
    permission: 'backups.view_run',
    summary: 'Nothing to reload: the inventory is always the present one',
    query: z.object({ format }),
    status: 200,
    response: z.object({ status: z.literal('ok') }),
    errors: [],
  },
} as const satisfies Routes
