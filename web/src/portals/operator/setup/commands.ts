/** Commands that a person runs to see a headset server's calls work, without writing one. */

interface Game {
  /** Of the platform, such as `https://games.example.com`. */
  url: string
  operatorId: string
  siteId: string
  appId: string
  players: number
}

/** What stands for the key while it is not known, and on the screen always. */
export const keyPlaceholder = 'YOUR_API_KEY'

/**
 * The key is the only value that a person types, so that it is the only one that could hold something for the shell.
 */
const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

function signedCall(game: Game, apiKey: string, path: string, session: string[], header: string[]): string {
  const body = JSON.stringify({ app_id: game.appId, site_id: game.siteId, player_count: game.players })
  return [
    `API_KEY=${quote(apiKey)}`,
    `BODY='${body}'`,
    'NOW=$(date +%s)',
    ...session,
    String.raw`SIGNATURE=$(printf '%s\nPOST\n${path}\n%s' "$NOW" "$BODY" \
  | openssl dgst -sha256 -hmac "$API_KEY" -binary | base64)`,
    [
      `curl -sS -X POST ${quote(game.url + path)}`,
      `-H 'Content-Type: application/json'`,
      `-H "X-Api-Key: $API_KEY"`,
      `-H "X-Timestamp: $NOW"`,
      `-H "X-Signature: $SIGNATURE"`,
      ...header,
      `-d "$BODY"`,
    ].join(' \\\n  '),
  ].join('\n')
}

/** Asks whether the game could start; charges nothing. */
export function checkCommand(game: Game, apiKey: string): string {
  return signedCall(game, apiKey, '/v1/auth/game/pre-authorize', [], [])
}

/** Starts a game and charges it. The milliseconds of the session id are written so that every `date` can make them. */
export function authorizeCommand(game: Game, apiKey: string): string {
  return signedCall(
    game,
    apiKey,
    '/v1/auth/game/authorize',
    [`SESSION="${game.operatorId}_\${NOW}000_$(openssl rand -hex 8)"`],
    [`-H "X-Session-ID: $SESSION"`],
  )
}

/** Plays a headset server for some seconds with the program of the platform. */
export function simulateCommand({ url, players }: Game, apiKey: string): string {
  return [
    `coinslot simulate authorize --url ${quote(url)}`,
    `--api-key ${quote(apiKey)}`,
    `--players ${String(players)} --rate 1 --duration 3`,
  ].join(' \\\n  ')
}
