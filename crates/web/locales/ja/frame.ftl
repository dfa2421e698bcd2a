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
rail-tokens = トークン
cancel = キャンセル
copy = コピー
copied = コピーしました
never = なし
in-days = { $count }日後
time-zone = タイムゾーン
time-zone-help = このタイムゾーンで予定を立てます。都市名を入力してください（例：Asia/Tokyo）。
time-in = { $city }時間
as-it-is = { $text }
permission-read = 閲覧
permission-write = 作成
permission-publish = 公開
permission-channels = チャンネルの管理
permission-pause = 一時停止
permission-override = 一時停止中の送信
permission-admin = 管理
rail-people = メンバー
keep = 保存
brand-choose = ブランドを選ぶ
gap = { "" }
pause-now-help = このブランドの予約投稿をすぐに止めます
pause-choose = 停止する対象を選ぶ
