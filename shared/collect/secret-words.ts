/**
 * The words by which lines say that a secret follows. Command lines, settings files, XML and JSON all name what they
 * hold; `secret-lines.ts` reads them.
 */

const before = [
  'auth(?:entication|orization)?',
  'shared',
  'priv(?:ate|acy)?',
  'encr?(?:yption|ypt)?',
  'decryption',
  'pre-?shared?',
  'security',
  'common',
  'controller',
  'api',
  'access',
  'master',
  'md5',
  'server',
  'session',
  'wep',
  'wpa\\d?(?:-pre-shared|-psk)?',
  'ppk',
  'tunnel',
  'isakmp',
  'ike',
  'tac(?:acs|plus)',
  'rad(?:ius)?',
  'snmp',
  'bgp',
  'ospf',
  'isis',
  'hmac',
  'sha\\d{0,3}',
  'aes',
  'des',
  'psk',
  'hex',
  'ascii',
  'hashed',
  'secret',
  'token',
  'static',
  'signing',
  'storage(?:-account)?',
  'account',
  'ssh-private',
  '(?:message-)?digest',
  'config',
  'bind',
  'localized',
  'tcp-md5',
  'cak',
  'encrypted',
].join('|')

const alone = [
  '(?:plain-?text-?|clear-?text-?)?(?:user|bind|root|admin)?-?pass(?:word|wd|words|phrase|-phrase|code|crypt)',
  'pwd',
  '(?:adm|usr|oper|root|user|slb|l[134])\\w{0,4}pw',
  '(?:wpa|wep|wlan|ike|ipsec)psk',
  '[a-z]{2,20}-pw',
  'keytab',
  'secret',
  'psk(?:secret)?',
  'presharedkey',
  'pre-?share',
  'phash',
  'prv',
  '(?:api|access|auth|bearer|session|secret|refresh)-?token',
  'apikey',
  'community-(?:string|name)',
  '(?:ro|rw|trap)-?community6?',
  'key-?(?:string|str)',
  'key-octet-string',
  'keypass',
  '(?:auth|priv|authentication|privacy)-?(?:pass|pw|pwd)',
  'authenticator',
  'password-encrypt',
  'auth-data',
  '(?:text|simple)-authentication',
  'otp-?seed',
  'cak',
].join('|')

const after =
  '(?:data|hash(?:ed)?|encrypted|enc|crypted|cipher(?:text)?|plain(?:text)?|value|string|text|ascii|hex|base64|md5|sha\\d{0,3}|\\d)'

const secretName = new RegExp(`(?:^|-)(?:${alone}|(?:${before})-?key(?:-?\\d)?)(?:-${after}){0,2}$`)

export type NameKind =
  /** What follows is a secret wherever the word stands. */
  | 'always'
  /** A secret only where it is set like a setting (`name = value`, JSON, XML). */
  | 'setting'
  | 'key'
  /** Ends in `key`: a secret unless it is a number, a file or of a kind that is public. */
  | 'some-key'
  /** An action of a firewall elsewhere: a secret behind somebody's name. */
  | 'pass'
  | 'community'
  /** `auth` and `priv` of SNMP users: an algorithm comes before the secret. */
  | 'user'
  | 'digest'
  | 'redundancy'
  | undefined

export const kinds: readonly [RegExp, NameKind][] = [
  // AOS-CX says by it whether the exported passwords are under a key of the owner.
  [/^export-password$/, undefined],
  [secretName, 'always'],
  [
    /^(?:token|hash|pin|tls|crypt|.{1,40}-hash|credentials?|(?:.{1,40}-)?(?:bgp|ospf|isis|rip|ldp|vrrp|hsrp)-(?:md5|auth))$/,
    'setting',
  ],
  [/^key$/, 'key'],
  [/^pass$/, 'pass'],
  [/^(?:.{1,40}-)?community(?:-?(?:rw|ro|read|write|v6|6|\d))?$/, 'community'],
  [
    /^(?!(?:.{1,40}-)?(?:public|host|ssh|rsa|dsa|ecdsa|ed25519|trusted|primary|foreign|sort|partition|unique|map|hash|cache|lookup|object|license|activation|product|kms|ssl|tls|cert|certificate|authorized|known|index|row|zone|function|gpg|pgp|match|flow|gre|vni|label|generate|delete|import|export|show|local|pair)-key$).{1,60}-key$/,
    'some-key',
  ],
  [/^(?:auth|authentication|priv|privacy|encryption)(?:-protocol)?$/, 'user'],
  [/^(?:md5|sha\d{0,3}|sha-\d{3}|hmac-.{1,12}|cmac-.{1,12}|keyed-md5|aes(?:-?\d{3})?|des)$/, 'digest'],
  [/^auth(?:entication)?-(?:mode|type|string)$/, 'redundancy'],
]

const known = new Map<string, NameKind>()
/** Configurations repeat their words; a stranger's cannot fill the memory. */
const mostKnown = 20_000

/** What a word says about the word after it; `snake_case`, `kebab-case`, `camelCase` and dots alike. */
export function kindOf(word: string): NameKind {
  if (known.has(word)) return known.get(word)
  const name = word
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/[_.]/g, '-')
    .toLowerCase()
  const kind = kinds.find(([pattern]) => pattern.test(name))?.[1]
  if (known.size >= mostKnown) known.clear()
  known.set(word, kind)
  return kind
}

/** Stand between the name and the secret, and say how it is stored or whose it is. */
export const storageWord =
  /^(?:\d{1,2}|encrypted|encrypt|clear|clear-?text|plain|plain-?text|cipher|ciphertext|cipher-text|simple|irreversible-cipher|reversible|hash|hashed|hidden|sha|sha-?\d{1,3}|sha2-\d{3}|md5|hmac-\S{1,12}|aes|aes-?\d{1,3}\S{0,8}|des|des3|des56|3des|cmac-\S{1,12}|keyed-md5|bcrypt|scrypt|pbkdf2\S{0,12}|argon2\S{0,3}|ascii|ascii-text|hex|hexadecimal|enc|key|text|string|value|set-key|password|secret|auth|priv|type|base64|local|remote|encoded|obfuscated|vault|unencrypted|raw|hkey|key-string|keyid|key-id|id|wpa-psk|psk|is|secret-encrypted|password-encrypted|encrypted-key|community-name|pass-phrase|passphrase|key-value|md5-key|simple-password|usual|nonstandard)$/i

/** What follows such a name where it is a setting and no secret. */
export const noSecret =
  /^(?:encryption|encrypted|unencrypted|clear|cleartext|plaintext|hidden|policy|policies|authentication|authorization|accounting|recovery|complexity|strength(?:-check)?|check|aging|age|expire[sd]?|expiry|expiration|min(?:imum)?(?:-[\w-]{1,40})?|max(?:imum)?(?:-[\w-]{1,40})?|history|length|changed?|reset|required?|optional|enabled?|disabled?|never|lifetime|lockout|none|prompt|yes|no|true|false|null|nil|control|database|profile|storage|format|for|is|are|was|on|off|used?|file|attempts?|retry|retries|warning|warn-interval|validation|renew|rollover|generate|zeroize|rotate|rotation|management|strong|weak|mode|type|level|default|list|chain|key-chain|keychain|server|timeout|cache|groups?|logging|log|alert|notify|of|and|or|to|in|the|with|by|not|will|be|must|has|per|after|before|id|key-id|rsa|dsa|ecdsa|ed25519|ec|import|export|pubkey-chain|label|additive|internet|no-export|no-advertise|local-as|standard|expanded|members|any|all|self|local|radius|tacacs\+?|ldap|ro|rw|read-only|read-write|read|write|expiry-time|first-login|size|bits|modulus|due|safe|only|manager|operator|if-authenticated|login|remember|toggle|duration|undefined|integer|boolean|plaintext-password|ah|restriction|publickey|keyboard(?:-interactive)?|secure-mode|ssh-(?:rsa|dss|ed25519)|inbound|outbound|aes|tkip|ccmp|gcmp|open|wep\d{0,3}|wpa\d?|sae|owe|eap|dot1x|mixed|priv|privacy|auth|access|acl|noauth|context|permit|deny|key-string|address|trustpoint|certificate|exchange|[|>{}()[\]<;,=:-]|\*+|\.{3,})$/i

/** Before these, in the line of a CLI, everything is words of people. */
export const freeText =
  /(?:^|[\s"'<])(?:description|descr|remark|comments?|notes?|location|syslocation|contact|syscontact|sysname|display-name|annotation)(?:["'>\s:=]|$)/i

/** Whoever has a name before the word has a secret after it, whatever it reads like. */
export const ownerContext = /(?:^|\s)(?:user(?:name)?|account|neighbor|peer) \S/i

/** `key` is a secret behind these; elsewhere it may be an index, a certificate's or a table's. */
export const keyContext =
  /(?:^|[\s_-])(?:tac(?:acs\+?|plus|_plus)|radius|rad|ldap|server(?:-private)?|host|nas|client|isakmp|ike\w{0,3}|ipsec|psk|authentication|auth|wep|wpa\d?|wlan|security|snmp|macsec|mka|bgp|peer|md5|api|apikeys?|eigrp|vpn|aaa|coa|dynamic-author|ospf\d?|isis|vrrp|l2tp|rip|failover|keyring|neighbor|ntp|dot1x|portal|shared)(?=[\s_-]|$)/i

/** What is public may be read, whoever it belongs to. */
export const publicKeyContext = /public-?keys?|ssh-(?:rsa|dss|ed25519)|authorized/i

export const communityContext = /snmp|trap|inform|agentx/i
export const userContext = /snmp|usm|v3|createuser/i
export const digestContext =
  /(?:authentication-key|digest-key|digest|(?:^|\s)key(?:-?id)?|ntp|ospf|neighbor|createuser|snmp\S{0,12} (?:v3 )?user|usm-user)(?=\s)/i
/** A method whose secret follows at once. */
export const textMethod = /^(?:simple-text|text|plain-text|clear-text|simple-password)$/i
/** Says how, and is no secret where nothing follows. */
export const method =
  /^(?:md5|sha\S{0,8}|aes\S{0,8}|3?des\S{0,4}|hmac\S{0,12}|cmac\S{0,12}|simple|plain|cipher|text|simple-text|key-chain|keychain)$/i
export const redundancyContext = /(?:^|\s)(?:ip )?(?:vrrp|hsrp|standby|glbp|carp|rip|nhrp|virtual-router)\b/i

export const algorithm =
  /^(?:(?:usm-?)?(?:hmac-?)?(?:md5|sha)\S{0,12}|(?:usm-?)?(?:aes|c?cfb|3?des|triple-?des)\S{0,16}|hmac\S{0,12})$/i
export const communityWord =
  /^(?:read|write|ro|rw|read-only|read-write|add|create|name|string|cipher|simple|encrypt|encrypted|community-name|community-string|trap|version|v1|v2c?|\d|2c|group|text|hex|index)$/i
