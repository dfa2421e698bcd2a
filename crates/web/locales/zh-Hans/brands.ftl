brands-title = 品牌
brands-none = 还没有品牌
brands-none-help = 每个品牌都有自己的渠道、帖子和成员。
brands-none-ask = 请让所有者或管理员将您加入某个品牌。
brand-new = 新品牌
brand-make = 添加品牌
brand-made = 已添加 { $name }。请先连接一个渠道。
