posts-none = 还没有内容
posts-none-help = 一篇帖子就是一个想法。写一次，看看各平台的效果，再定好发布时间。
posts-none-reader = 同事写的内容会显示在这里。
posts-first = 写第一篇帖子
posts-older = 更早的帖子
posts-needing =
    { $count ->
        [100] 有 100 条或更多需要您处理
       *[other] 有 { $count } 条需要您处理
    }
posts-needing-title = 需要您处理的帖子
posts-needing-none = 没有需要您处理的帖子
posts-all = 所有帖子
posts-no-older = 没有更早的内容
post-untitled = 还没有文字
post-channels = { $count } 个渠道
post-do-look = 查看并告知
post-do-mend = 修改
post-do-decide = 决定如何处理
post-do-by-hand = 手动发布
post-do-reconnect = 重新连接
post-do-release = 查看
post-updated = 修改于 { $at }
post-go-on = 继续写
post-edit = 修改文字
post-delete = 删除
post-delete-help = 此帖及其各版本将被永久删除。其中没有任何内容发送过。
post-delete-do = 删除此帖
post-deleted = 帖子已删除。
post-without-text = 这一部分没有文字。
post-saved = 已保存。
post-scheduled = 已排期：{ $at } 在 { $count } 个渠道发布。
post-sent = 正在发往 { $count } 个渠道。
where-title = 发布情况
where-nowhere = 尚未排期。
where-open = 打开
where-live = 已在 { $network } 发布一次（{ $at }）。
where-scheduled = 将于 { $at } 发布。
where-sending = 正在发往 { $network }。
where-processing = { $network } 已收到，仍在处理。
where-partly-live = { $network } 上已发布 { $count } 条中的 { $out } 条。
where-refused = { $network } 拒绝了。您的文字已保留。
where-checking = 没有收到 { $network } 的答复。我们正在核对，期间不会再发送。
where-unknown = 我们发送了一次，但 { $network } 没有告知是否收到。请您查看。
where-held = 正在等待。没有丢失任何内容。
where-missed = 时间已过，因此没有发送。
where-waiting-for-person = 由负责人手动发布。
where-cancelled = 不会在 { $network } 发布。
where-deleted = 已从 { $network } 撤下。
compose-title = 新帖子
compose-edit-title = 修改帖子
compose-text = 正文
compose-part = 正文，第 { $number } 部分
compose-add-part = 添加第 { $number } 部分
compose-remove-part = 删除第 { $number } 部分
compose-language = 正文语言
compose-language-unsaid = 语言
compose-options = { $network } 选项
compose-no-channels = 还没有渠道。您可以先写好并保存；要发布请先连接渠道。
compose-kept = 您输入的内容已保留，如下所示。
compose-there-planned = 已排期
compose-there-live = 已发布
compose-restored = 这是您之前在此输入的内容，尚未保存。
compose-send = 发送
compose-save = 存为草稿
compose-look = 统计并预览
compose-when = 时间（{ $city }）
compose-now = 立即发布
compose-other-ways = 其他发送方式
compose-schedule =
    { $count ->
        [0] 为 { $brand } 排期
       *[other] 为 { $brand } 排期：{ $count } 个渠道
    }
compose-schedule-at =
    { $count ->
        [0] 请选择渠道
       *[other] 为 { $brand } 排期：{ $count } 个渠道，{ $at }
    }
limit-over = 超出 { NUMBER($count) }
preview = 预览
preview-title = 发布后的样子
preview-none = 选择一个渠道即可查看效果。
preview-own-version = { $network } 有单独的版本，此处不会更改。
shift-gap = 该时刻因时钟拨快而不存在。将于 { $at } 发布。
shift-overlap = 时钟拨慢，该时刻会出现两次。将在第一次（{ $at }）发布。
compose-time-past = 该时间已过。请选择之后的时间，或立即发送。
compose-add-picture = 图片
compose-upload = 添加所选图片
compose-alt = 图片 { $number } 的替代文字
compose-alt-help = 看不到图片的人需要知道什么？
compose-remove-picture = 移除图片 { $number }
compose-remove = 移除
where-next-try = 下次尝试：{ $at }。
where-held-until = 计划于 { $at } 发布。如果在 { $until } 之前无法发布，会先询问您。
where-held-late = 原定于 { $at } 发布。时间已过太久，发布前会先询问您。
where-next-look = 下次核对：{ $at }。
where-taking-down = 正在从 { $network } 撤下。
compose-sent-before = 您之前发送过此内容，但无法确定是否已送达。请先查看帖子列表，再决定是否重新发送。
where-open-part = 第 { $number } 条
where-its-turn = 时间已到。正在等待此渠道上较早的帖子处理完毕。
compose-save-change = 保存更改
limit-aloud = 第 { $number } 条：超出 { NUMBER($count) } 个字符。
where-checked-here = 发送前的自动检查拦下了它：{ $network } 不会接受现在的内容。没有发送任何内容，您的文字已保留。
sent-out-title = 发布后有改动。此处实际发布的内容
sent-title = 发送后有改动。发往此处的内容
sent-out-help = 帖子在发布后有过修改。此处仍是发布时的内容：
sent-help = 帖子在发送后有过修改。正在发送或已送达的是以下内容：
sent-pictures-gone = 另有 { $count } 张图片，此处已不再保存。
compose-sent-stays = 已发往 { $count } 个渠道。那里的内容保持不变，因为平台不允许修改。您的更改会保存在这里，只对尚未发送的渠道生效。
post-saved-sent-stays = 已保存在这里。已发送的内容保持不变。
compose-card = 链接卡片
compose-card-no = 无链接卡片
compose-card-chosen = 链接卡片：指定
compose-card-of = 第 { $number } 部分的链接卡片
compose-card-first = 正文中的第一个链接
compose-card-none = 不使用
compose-card-own = 以下地址
compose-card-address = 链接卡片的地址
