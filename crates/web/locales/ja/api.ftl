# スクリプトへの説明。
api-no-route = このアドレスには何もありません。APIの説明（/api/v1/openapi.json）で確認してください。
api-method = このアドレスではそのメソッドは使えません。使えるメソッドはAllowヘッダーにあります。
api-token-missing = どなたからの要求かが必要です。APIトークンを「Authorization: Bearer bw_…」として送ってください。
api-token-not-good = このトークンは使えません。存在しないか、期限が切れたか、取り消されています。新しく作るか、全体がコピーされているか確認してください。
api-content = 何も書き込まれず、予定もされていません。直してから、もう一度送ってください。
api-json-empty = 本文がありません。何も変更していません。このアドレスの説明にあるJSONを送ってください。
api-json-malformed = 本文がJSONではありません（{ $line }行目{ $column }文字目）。何も変更していません。
api-json-zero = 本文のテキストに、保存できないヌル文字（U+0000）が含まれています。何も変更していません。取り除いてください。
api-json-unfit = { $what ->
    [missing] 「{ $at }」に「{ $name }」がありません。何も変更していません。追加してください。
    [unknown] 「{ $at }」の「{ $name }」は使えません。何も変更していません。使えるもの：{ $known }。
    [choice] 「{ $at }」の「{ $name }」は使えません。何も変更していません。次のいずれかです：{ $known }。
    [id] 「{ $at }」には018f0000-0000-7000-8000-000000000000のようなIDが必要です。何も変更していません。
    [twice] 「{ $at }」に「{ $name }」が2回あります。何も変更していません。1回だけ送ってください。
    [kind] 「{ $at }」には別の種類の値が必要です。何も変更していません。このアドレスの説明を確認してください。
   *[other] 本文の「{ $at }」が合いません：{ $why }。何も変更していません。
}
api-json-too-large = 本文が{ NUMBER($max) }バイトを超えています。何も変更していません。
api-body-cut = 本文が途中で切れました。何も変更していません。もう一度送ってください。
api-media-type = ここでは{ $expected }形式の本文が必要です。何も変更していません。そのContent-Typeで送ってください。
api-query-unfit = 疑問符の後ろの「{ $name }」が合いません。何も変更していません。このアドレスの説明を確認してください。
api-last-event-id-unfit = Last-Event-IDには最後に受け取ったイベントの番号を入れます。省略すると次のイベントから始まります。
api-revision-missing = ほかの人の変更を上書きしないよう、読み取った版をIf-Matchまたは「revision」で示してください。何も変更していません。
api-form-unreadable = フォームを読み取れませんでした。何も保存していません。ファイルそのものか、完全なmultipartフォームを送ってください。
api-form-without-file = フォームにファイルの項目「{ $field }」がありません。何も保存していません。
idempotency-key-unfit = Idempotency-Keyは1つのヘッダーで、1～{ $max }文字のASCII文字（UUIDなど）です。何も変更していません。
idempotency-running = このキーの要求はまだ処理中です。少し待ってからもう一度送ると、その結果を受け取れます。
idempotency-outcome-unknown = このキーの要求の処理中にサーバーが停止したため、実行されたかどうか分かりません。再実行はしません。結果を確認し、必要なら新しいキーで送ってください。
idempotency-other-request = このキーは別の要求で使われています。何も変更していません。新しい要求には新しいキーを使ってください。
measure-other-network = そのチャンネルは別のネットワークのものです。そのネットワークを指定するか、チャンネルを省いてください。
measure-channel-without-workspace = チャンネルはワークスペースと合わせて指定します。「workspace」と「channel」の両方を送るか、どちらも省いてください。
connect-state-missing = 回答は手順に対するものです。項目と一緒に届いた「state」を付けて送ってください。ネットワークには何も送っていません。
pause-scope-unfit = 範囲の指定が合いません。「channel」にはチャンネル、「network」にはネットワークが必要で、ほかには不要です。何も変更していません。
error-media-type-title = この種類の本文は受け付けていません
error-media-type-next = 何も変更していません。このアドレスの説明どおりに送ってください。
error-precondition-title = 読み取ったときと状態が違います
error-precondition-next = 何も上書きしていません。読み直してから変更を送ってください。
error-idempotency-title = このキーの要求はすでに届いています
error-idempotency-next = 2回目は実行していません。
error-busy-title = ただいま混み合っています
error-busy-next = データベースの応答が間に合いませんでした。少し待ってからもう一度お試しください。
error-database-away-title = データベースが応答しません
error-database-away-next = 復旧するまで、読み込みも保存もできません。保存済みのものは無事です。1分ほどしてからもう一度お試しください。詳しくはサーバーの管理者がログで確認できます。
