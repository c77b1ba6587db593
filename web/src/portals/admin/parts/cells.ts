import { theme } from 'antd'

/** How the cells of a small table within a page or a question look; `quiet` ones name what the others say. */
export function useCells() {
  const { token } = theme.useToken()
  const cell = {
    padding: '6px 12px 6px 0',
    borderBlockEnd: `1px solid ${token.colorBorderSecondary}`,
    textAlign: 'start' as const,
    verticalAlign: 'top' as const,
    overflowWrap: 'anywhere' as const,
  }
  return { cell, quiet: { ...cell, color: token.colorTextDescription, fontWeight: 400 } }
}
