skip-to-page = 跳到正文
rail = 主菜单
dock = 主菜单（小屏幕）
rail-posts = 帖子
rail-channels = 渠道
rail-write = 写帖子
brand-now = 品牌：{ $name }。切换
account = { $name }，您的账户
sign-out = 退出登录
language = 语言
theme = 外观
theme-system = 跟随系统
theme-light = 浅色
theme-dark = 深色
toast-close = 关闭
pause-now = 暂停
stopped-since = 自 { $at } 起已停止
stopped-on-the-way =
    { $count ->
        [0] 当时没有正在发送的内容。
       *[other] 有 { NUMBER($count) } 条当时已在发送。
    }
rail-tokens = 令牌
cancel = 取消
copy = 复制
copied = 已复制
never = 无
in-days = { $count } 天后
time-zone = 时区
time-zone-help = 按此时区安排发布。请输入城市，例如 Asia/Shanghai。
time-in = { $city } 时间
as-it-is = { $text }
permission-read = 查看
permission-write = 撰写
permission-publish = 发布
permission-channels = 管理渠道
permission-pause = 暂停
permission-override = 暂停期间放行
permission-admin = 管理
rail-people = 成员
keep = 保存
brand-choose = 选择品牌
gap = { "" }
pause-now-help = 立即停止此品牌已排期的帖子
pause-choose = 选择要暂停的内容
