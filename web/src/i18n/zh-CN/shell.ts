import type en from '../en/shell';
import type { Words } from '../words';

export default {
  groups: { observe: '观测', configure: '配置', access: '访问', try: '试用' },
  skip: '跳到正文',
  navigation: '导航',
  collapse: '收起导航',
  expand: '展开导航',
  openMenu: '打开导航',
  language: '语言',
  theme: { title: '主题', light: '浅色', dark: '深色', system: '跟随系统' },
  account: '账户',
  changePassword: '修改密码',
  signOut: '退出登录',
  signOutEverywhere: '退出所有设备',
  signOutEverywhereText: '您在所有设备上的会话都会结束，包括当前会话。',
  apiDocs: 'API 参考',
  offline: 'Tollgate 没有响应，当前内容可能已过时，正在重试…',
  back: 'Tollgate 已恢复响应',
  expired: {
    title: '会话已结束',
    text: '请重新登录以继续，您输入的内容仍然保留。',
    leave: '离开并退出登录',
  },
  notFound: {
    title: '页面不存在',
    text: '地址可能有误，或页面已移动。',
    action: '回到首页',
  },
  forbidden: {
    title: '您的角色无权查看',
    text: '您当前的角色是{{role}}。如需使用此页面，请联系管理员调整角色。',
  },
  broken: {
    title: '页面出错了',
    text: '请重新加载。如果仍然出错，请把下面的内容告诉管理员。',
    update: 'Tollgate 已更新，请重新加载以获取新页面。',
  },
  palette: {
    title: '前往或执行',
    open: '搜索与命令',
    placeholder: '页面、提供商、模型、请求 ID 或操作',
    nothing: '没有结果',
    hint: '↑↓ 选择 · ↵ 打开 · Esc 关闭',
    pages: '页面',
    actions: '操作',
    call: '打开调用 {{id}}',
    calls: '调用',
    providers: '提供商',
    models: '模型',
  },
} satisfies Words<typeof en>;
