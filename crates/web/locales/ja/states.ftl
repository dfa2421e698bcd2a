state-draft = 下書き
state-in-review = レビュー中
state-changes-asked = 修正依頼あり
state-ready = 準備完了
state-scheduled = 予約済み
state-sending = 公開処理中
state-processing = 公開処理中
state-live = 公開済み
state-partly-live = 一部公開済み
state-refused = 失敗：{ $network }が拒否
state-checking = 照合中
state-unknown = 未確認：要確認
state-held =
    { $reason ->
        [paused] 保留：一時停止中
        [login] 保留：再接続が必要
        [look_first] 保留：確認待ち
       *[other] 保留：待機中
    }
state-missed = 未送信：時刻超過
state-waiting-for-person = 手動で投稿
state-cancelled = 取り消し済み
state-deleted = 取り下げ済み
state-refused-here = 失敗：{ $network }の条件に合わず
