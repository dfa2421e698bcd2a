skip-to-page = 本文へ移動
rail = メインメニュー
dock = メインメニュー（小さい画面）
rail-posts = 投稿
rail-channels = チャンネル
rail-write = 書く
brand-now = ブランド：{ $name }。切り替える
account = { $name }さんのアカウント
sign-out = サインアウト
language = 言語
theme = 表示
theme-system = 端末に合わせる
theme-light = ライト
theme-dark = ダーク
toast-close = 閉じる
pause-now = 一時停止
stopped-since = { $at }から停止しています
stopped-on-the-way =
    { $count ->
        [0] 送信中のものはありませんでした。
       *[other] { NUMBER($count) }件はすでに送信中でした。
    }
stopped-held = { NUMBER($count) }件を保留しています。
