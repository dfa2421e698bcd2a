brands-title = ブランド
brands-none = ブランドはまだありません
brands-none-help = ブランドごとにチャンネル、投稿、メンバーを持ちます。
brands-none-ask = オーナーか管理者に、参加できるよう依頼してください。
brand-new = 新しいブランド
brand-make = ブランドを追加
brand-made = { $name }を追加しました。まずチャンネルを接続しましょう。
