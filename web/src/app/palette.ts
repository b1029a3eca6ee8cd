import { theme as algorithms, type ThemeConfig } from 'antd';

/** A hue: its ground, border, full colour, and text on its ground (contrast of 4.5 at least). */
type Hue = readonly [ground: string, border: string, full: string, text: string];
type Hues = Record<'green' | 'gold' | 'orange' | 'red' | 'blue' | 'purple' | 'cyan', Hue>;

const light: Hues = {
  green: ['#e8f5ee', '#b7dfc6', '#17743f', '#125c32'],
  gold: ['#fdf4e0', '#f0d9a4', '#8a5a00', '#744b00'],
  orange: ['#fff0e6', '#f7cfb2', '#b34700', '#963c00'],
  red: ['#fdeceb', '#f5c3bf', '#c0271f', '#a8201a'],
  blue: ['#eaf2fd', '#bcd5f7', '#1d5fbf', '#174e9e'],
  purple: ['#f3edfc', '#d9c8f3', '#6b3fb3', '#57339a'],
  cyan: ['#e4f4f6', '#b3dee4', '#0f6f7c', '#0c5a66'],
};

const dark: Hues = {
  green: ['#12291c', '#24563a', '#4cc38a', '#7ddcab'],
  gold: ['#2d2410', '#5c4817', '#e6b450', '#f0c878'],
  orange: ['#33200f', '#6b421c', '#f09a55', '#f5b584'],
  red: ['#351715', '#6e302c', '#ff8078', '#ffa39c'],
  blue: ['#14243a', '#27456e', '#7db4ff', '#a3caff'],
  purple: ['#241a38', '#4a3670', '#b79cf0', '#cdb9f5'],
  cyan: ['#0f2a2e', '#1f555d', '#5cc6d4', '#8ad9e3'],
};

/** The library's tags take the steps 1, 3, 6 and 7 of a hue, each of which it knows by two names. */
function tagTokens(hues: Hues): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const [name, [ground, border, full, text]] of Object.entries(hues)) {
    for (const [step, colour] of [[1, ground], [3, border], [6, full], [7, text]] as const) {
      tokens[`${name}${step}`] = colour;
      tokens[`${name}-${step}`] = colour;
    }
  }
  return tokens;
}

/** What a state's colours are called by the library. */
function stateTokens(name: 'Success' | 'Info' | 'Warning' | 'Error', [ground, border, full, text]: Hue): Record<string, string> {
  return {
    [`color${name}`]: full,
    [`color${name}Bg`]: ground,
    [`color${name}BgHover`]: ground,
    [`color${name}Border`]: border,
    [`color${name}BorderHover`]: full,
    [`color${name}Text`]: text,
  };
}

const grounds = {
  light: {
    colorPrimary: '#17743f',
    colorPrimaryHover: '#198045',
    colorPrimaryActive: '#0f5a2f',
    colorPrimaryBg: '#e3f1e9',
    colorPrimaryBgHover: '#d3e8dc',
    colorPrimaryBorder: '#8fc4a6',
    colorBgLayout: '#f4f6f5',
    colorTextPlaceholder: '#6a746f',
    colorTextDescription: '#5a645f',
    colorTextSecondary: '#4c5651',
    colorTextTertiary: '#5a645f',
    colorTextQuaternary: '#6a746f',
    colorTextDisabled: '#717a76',
  },
  dark: {
    colorPrimary: '#34a36b',
    colorPrimaryHover: '#45b87d',
    colorPrimaryActive: '#2b8a5a',
    colorPrimaryBg: '#17301f',
    colorPrimaryBgHover: '#1d3c28',
    colorPrimaryBorder: '#2f6b48',
    colorBgLayout: '#0f1512',
    colorBgContainer: '#161d19',
    colorBgElevated: '#1c2520',
    colorTextPlaceholder: '#94a39b',
    colorTextDescription: '#a3b1aa',
    colorTextSecondary: '#b3bfb9',
    colorTextTertiary: '#a3b1aa',
    colorTextQuaternary: '#94a39b',
    colorTextDisabled: '#87958e',
  },
};

const fonts =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', Roboto, 'Helvetica Neue', sans-serif";

/** Calm and dense: small steps, one green for what can be done, colours of states kept for states. */
export function themeOf(isDark: boolean): ThemeConfig {
  const hues = isDark ? dark : light;
  // Of what nobody has ticked or chosen the border is all that there is: a contrast of 3 at least.
  const box = { colorBorder: isDark ? '#75857d' : '#87918c' };
  return {
    algorithm: isDark ? algorithms.darkAlgorithm : algorithms.defaultAlgorithm,
    token: {
      fontFamily: fonts,
      fontSize: 13,
      fontSizeSM: 12,
      controlHeight: 30,
      sizeStep: 3,
      borderRadius: 6,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
      colorLink: hues.blue[2],
      colorLinkHover: hues.blue[3],
      ...(isDark ? grounds.dark : grounds.light),
      ...tagTokens(hues),
      ...stateTokens('Success', hues.green),
      ...stateTokens('Info', hues.blue),
      ...stateTokens('Warning', hues.gold),
      ...stateTokens('Error', hues.red),
    },
    components: {
      Table: { cellPaddingBlockSM: 6, cellPaddingInlineSM: 8, headerBg: isDark ? '#1a231e' : '#eef2f0' },
      Menu: { itemHeight: 32, itemMarginBlock: 2, itemMarginInline: 8, groupTitleFontSize: 12, iconSize: 15, collapsedIconSize: 16, itemSelectedColor: hues.green[3] },
      // The green that fills a button is too dark for words in the dark.
      Tabs: { itemSelectedColor: hues.green[3], itemActiveColor: hues.green[3], itemHoverColor: hues.green[2] },
      Checkbox: box,
      Radio: box,
      // White on our green has too little contrast in the dark.
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', ...(isDark ? { primaryColor: '#06140c' } : {}) },
    },
  };
}
