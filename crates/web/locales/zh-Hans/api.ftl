# 给脚本的说明。
api-no-route = 此地址没有内容。请在 API 说明（/api/v1/openapi.json）中查找。
api-method = 此地址不接受该方法。Allow 标头列出了可用的方法。
api-token-missing = 需要知道请求者是谁。请以“Authorization: Bearer bw_…”发送 API 令牌。
api-token-not-good = 此令牌无效：它不存在、已过期或已被撤销。请新建一个，或检查是否完整复制。
api-content = 未写入也未计划任何内容。请修正后重新发送。
api-json-empty = 没有正文。未做任何更改。请按此地址的说明发送 JSON。
api-json-malformed = 正文不是 JSON：第 { $line } 行第 { $column } 列有误。未做任何更改。
api-json-zero = 正文的文本中含有无法保存的空字符（U+0000）。未做任何更改。请将其去掉。
api-json-unfit = { $what ->
    [missing] “{ $at }”缺少“{ $name }”。未做任何更改。请补上。
    [unknown] “{ $at }”中的“{ $name }”无法识别。未做任何更改。可用的有：{ $known }。
    [choice] “{ $at }”的值“{ $name }”不可用。未做任何更改。可选：{ $known }。
    [id] “{ $at }”需要一个 ID，例如 018f0000-0000-7000-8000-000000000000。未做任何更改。
    [twice] “{ $at }”中“{ $name }”出现了两次。未做任何更改。请只发送一次。
    [kind] “{ $at }”需要另一种类型的值。未做任何更改。请查看此地址的说明。
   *[other] 正文的“{ $at }”不符合要求：{ $why }。未做任何更改。
}
api-json-too-large = 正文超过 { NUMBER($max) } 字节。未做任何更改。
api-body-cut = 正文中途断开。未做任何更改。请重新发送。
api-media-type = 此处需要 { $expected } 类型的正文。未做任何更改。请使用该 Content-Type 发送。
api-query-unfit = 问号后面的“{ $name }”不符合要求。未做任何更改。请查看此地址的说明。
api-last-event-id-unfit = Last-Event-ID 是您收到的最后一个事件的编号。省略则从下一个事件开始。
api-revision-missing = 请用 If-Match 或“revision”说明您读到的版本，以免覆盖他人的更改。未做任何更改。
api-form-unreadable = 无法读取表单。未存储任何内容。请直接发送文件，或发送完整的 multipart 表单。
api-form-without-file = 表单缺少包含文件的字段“{ $field }”。未存储任何内容。
idempotency-key-unfit = Idempotency-Key 只能出现一次，由 1 到 { $max } 个可见 ASCII 字符组成，例如 UUID。未做任何更改。
idempotency-running = 带有此键的请求仍在处理中。请稍后重试以获取其结果。
idempotency-outcome-unknown = 服务器在处理带有此键的请求时中断，无法确定是否已生效。不会再次执行。请先查看结果，如仍需要请使用新键。
idempotency-other-request = 此键已用于另一个请求。未做任何更改。新请求请使用新键。
measure-other-network = 该渠道属于另一个平台。请填写该渠道所属的平台，或省略渠道。
measure-channel-without-workspace = 渠道需与工作区一起指定：请同时发送“workspace”和“channel”，或都不发送。
connect-state-missing = 回答属于某个步骤：请连同随字段一起返回的“state”发送。未向平台发送任何内容。
pause-scope-unfit = 范围不符合要求：“channel”需要渠道，“network”需要平台，其他则都不需要。未做任何更改。
error-media-type-title = 此处不接受这种正文
error-media-type-next = 未做任何更改。请按此地址的说明发送。
error-precondition-title = 与您读取时的状态不同
error-precondition-next = 没有覆盖任何内容。请重新读取后再发送更改。
error-idempotency-title = 带有此键的请求已经收到过
error-idempotency-next = 没有第二次执行。
error-busy-title = 当前过于繁忙
error-busy-next = 数据库未能及时响应。请稍后重试。
error-database-away-title = 数据库没有响应
error-database-away-next = 在它恢复之前，无法读取或保存任何内容。之前保存的内容安全无虞。请一分钟后重试；服务器管理者可在日志中查看详情。
