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
stopped-held = { NUMBER($count) } 条已搁置。
