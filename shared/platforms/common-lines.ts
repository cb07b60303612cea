import type { Platform, Privilege } from './definition.ts'

/**
 * Lines that many command lines have in common: each of these families took over its predecessor's words. Lists, not
 * definitions: a platform names the ones it shows and adds its own.
 */

/** `enable`, where a secret is asked for. */
export const enable: Privilege = {
  from: />$/,
  command: 'enable',
  secretPrompt: /^(?:.{0,40} )?(?:enable )?password ?:$/i,
  refused: [
    /^%? ?(?:Error: ?)?(?:Bad|Invalid|Incorrect|Wrong) (?:enable )?(?:secrets?|passwords?)/i,
    /^%? ?(?:Access denied|Authentication failed|Error in authentication|No password set|Authorization denied)/i,
    /^%? ?(?:Enable )?(?:password|authentication) (?:is )?(?:incorrect|invalid|failed|wrong|error)/i,
  ],
}

/** The same, where an empty line is taken when no secret is set. */
export const enableBlank: Privilege = { ...enable, secret: 'blank' }

/** The many spellings of `--More--`. */
export const morePagers: Platform['pagers'] = [
  { prompt: /^ {0,8}[-<(]{1,6} ?\(?more\b.{0,80}$/i, reply: ' ' },
  {
    prompt: /^.{0,20}press (?:any|the|space|<space>|enter) ?(?:key|bar|space)?.{0,20} to continue.{0,60}$/i,
    reply: ' ',
  },
]

/** What `less` shows at the end of a page. */
export const lessPagers: Platform['pagers'] = [
  { prompt: /^lines \d{1,8}-\d{1,8}.{0,40}$/, reply: ' ' },
  { prompt: /^:$/, reply: ' ' },
  { prompt: /^\(END\)$/, reply: 'q' },
]

/** How a command line refuses a command that it does not know, or not for this user. */
export const cliRefusals: readonly RegExp[] = [
  /^ {0,4}[%!#?*^]{0,2} ?(?:Error: ?)?(?:Invalid|Unknown|Unrecogni[sz]ed|Incomplete|Ambiguous|Illegal|Bad|Wrong|Unavailable|Undefined) (?:or \w{1,20} )?(?:input|commands?|parameters?|keyword|syntax|token|argument|option|cmd|word|value)/i,
  /^ {0,4}%? ?(?:Error: ?)?(?:Permission|Access|Authori[sz]ation|Command authori[sz]ation|Privilege) (?:is )?(?:denied|failed|required)/i,
  /^ {0,4}%? ?(?:This |The )?command (?:is |was )?(?:not (?:found|authorized|allowed|permitted|recognized|available|supported)|incomplete|rejected|failed|unknown)/i,
  /^ {0,4}%? ?(?:Not authorized|Insufficient privilege|You (?:do not|don't) have (?:the |enough )?(?:permission|privilege|right)s?)/i,
  /^ {0,4}%? ?There is no matched command/i,
]

/** How a Unix shell refuses. */
export const shellRefusals: readonly RegExp[] = [
  /: (?:command )?not found$/,
  /: Permission denied$/,
  /: No such file or directory$/,
  /^This account is currently not available/,
]

/** What is written anew each time a configuration is put together. */
export const buildLines: readonly RegExp[] = [
  /^Building configuration ?\.{0,3}$/i,
  /^Current configuration ?: ?\d+ bytes$/i,
  /^!{1,2} ?(?:Last configuration change|NVRAM config last updated|Configuration last updated|Last saved|Generated) (?:at|on|by)\b/i,
  /^!{1,2} ?Time: /,
  /^ntp clock-period \d+$/,
]

/** FASTPATH and its descendants head a configuration with their clock. */
export const fastpathLines: readonly RegExp[] = [
  /^! ?System Up Time/,
  /^! ?Current S(?:NTP|ystem) ?(?:Synchronized )?Time/,
]
