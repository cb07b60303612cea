import { versionKeys } from './version-keys.ts'

/**
 * Every key of the one table; those of stored versions are in `version-keys.ts`. Nobody else builds a key string.
 *
 * `pk` and `sk` are the table's keys, `gsi1pk` and `gsi1sk` those of its only index. A single item has the sort
 * key `.`; a member of a collection has a telling one. `#` never occurs in an id, so the parts cannot run together.
 */
export type Key = { pk: string; sk: string }

/** Change records of one model are spread over this many partitions: each takes 1,000 write units a second. */
export const changeShards = 4
/** A parent with many referrers has this many presence items and reference partitions. */
export const presenceShards = 16
/** Results of a run are spread over this many partitions. */
export const resultShards = 8
/** The index of configurations has this many parts: some 400 devices each in a network of 50,000. */
export const searchShards = 128
/** So are the outcomes of the compliance rules. */
export const complianceShards = 128

const only = '.'
const recentPartition = 'recent-changes'
/** Directories take names in any case: so does the count. */
const loginSlots = (realm: string, username: string): string =>
  `login-slots#${realm}#${encodeURIComponent(username.toLowerCase())}`

export const keys = {
  entity: (model: string, id: number): Key => ({ pk: `${model}#${id}`, sk: only }),
  /** Exists while the value is taken; holds the owner's id. */
  unique: (model: string, fields: readonly string[], values: readonly string[]): Key => ({
    pk: `unique#${model}#${fields.join(',')}#${values.map((value) => encodeURIComponent(value)).join(',')}`,
    sk: only,
  }),
  /** One place of a space that rows share, such as unit 12 of rack 7. */
  cell: (model: string, space: string, values: readonly string[]): Key => ({
    pk: `cell#${model}#${space}#${values.map((value) => encodeURIComponent(value)).join(',')}`,
    sk: only,
  }),
  /** One of the items that prove to a child's transaction that its parent is there. */
  presence: (model: string, id: number, shard: number): Key => ({
    pk: `presence#${model}#${id}#${shard}`,
    sk: only,
  }),
  /** Exists while a deletion of the object is under way, or a change of what its children rely on. */
  deletion: (model: string, id: number): Key => ({ pk: `deletion#${model}#${id}`, sk: only }),
  /** One reference from a child to its parent. */
  reference: (
    parent: { model: string; id: number; shard: number },
    child: { model: string; id: number; field: string },
  ): Key => ({
    pk: `references#${parent.model}#${parent.id}#${parent.shard}`,
    sk: `${child.model}#${child.id}#${child.field}`,
  }),
  references: (model: string, id: number, shard: number): string => `references#${model}#${id}#${shard}`,
  /** `at` is the change's time-ordered id, so a partition reads in the order of time. */
  change: (model: string, shard: number, changeId: string): Key => ({
    pk: `change#${model}#${shard}`,
    sk: changeId,
  }),
  changes: (model: string, shard: number): string => `change#${model}#${shard}`,
  /** A note of a change of a model with few writes; those of all such models lie in one partition. */
  recentChange: (changeKey: string): Key => ({ pk: recentPartition, sk: changeKey }),
  recentChanges: (): string => recentPartition,
  /** Every partition of change records begins so; the stream's filters are made from it. */
  changePrefix: 'change#',
  sealedBlock: (shard: number, sequence: number): Key => ({
    pk: `log#${shard}`,
    sk: String(sequence).padStart(12, '0'),
  }),
  /** Exists once a change is in a block: a change that is delivered twice is sealed once. */
  sealedMark: (change: Key): Key => ({ pk: `sealed#${change.pk}#${change.sk}`, sk: only }),
  sealedHead: (shard: number): Key => ({ pk: `log-head#${shard}`, sk: only }),
  sealedBlocks: (shard: number): string => `log#${shard}`,

  /** The key pair that seals device secrets, by its version. */
  keyring: (): Key => ({ pk: 'keyring', sk: only }),
  /** One that nothing is sealed to any more. */
  formerKeyring: (version: number): Key => ({ pk: 'keyring', sk: String(version).padStart(8, '0') }),
  /** What the backups know of a device: last version, pinned host keys, failures in a row. */
  backupState: (deviceId: number): Key => ({ pk: `backup-state#${deviceId}`, sk: only }),
  /** One of the failed logins that a username may have in a realm in a window, and the note that it is locked there. */
  loginSlot: (realm: string, username: string, slot: number): Key => ({
    pk: loginSlots(realm, username),
    sk: String(slot).padStart(4, '0'),
  }),
  loginLock: (realm: string, username: string): Key => ({ pk: loginSlots(realm, username), sk: 'locked' }),
  loginSlots: (realm: string, username: string): string => loginSlots(realm, username),
  /** One of the sessions that there may be at once in a scope. */
  sessionPlace: (scope: string, place: number): Key => ({
    pk: `session-places#${scope}`,
    sk: String(place).padStart(4, '0'),
  }),
  sessionPlaces: (scope: string): string => `session-places#${scope}`,
  /** Secrets of a credential before it was rotated, sealed. */
  formerSecrets: (credentialId: number): Key => ({ pk: `former-secrets#${credentialId}`, sk: only }),
  /** How a credential did in a run: one item a batch. */
  credentialUse: (runId: number, pass: number, firstDeviceId: number): Key => ({
    pk: `credential-uses#${runId}`,
    sk: `${pass}#${firstDeviceId}`,
  }),
  credentialUses: (runId: number): string => `credential-uses#${runId}`,
  /** How often a credential is accepted, by platform. */
  credentialRates: (credentialId: number): Key => ({ pk: `credential-rates#${credentialId}`, sk: only }),
  /** The host keys of a jump host, pinned on first use. */
  jumpHostKeys: (jumpHostId: number): Key => ({ pk: `jump-host-keys#${jumpHostId}`, sk: only }),
  ...versionKeys,
  /** A stored version that no commit holds yet. */
  uncommitted: (runId: number, deviceId: number): Key => ({
    pk: `uncommitted#${runId}`,
    sk: String(deviceId),
  }),
  uncommittedOf: (runId: number): string => `uncommitted#${runId}`,
  /** A stored version that the search does not know yet. */
  unindexed: (shard: number, deviceId: number): Key => ({ pk: `unindexed#${shard}`, sk: String(deviceId) }),
  unindexedOf: (shard: number): string => `unindexed#${shard}`,
  /** Which object holds the texts of a part of the devices, for the search. */
  searchShard: (shard: number): Key => ({ pk: 'search-shards', sk: String(shard).padStart(4, '0') }),
  searchShards: (): string => 'search-shards',
  /** Which rules, in which order, an evaluation went by. */
  complianceRules: (hash: string): Key => ({ pk: 'compliance-rules', sk: hash }),
  /** Which rules all devices have gone by last. */
  complianceHead: (): Key => ({ pk: 'compliance-head', sk: only }),
  /** How a device's newest configuration stands to the rules. */
  compliance: (shard: number, deviceId: number): Key => ({ pk: `compliance#${shard}`, sk: String(deviceId) }),
  complianceOf: (shard: number): string => `compliance#${shard}`,
  /** Rules that a device fails since a run and did not before. */
  newlyFailing: (runId: number, deviceId: number): Key => ({
    pk: `newly-failing#${runId}`,
    sk: String(deviceId),
  }),
  newlyFailingIn: (runId: number): string => `newly-failing#${runId}`,
  /** The newest commit of a run. */
  runCommit: (runId: number): Key => ({ pk: `run-commit#${runId}`, sk: '.' }),
  runResult: (runId: number, shard: number, deviceId: number): Key => ({
    pk: `run-result#${runId}#${shard}`,
    sk: String(deviceId),
  }),
  runResults: (runId: number, shard: number): string => `run-result#${runId}#${shard}`,
  /** Counts of one finished batch: what a running run shows. */
  runTally: (runId: number, pass: number, firstDeviceId: number): Key => ({
    pk: `run-tally#${runId}`,
    sk: `${pass}#${firstDeviceId}`,
  }),
  runTallies: (runId: number): string => `run-tally#${runId}`,
  /** Exists while a run is paused: what its collectors look at. */
  runPause: (runId: number): Key => ({ pk: `run-pause#${runId}`, sk: only }),
  /** How a subscriber was told of a run. */
  notification: (runId: number, subscriptionId: number): Key => ({
    pk: `notifications#${runId}`,
    sk: String(subscriptionId),
  }),
  notifications: (runId: number): string => `notifications#${runId}`,
  /** Which stored version of a device the branch holds, and under which path. */
  gitEntry: (deviceId: number): Key => ({ pk: `git-entry#${deviceId}`, sk: only }),
  runLog: (runId: number, at: string, sequence: string): Key => ({
    pk: `run-log#${runId}`,
    sk: `${at}#${sequence}`,
  }),
  runLogs: (runId: number): string => `run-log#${runId}`,

  /** The branch of a repository: moved by compare-and-swap. */
  gitBranch: (repository: string, branch: string): Key => ({
    pk: `git#${repository}`,
    sk: `branch#${branch}`,
  }),
  /** Counts the steps of settling its packs, so that one at a time goes on. */
  gitSettling: (repository: string): Key => ({ pk: `git#${repository}`, sk: 'settling' }),
  gitPack: (repository: string, pack: string): Key => ({ pk: `git-packs#${repository}`, sk: pack }),
  gitPacks: (repository: string): string => `git-packs#${repository}`,
  /** How far a remote is that the history is pushed to. */
  gitRemote: (remoteId: number): Key => ({ pk: `git-remote#${remoteId}`, sk: only }),

  /** Which device of ours a device of a NetBox is, by its id there. */
  netboxDevice: (sourceId: number, upstreamId: number): Key => ({
    pk: keys.netboxDevices(sourceId),
    sk: String(upstreamId),
  }),
  netboxDevices: (sourceId: number): string => `netbox-devices#${sourceId}`,

  /** Wrong passwords in a row for a name, by the hash of the name. */
  signIn: (hash: string): Key => ({ pk: `sign-in#${hash}`, sk: only }),
  /** A number of a space (an address of a VRF, a VLAN of a group) that a row or a hold has. */
  occupied: (space: string, block: string, number: string, id: number): Key => ({
    pk: `occupied#${space}#${block}`,
    sk: `${number}#${id}`,
  }),
  occupiedIn: (space: string, block: string): string => `occupied#${space}#${block}`,
  /** Says that a block of a space has nothing free: a search passes it by. */
  fullBlock: (space: string, block: string): Key => ({ pk: `full#${space}`, sk: block }),
  fullBlocks: (space: string): string => `full#${space}`,
  /** Exists while rows share an address that only one may have alone. */
  sharedAddress: (space: string, number: string): Key => ({ pk: `shared#${space}#${number}`, sk: only }),
  /** Exist while addresses and prefixes of a VRF must be unique. */
  uniquePolicy: (vrfId: number, shard: number): Key => ({ pk: `unique-policy#${vrfId}#${shard}`, sk: only }),
  /** A network or range among others of its space, in their order; `tentative` while it is only asked for. */
  network: (space: string, sortKey: string, id: number): Key => ({
    pk: `networks#${space}`,
    sk: `${sortKey}#${id}`,
  }),
  networks: (space: string): string => `networks#${space}`,
  hold: (id: number): Key => ({ pk: `hold#${id}`, sk: only }),
  /** One part of the answer to a request that may be sent again. */
  idempotent: (caller: string, key: string, part: number): Key => ({
    pk: `idempotent#${caller}#${encodeURIComponent(key)}`,
    sk: String(part).padStart(4, '0'),
  }),
  /** Exists while one copy of such a request is at work. */
  firstCopy: (caller: string, key: string, part: number): Key => ({
    pk: `first-copy#${caller}#${encodeURIComponent(key)}`,
    sk: String(part).padStart(4, '0'),
  }),
  idempotentParts: (caller: string, key: string): string => `idempotent#${caller}#${encodeURIComponent(key)}`,
  /** Which tags of an object a tag rule has put there. */
  tagNote: (ruleId: number, objectId: number): Key => ({
    pk: `tag-notes#${ruleId}`,
    sk: String(objectId),
  }),
  tagNotes: (ruleId: number): string => `tag-notes#${ruleId}`,
  /** How far a job has come. */
  jobProgress: (jobId: number): Key => ({ pk: `job-progress#${jobId}`, sk: only }),
  /** What one part of a job's work came to. */
  jobPart: (jobId: number, part: number): Key => ({
    pk: `job-parts#${jobId}`,
    sk: String(part).padStart(8, '0'),
  }),
  jobParts: (jobId: number): string => `job-parts#${jobId}`,

  token: (hash: string): Key => ({ pk: `token-hash#${hash}`, sk: only }),
  /** When a token was used last. */
  tokenUse: (tokenId: number): Key => ({ pk: `token-use#${tokenId}`, sk: only }),
}

/** Shard of an id: its low digits are evenly spread. */
export const shardOf = (id: number, shards: number): number => id % shards
