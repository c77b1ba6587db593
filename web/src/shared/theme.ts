/** How the product looks: dense and quiet, in the person's choice of light or dark. */
import { theme, type ThemeConfig } from 'antd'
import { useSyncExternalStore } from 'react'
import { oneOf, stored, useStored } from './stored'

export const themeChoices = ['system', 'light', 'dark'] as const
type ThemeChoice = (typeof themeChoices)[number]

const store = stored<ThemeChoice>('theme', oneOf(themeChoices))

export const chooseTheme = store.set

export function useThemeChoice(): ThemeChoice {
  return useStored(store)
}

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)')
const stillQuery = window.matchMedia('(prefers-reduced-motion: reduce)')

function useMatches(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener)
      return () => {
        query.removeEventListener('change', listener)
      }
    },
    () => query.matches,
  )
}

/** Whether the person has asked the system for less motion. */
export function useIsStill(): boolean {
  return useMatches(stillQuery)
}

export function useIsDark(): boolean {
  const choice = useThemeChoice()
  const system = useMatches(darkQuery)
  return choice === 'system' ? system : choice === 'dark'
}

const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'

const light = {
  colorPrimary: '#2f54c4',
  colorInfo: '#2f54c4',
  colorLink: '#2f54c4',
  colorSuccess: '#1f7a4a',
  colorSuccessBg: '#e8f5ee',
  colorSuccessBorder: '#b4dcc6',
  colorWarning: '#9a5500',
  colorWarningBg: '#fdf3e3',
  colorWarningBorder: '#efd3a6',
  colorError: '#c2322b',
  colorErrorBg: '#fdeeed',
  colorErrorBorder: '#f2c4c1',
  colorBgLayout: '#f4f5f7',
  colorBgContainer: '#ffffff',
  colorTextBase: '#1a2030',
  colorTextSecondary: '#4d5669',
  colorTextTertiary: '#626b7d',
  colorTextDescription: '#5a6375',
  colorTextPlaceholder: '#6d7586',
  colorBorder: '#cfd4dd',
  colorBorderSecondary: '#e5e8ed',
}

const dark = {
  colorPrimary: '#5a7be0',
  // Only writes and draws on the ground, where the colour of filled buttons is too dark.
  colorInfo: '#9db3f7',
  colorLink: '#9db3f7',
  colorLinkHover: '#bccbfa',
  colorSuccess: '#62d394',
  colorWarning: '#f0b65c',
  colorError: '#f2807a',
  colorErrorActive: '#d98882',
  colorBgLayout: '#101216',
  colorBgContainer: '#181b20',
  colorBgElevated: '#1f2329',
  colorTextTertiary: 'rgba(255,255,255,0.62)',
  colorTextDescription: 'rgba(255,255,255,0.65)',
  colorTextPlaceholder: 'rgba(255,255,255,0.55)',
  colorBorder: '#3a4048',
  colorBorderSecondary: '#2a2f36',
}

/** Filled buttons on dark ground: red is light there and takes dark words, blue stays dark under the pointer. */
const darkButton = {
  dangerColor: '#1f1110',
  colorPrimaryHover: '#425799',
  defaultHoverColor: dark.colorLink,
  defaultHoverBorderColor: dark.colorLink,
}

/** Colours are chosen so that text and marks keep a contrast of 4.5 on their ground (WCAG AA). */
export function themeOf(isDark: boolean, isStill: boolean): ThemeConfig {
  const palette = isDark ? dark : light
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      ...palette,
      fontFamily,
      borderRadius: 6,
      controlHeight: 32,
      fontSize: 14,
      wireframe: false,
      motion: !isStill,
    },
    components: {
      Layout: {
        headerBg: palette.colorBgContainer,
        siderBg: palette.colorBgContainer,
        headerHeight: 52,
        headerPadding: '0 16px',
      },
      // What is chosen is written in the colour of links, which is the readable one on dark ground.
      Tabs: { itemSelectedColor: palette.colorLink, inkBarColor: palette.colorLink },
      Pagination: { itemActiveColor: palette.colorLink },
      Menu: {
        itemSelectedColor: palette.colorLink,
        itemHeight: 38,
        itemMarginInline: 8,
        activeBarBorderWidth: 0,
        itemBorderRadius: 6,
      },
      Table: { cellPaddingBlock: 9, cellPaddingInline: 12, headerBorderRadius: 6 },
      Form: { itemMarginBottom: 22, verticalLabelPadding: '0 0 4px' },
      Alert: { withDescriptionPadding: '10px 14px', withDescriptionIconSize: 18, fontSizeLG: 14 },
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        ...(isDark && darkButton),
      },
    },
  }
}
