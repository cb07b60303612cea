/**
 * Secrets of the command lines that Cisco began and others took over. Each pattern is anchored at the start of a line and
 * every repetition is bounded, so that a line of a megabyte costs no more than a short one. Types 0 to 10 say how a secret
 * is stored: a hash is a secret too, it can be cracked at leisure.
 */
const type = String.raw`(?:(?:\d{1,2}|clear|clear-?text|encrypt|encrypted|hidden|hash|sha1|sha256|sha512|md5|pbkdf2|scrypt|ciphertext|cipher|ascii-text|plain|plaintext|password) (?=\S)){0,3}`
const secret = String.raw`(?<secret>"[^"\n]{1,1024}"|\S{1,1024})`

/** A line that starts with these words, an optional storage type, and the secret. */
const after = (words: string): RegExp => new RegExp(`^ {0,16}${words} ${type}${secret}`)

export const lineSecrets: readonly RegExp[] = [
  // In the clear it may have blanks in it, and goes to the end of the line.
  /^ {0,16}(?:(?:username|enable) [^\n]{0,160}? )?(?:secret|password) 0 (?<secret>\S[^\n]{0,256})$/,
  after(String.raw`enable (?:secret|password)(?: level \d{1,2})?`),
  after(String.raw`username \S{1,64} (?:[^\n]{0,120} )?(?:secret|password)`),
  // Alone on its line, below `line vty`, a user, a peer: two words more would be another command (`password encryption aes`).
  /^ {0,16}(?:password|secret) (?:(?:\d{1,2}|clear|encrypted) )?(?!encryption |logging|policy|secure-mode$|strength-check$)(?<secret>"[^"\n]{1,1024}"|\S{1,1024})$/,
  after(String.raw`(?:mpls ldp )?neighbor \S{1,64} password`),
  after(String.raw`snmp-server community`),
  new RegExp(
    String.raw`^snmp-server user \S{1,64} (?:[^\n]{0,120} )?auth (?:md5|sha(?:[ -]?\d{3})?) ${type}${secret}`,
  ),
  new RegExp(
    String.raw`^snmp-server user \S{1,64} (?:[^\n]{0,300} )?priv (?:(?:aes|des|3des|des56)(?:[ -]?\d{2,3})? )?${type}${secret}`,
  ),
  after(String.raw`(?:tacacs|radius)-server (?:host \S{1,64} (?:[^\n]{0,120} )?)?key`),
  after(String.raw`server(?:-private)? \S{1,64} (?:[^\n]{0,120} )?key`),
  /^ {0,16}(?:pac )?key \d{1,2} (?<secret>"[^"\n]{1,1024}"|\S{1,1024})$/,
  // A bare number is the index of a key in a chain.
  /^ {0,16}key (?!\d{1,10}$)(?<secret>"[^"\n]{1,1024}"|\S{1,1024})$/,
  after('key-string'),
  after('key config-key password-encrypt'),
  after(String.raw`(?:ip |ipv6 )?(?:ospf|ospf3|ospfv3) authentication-key`),
  after(String.raw`(?:(?:ip )?ospf )?message-digest-key \d{1,3} (?:md5|hmac-sha\S{0,8})`),
  after(String.raw`area \S{1,15} (?:[^\n]{0,80} )?(?:authentication-key|message-digest-key \d{1,3} md5)`),
  after(
    String.raw`(?:isis|area|domain|lsp|hello)[ -]password(?! keychain)(?: (?:hmac-md5|text)(?! encrypted$))?`,
  ),
  after(String.raw`authentication mode hmac-sha-256`),
  after(String.raw`authentication text`),
  after(String.raw`(?:snmp mib )?community-map`),
  after(String.raw`ip rip authentication string`),
  after(String.raw`ip nhrp authentication`),
  after(
    String.raw`(?:standby|vrrp|glbp)(?: \d{1,4})? authentication(?: md5 key-string| text)?(?! md5| key-chain)`,
  ),
  after(String.raw`ntp authentication-key \d{1,10} \S{1,16}`),
  after(String.raw`crypto isakmp key`),
  after(
    String.raw`(?:ikev1 |ikev2 (?:remote|local)-authentication )?pre-shared-key(?: (?:local|remote|address \S{1,64}(?: \S{1,40})? key))?`,
  ),
  after(String.raw`(?:security )?wpa[ -]psk(?: set-key)? (?:ascii|hex)`),
  after(String.raw`ppp (?:chap|pap sent-username \S{1,64}) password`),
  after(String.raw`ip (?:ftp|http client) password`),
  after(String.raw`(?:vtp|l2tp tunnel) password`),
]

/** Below IOS, NX-OS, XR and EOS the word after the receiver is the community; ASA puts an interface there. */
export const snmpHostSecret =
  /^snmp-server host \S{1,64}(?: (?:vrf|use-vrf) \S{1,64})?(?: (?:traps|informs))?(?: version (?:1|2c))? (?!version|vrf|use-vrf|traps|informs|source-interface|filter-vrf)(?:(?:\d|clear|encrypted) )?(?<secret>"[^"\n]{1,1024}"|\S{1,1024})/
