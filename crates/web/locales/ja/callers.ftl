denied-person =
    ここではこの操作ができません。「{ $permission ->
        [read] 閲覧
        [write] 作成
        [publish] 公開
        [channels] チャンネルの管理
        [pause] 一時停止
        [override] 一時停止中の送信
       *[admin] 管理
    }」の権限が必要です。
denied-token =
    このトークンではこの操作ができません。「{ $permission ->
        [read] 閲覧
        [write] 作成
        [publish] 公開
        [channels] チャンネルの管理
        [pause] 一時停止
        [override] 一時停止中の送信
       *[admin] 管理
    }」の権限が必要です。
not-found-thing = 存在しないか、閲覧できないものです。
