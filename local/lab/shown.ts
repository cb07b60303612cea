/** What a replay reads out of the texts that it shows, and of the lines that are typed. */

export const lastLineOf = (text: string): string => text.slice(text.lastIndexOf('\n') + 1)
export const looksLikePrompt = /^\r?[^\s].{0,79}[#>$%\]] ?$/
export const isGoodbye = (line: string): boolean => /^\/?(?:exit|quit|logout)$/.test(line)
