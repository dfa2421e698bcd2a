state-draft = 草稿
state-in-review = 审核中
state-changes-asked = 待修改
state-ready = 就绪
state-scheduled = 已排期
state-sending = 正在发布
state-processing = 正在发布
state-live = 已发布
state-partly-live = 部分发布
state-refused = 失败：{ $network } 拒绝
state-checking = 正在核对
state-unknown = 未确认：请查看
state-held =
    { $reason ->
        [paused] 已搁置：已暂停
        [login] 已搁置：需重新连接
        [look_first] 已搁置：待查看
       *[other] 已搁置：等待
    }
state-missed = 已错过：未发送
state-waiting-for-person = 手动发布
state-cancelled = 已取消
state-deleted = 已撤下
state-refused-here = 失败：不符合 { $network } 的要求
