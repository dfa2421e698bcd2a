connect-stale = 此表单已过期或在途中被更改。没有连接任何内容。请重新开始。
not-found-channel = 此品牌中没有这个渠道。
not-found-network = 此处无法连接该平台。
channel-needs-login = 该渠道已被平台登出。帖子仍在等待，没有丢失。请重新连接。
channel-was-removed = 该渠道已从品牌中移除。原定的帖子仍在等待，没有丢失。请重新连接同一账号，或取消发布。
login-cannot-refresh = 该渠道的登录需要您亲自更新。帖子仍在等待，没有丢失。请重新连接。
channel-login-ends = 该渠道的登录将于 { $at } 结束。请在此之前重新连接，这样帖子无需等待。
