posts-none = まだ何もありません
posts-none-help = 投稿は1つのアイデアです。一度書いて、各ネットワークでの見え方を確かめ、公開する時刻を決めます。
posts-none-reader = 同僚が書いた投稿がここに表示されます。
posts-first = 最初の投稿を書く
posts-older = 以前の投稿
posts-needing =
    { $count ->
        [100] 対応が必要なものが100件以上あります
       *[other] 対応が必要なものが{ $count }件あります
    }
posts-needing-title = 対応が必要なもの
posts-needing-none = 対応が必要なものはありません
posts-all = すべての投稿
posts-no-older = これより前の投稿はありません
post-untitled = 本文はまだありません
post-channels = { $count }チャンネル
post-do-look = 確認して知らせる
post-do-mend = 直す
post-do-decide = 判断する
post-do-by-hand = 手動で投稿する
post-do-reconnect = 再接続する
post-do-release = 内容を確認する
post-updated = 最終更新：{ $at }
post-go-on = 続きを書く
post-edit = 文章を変更
post-delete = 削除
post-delete-help = この投稿とその各バージョンが完全に削除されます。送信されたものはありません。
post-delete-do = この投稿を削除する
post-deleted = 投稿を削除しました。
post-without-text = この部分には文章がありません。
post-saved = 保存しました。
post-scheduled = { $at }に{ $count }チャンネルで公開する予約をしました。
post-sent = { $count }チャンネルへ送信しています。
where-title = 公開の状況
where-nowhere = まだ予約されていません。
where-open = 開く
where-live = { $network }で1回公開しました（{ $at }）。
where-scheduled = { $at }に公開します。
where-sending = { $network }へ送信しています。
where-processing = { $network }が受け取り、処理しています。
where-partly-live = { $count }件中{ $out }件が{ $network }に公開されています。
where-refused = { $network }に拒否されました。文章は保存されています。
where-checking = { $network }からの返答が届きませんでした。照合中です。その間は何も送りません。
where-unknown = 1回送信しましたが、{ $network }に届いたか分かりません。ご自身で確認してください。
where-held = 待機中です。何も失われていません。
where-missed = 時刻を過ぎたため、送信していません。
where-waiting-for-person = 担当者が手動で投稿します。
where-cancelled = { $network }では公開しません。
where-deleted = { $network }から取り下げました。
compose-title = 新しい投稿
compose-edit-title = 投稿を編集
compose-text = 本文
compose-part = 本文（{ $number }つ目）
compose-add-part = { $number }つ目を追加
compose-remove-part = { $number }つ目を削除
compose-language = 本文の言語
compose-language-unsaid = 言語
compose-options = { $network }の設定
compose-no-channels = チャンネルがまだありません。書いて保存できます。公開するには接続してください。
compose-kept = 入力した内容は、このとおり残っています。
compose-there-planned = 予約済み
compose-there-live = 公開済み
compose-restored = 以前ここで入力した内容です。まだ保存されていません。
compose-send = 送信
compose-save = 下書き保存
compose-look = 文字数とプレビューを確認
compose-when = 日時（{ $city }時間）
compose-now = 今すぐ公開
compose-other-ways = ほかの送り方
compose-schedule =
    { $count ->
        [0] { $brand }で予約
       *[other] { $brand }で予約：{ $count }チャンネル
    }
compose-schedule-at =
    { $count ->
        [0] チャンネルを選んでください
       *[other] { $brand }で予約：{ $count }チャンネル、{ $at }
    }
limit-over = { NUMBER($count) }超過
preview = プレビュー
preview-title = 公開後の見え方
preview-none = チャンネルを選ぶと、見え方を確認できます。
preview-own-version = { $network }には専用の文章があります。ここでは変更されません。
shift-gap = その時刻は時計が進むため存在しません。{ $at }に公開します。
shift-overlap = 時計が戻るため、その時刻は2回あります。1回目の{ $at }に公開します。
compose-time-past = その時刻は過ぎています。これからの時刻を選ぶか、今すぐ送信してください。
compose-add-picture = 画像
compose-upload = 選んだ画像を追加
compose-alt = 画像{ $number }の代替テキスト
compose-alt-help = 見えない人に何を伝えますか？
compose-remove-picture = 画像{ $number }を削除
compose-remove = 削除
where-next-try = 次は{ $at }に試します。
where-held-until = 予定は{ $at }です。{ $until }までに公開できない場合は、お尋ねします。
where-held-late = 予定は{ $at }でした。時間が経っているため、公開する前にお尋ねします。
where-next-look = 次は{ $at }に確認します。
where-taking-down = { $network }から取り下げています。
compose-sent-before = 以前に送った内容ですが、届いたか分かりません。もう一度送る前に投稿の一覧を確認してください。
where-open-part = { $number }つ目
where-its-turn = 公開の時刻になりました。このチャンネルの前の投稿が片づくのを待っています。
compose-save-change = 変更を保存
limit-aloud = { $number }つ目：{ NUMBER($count) }文字超過。
where-checked-here = 送信前の自動チェックで止めました。このままでは{ $network }に受け付けられません。何も送っておらず、文章は残っています。
sent-out-title = 公開後に変更されています。ここで公開された内容
sent-title = 送信後に変更されています。ここへ送った内容
sent-out-help = 公開後に投稿が変更されました。ここでは次の内容のままです：
sent-help = 送信後に投稿が変更されました。送信中、または届いているのは次の内容です：
sent-pictures-gone = 画像{ $count }枚も含まれますが、ここにはもう保存されていません。
compose-sent-stays = { $count }チャンネルへ送信済みです。公開された内容は変わりません（ネットワーク側で変更できないためです）。変更はここに保存され、まだ送っていないところにだけ反映されます。
post-saved-sent-stays = ここに保存しました。送信済みの内容は変わりません。
compose-card = リンクカード
compose-card-no = リンクカードなし
compose-card-chosen = リンクカード：指定
compose-card-of = リンクカード（{ $number }つ目）
compose-card-first = 本文の最初のリンク
compose-card-none = なし
compose-card-own = 次のアドレス
compose-card-address = リンクカードのアドレス
