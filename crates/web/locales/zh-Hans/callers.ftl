denied-person =
    您不能在此执行该操作。需要“{ $permission ->
        [read] 查看
        [write] 撰写
        [publish] 发布
        [channels] 管理渠道
        [pause] 暂停发布
        [override] 在暂停期间放行
       *[admin] 管理
    }”权限。
denied-token =
    此令牌不能在此执行该操作。需要“{ $permission ->
        [read] 查看
        [write] 撰写
        [publish] 发布
        [channels] 管理渠道
        [pause] 暂停发布
        [override] 在暂停期间放行
       *[admin] 管理
    }”权限。
not-found-thing = 它不存在，或您无权查看。
