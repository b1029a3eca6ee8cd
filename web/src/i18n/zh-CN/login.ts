import type en from '../en/login';
import type { Words } from '../words';

export default {
  title: '登录',
  intro: '通向各家模型的网关',
  username: '用户名',
  password: '密码',
  submit: '登录',
  usernameMissing: '请输入用户名',
  passwordMissing: '请输入密码',
  wrong: '用户名或密码错误，请核对后重试。',
  wait: '密码错误次数过多，请在 {{time}} 后重试。',
  unreachable: '无法连接 Tollgate，请确认服务正在运行后重试。',
  firstHint: '首次启动？管理员的用户名和密码在服务端的输出中。',
  change: {
    title: '设置您自己的密码',
    changeTitle: '修改密码',
    intro: '当前密码由他人设定，请立即更换。更换后其他会话会全部退出。',
    changeIntro: '修改后您的其他会话会全部退出。',
    current: '当前密码',
    next: '新密码',
    again: '再次输入新密码',
    length: '至少 8 个字符',
    differ: '两次输入不一致',
    same: '不能与当前密码相同',
    submit: '设置密码',
    done: '密码已修改',
  },
} satisfies Words<typeof en>;
