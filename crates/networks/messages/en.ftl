# What connectors say, in English. Each message is used by the key before the
# equals sign; the other languages have the same keys.

## Servers

server-bad-address = That is not an address we can call. Nothing was sent. Check it for typing mistakes; it starts with https:// and holds no password.
server-private-address = That address leads into a private network, so we did not call it. Nothing was sent. If the server is yours, ask whoever runs Bellwether to allow its address range.
server-not-found = There is no server with that name. Nothing was sent. Check the address for typing mistakes.
server-not-answering = Nobody answers at that address. Nothing was sent. The server may be down: try again in a few minutes, or check the address.
server-certificate = The server’s certificate is not valid, so we did not trust it. Nothing was sent. Ask whoever runs the server to renew it.
server-slow = The server took too long to answer. Your content is kept. We look whether it arrived before anything is sent again.
server-cut = The connection broke before the answer came. Your content is kept. We look whether it arrived before anything is sent again.
server-slow-asked = The server took too long to answer. Nothing was changed there. Check the address, or try again in a few minutes.
server-cut-asked = The connection broke before the answer came. Nothing was changed there. Check the address, or try again in a few minutes.
server-answer-too-large = The server’s answer was too large to be right. Your content is kept. Check that the address is that of the server itself.
server-redirects = The server sent us somewhere else instead of answering. Your content is kept. Check that the address is that of the server itself.
# $status (number): the HTTP status code.
server-html = A web page came back where the server’s answer should be (code { $status }). Nothing is lost. Check that the address is that of the server itself; if it is, something in front of it may be in the way: try again later.
# $status (number): the HTTP status code.
server-trouble = The server is in trouble (code { $status }). Your content is kept. We try again by ourselves; nothing goes out twice.
server-not-understood = The server answered something that we do not understand. Your content is kept. We look whether it arrived before anything is sent again.
not-sent-in-time = The request did not get out in time, so it was not sent. Your content is kept. We try again by ourselves.
# $until (date and time, as 2026-01-02T03:04:05.678Z): when calls are taken again.
rate-limited = The network takes no more calls from this channel until { $until }. Your content is kept and goes out after that by itself.

## Logins

login-incomplete = Something is missing. Fill in every field and try again.
login-refused = The server does not know this name with this password. Nothing was connected. Check both; you need an app password, not the one you sign in with.
login-second-factor = This account asks for a code at every sign-in. Nothing was changed. Make an app password in the account’s settings and use it here: it needs no code.
login-expired = The login ran out. Your content is kept. We renew the login by ourselves and go on.
login-gone = The network no longer accepts this login. Your drafts, schedule and history are kept. Connect the channel again to go on.
login-unreadable = The stored login cannot be read any more. Your drafts, schedule and history are kept. Connect the channel again to go on.

## Content

content-empty = There is nothing to publish yet. Write something first.
# $parts (number): parts in the thread. $max (number): parts allowed.
content-too-many-parts = The thread has { $parts } parts; { $max } is the most. Join or remove some.
frozen-unreadable = The stored request cannot be read, so it was not sent. Your draft is kept. Schedule it again.
not-our-post = This post was not published by this channel, so it was not taken down. Open it on the network and look.

text-empty = This part is empty. Write something or remove it.
# $over (number): units too many. $limit (number): units allowed. $unit: graphemes, weighted, characters or utf16.
text-too-long = { $over ->
    [one] One character too many; { $limit } fit.
   *[other] { $over } characters too many; { $limit } fit.
}
# $over (number): bytes too many. $limit (number): bytes allowed.
text-too-many-bytes = The text is { $over } bytes too large; { $limit } fit. Emoji and some scripts take more room than others: shorten it a little.
# $character: a code point, as U+FEFF.
text-forbidden-character = The network does not take the invisible character { $character }. Remove it; typing the text anew helps where it cannot be seen.

# $count (number): pictures chosen. $max (number): pictures allowed.
pictures-too-many = { $count } pictures are too many; { $max } is the most. Remove some.
# $number (number): which picture, counted from one.
picture-without-description = Picture { $number } has no description. People who cannot see it will not know what it shows.
# $number (number): which picture. $length and $max (numbers): characters.
picture-description-too-long = The description of picture { $number } has { $length } characters; { $max } fit. Shorten it.
# $number (number): which picture. $kind: a media type, as image/tiff.
picture-kind-unknown = Picture { $number } is of a kind we cannot send ({ $kind }). Use JPEG, PNG, GIF or WebP.

# $kind: a kind of picture, as HEIF.
# $megapixels (number): millions of pixels.

media-gone = One of the pictures is no longer stored, so the post was not sent. Everything else is kept. Add the picture again.
media-unreadable = One of the pictures could not be read just now. Your content is kept. We try again by ourselves.

# $address: what was typed.
card-bad-address = “{ $address }” cannot have a link card. Use an address that starts with https://, or none.
card-beside-pictures = A post has room for pictures or a link card, not both: the pictures are shown, the card is not.

# $count (number): languages chosen. $max (number): languages allowed.
languages-too-many = { $count } languages are too many; { $max } is the most. Remove some.
# $language: what was given.
language-unknown = “{ $language }” is not a language that the network knows. Choose one from the list.
# $option: the option’s name.
option-unknown = There is no option called “{ $option }” on this network. Remove it.
# $option: the option’s name. $value: what was given.
option-value-unknown = “{ $value }” is not a choice for “{ $option }”. Choose one from the list.

## Bluesky

bluesky-server = Server
bluesky-server-help = Leave this as it is unless your account lives on a server of its own.
bluesky-identifier = Handle or email
bluesky-identifier-help = As in name.bsky.social. The @ is not needed.
bluesky-app-password = App password
bluesky-app-password-help = Make one in Bluesky under Settings, Privacy and security, App passwords. It looks like abcd-efgh-ijkl-mnop. You can take it back there at any time.

bluesky-who-can-reply = Who can reply
bluesky-who-can-reply-help = Applies to the whole thread. Nothing chosen means everybody.
bluesky-who-can-reply-everybody = Everybody
bluesky-who-can-reply-nobody = Nobody
bluesky-who-can-reply-mentioned = People mentioned in the post
bluesky-who-can-reply-following = People this account follows
bluesky-who-can-reply-followers = Followers of this account
bluesky-who-can-reply-contradicts = “Everybody” and “Nobody” each stand alone. Choose one of them, or some of the others.

bluesky-labels = Content warning
bluesky-labels-help = People see the warning before the pictures.
bluesky-labels-sexual = Suggestive
bluesky-labels-nudity = Nudity
bluesky-labels-porn = Adult content
bluesky-labels-graphic-media = Violence or other disturbing pictures

bluesky-not-a-server = There is a server at that address, but it is no Bluesky server. Nothing was sent to it. Check the address; for most accounts it is bsky.social.
bluesky-account-taken-down = The server has taken this account down. Your drafts, schedule and history are kept. Write to the server’s moderators; when the account is back, connect the channel again.
bluesky-account-deactivated = This account is deactivated. Your drafts, schedule and history are kept. Sign in to Bluesky to bring it back, then connect the channel again.
bluesky-account-moved = The account is no longer on this server. Your drafts, schedule and history are kept. Connect the channel again: we find its new server.
bluesky-already-there = A post with this key is there already. Nothing was overwritten. We look whether it is this one.
bluesky-refused = Bluesky did not accept this post. Your draft is kept. Read what the server said, change the post, and try again.
bluesky-too-large = The server did not accept something this large. Your draft is kept. Use fewer or simpler pictures, and try again.
bluesky-picture-gone = The server no longer has an uploaded picture. Nothing was published. We upload it again by ourselves.
# $handle: as typed, without @.
bluesky-mention-unknown = Nobody on Bluesky is called @{ $handle }, so it is plain text without a link.

## Mastodon and servers that speak like it

mastodon-server = Server
mastodon-server-help = Where the account lives, as in mastodon.social. Your whole name, as in @name@mastodon.social, will do as well.
mastodon-token = Access token
mastodon-token-help = On your server, open Preferences, Development, New application. Tick read, write:statuses and write:media, save, open the application and copy “Your access token”. You can take it back there at any time.

mastodon-visibility = Visible to
mastodon-visibility-help = Applies to the whole thread.
mastodon-visibility-public = Everybody, and in public timelines
mastodon-visibility-unlisted = Everybody, but not in public timelines
mastodon-visibility-private = Followers
mastodon-visibility-direct = People mentioned in the post

mastodon-content-warning = Content warning
mastodon-content-warning-help = A line that stands in front of the post; people open the post with a click. It counts as part of the text.
mastodon-sensitive = Pictures
mastodon-sensitive-help = Hidden pictures appear with a click.
mastodon-sensitive-no = Shown
mastodon-sensitive-yes = Hidden until clicked

mastodon-poll = Poll
mastodon-poll-help = One choice per line. The poll belongs to the first part, which then has no pictures.
mastodon-poll-closes = Poll closes after
mastodon-poll-closes-help = Counted from when the post goes out.
mastodon-poll-closes-5m = 5 minutes
mastodon-poll-closes-30m = 30 minutes
mastodon-poll-closes-1h = 1 hour
mastodon-poll-closes-6h = 6 hours
mastodon-poll-closes-12h = 12 hours
mastodon-poll-closes-1d = 1 day
mastodon-poll-closes-3d = 3 days
mastodon-poll-closes-7d = 7 days
mastodon-poll-choices = People choose
mastodon-poll-choices-help = How many choices each person has.
mastodon-poll-choices-one = One
mastodon-poll-choices-several = Several
mastodon-poll-totals = Results
mastodon-poll-totals-help = Whether people see the counts while the poll is open.
mastodon-poll-totals-shown = Shown from the start
mastodon-poll-totals-hidden = Hidden until the poll closes

mastodon-quote = Quote a post
mastodon-quote-help = The address of the post to quote. Its author must allow it.
mastodon-who-can-quote = Who can quote it
mastodon-who-can-quote-help = What you choose here stands above the account’s own settings.
mastodon-who-can-quote-account = As the account’s settings say
mastodon-who-can-quote-public = Everybody
mastodon-who-can-quote-followers = Followers
mastodon-who-can-quote-nobody = Nobody

mastodon-not-a-server = There is a server at that address, but none that we can talk to as Mastodon. Your token was not sent to it. Check the address.
mastodon-token-refused = The server does not take this token. Nothing was connected. Copy it again, and check that it is from this server.
mastodon-scope-missing = This token may not do what is needed. Your drafts, schedule and history are kept. Give it read, write:statuses and write:media on your server, then connect the channel again with the new token.
mastodon-account-locked = The server lets this account do nothing for now. Your drafts, schedule and history are kept. Sign in there and see what it says; then connect the channel again.
mastodon-already-there = The server says that it has had this post before. We look for it; nothing goes out twice.
mastodon-refused = The server did not accept this post. Your draft is kept. Read what the server said, change the post, and try again.
mastodon-too-large = The server did not accept something this large. Your draft is kept. Use fewer or simpler pictures, and try again.
mastodon-picture-busy = The server has not finished with a picture. Nothing was published. We try again by ourselves.
mastodon-picture-gone = The server no longer has an uploaded picture. Nothing was published. We upload it again by ourselves.
mastodon-picture-failed = The server could not make anything of a picture. Nothing was published; your draft is kept. Use another file for it.

mastodon-no-polls = This server has no polls. Remove the poll.
mastodon-poll-beside-pictures = The first part has room for a poll or pictures, not both. Remove one of them.
# $count (number): choices given. $max (number): choices allowed.
mastodon-poll-wrong-number = A poll has 2 to { $max } choices here; this one has { $count }.
# $choice: its text. $length and $max (numbers): characters.
mastodon-poll-choice-too-long = “{ $choice }” has { $length } characters; { $max } fit into a choice. Shorten it.
# $choice: its text.
mastodon-poll-choice-twice = “{ $choice }” is in the poll twice. Remove one.
mastodon-poll-wrong-time = This server has no polls that are open for so long or so short. Choose another time.
mastodon-no-quotes = Posts cannot be quoted on this server. Remove the quote and the choice on who can quote.
# $address: what was typed.
mastodon-quote-no-address = “{ $address }” is not the address of a post. It starts with https://.
mastodon-quote-beside-poll = A post can quote another one or have a poll, not both. Remove one of them.
# $address: what was typed.
mastodon-quote-unknown = The server finds no post at { $address } that could be quoted. Nothing was published; your draft is kept. Check the address, or remove the quote.
# $over (number): characters too many. $limit (number): characters allowed. $warning (number): characters of the content warning.
mastodon-too-long-with-warning = { $over ->
    [one] One character too many; { $limit } fit, and the content warning takes { $warning } of them.
   *[other] { $over } characters too many; { $limit } fit, and the content warning takes { $warning } of them.
}
mastodon-direct-to-nobody = This part mentions nobody, so nobody will see it. Mention somebody, or choose who sees the post.
mastodon-own-card = The server makes the link card itself, from the first link of the text. The address chosen here is not used.
# $language: the first one.
mastodon-one-language = A post has one language here; the first one ({ $language }) is used.
mastodon-picture-needed = This server takes a post only with a picture. Add one to the first part.
# $max (number): characters allowed.
mastodon-warning-too-long = The content warning is too long for this server; { $max } characters fit.
mastodon-no-direct = This server has no posts for only those who are mentioned. Choose who sees the post.

## Pictures

image-not-an-image = That file is not a picture. It was not stored. Choose a JPEG, PNG, GIF or WebP file.
# $kind: a kind of file, as in HEIF.
image-unsupported = { $kind } files cannot be used. It was not stored. Save it as JPEG, PNG, GIF or WebP first.
# $megapixels (number): millions of pixels allowed.
image-too-many-pixels = That picture has more than { $megapixels } megapixels. It was not stored. Make it smaller first.
image-damaged = That picture is damaged and cannot be opened. It was not stored. Save it anew and try again.
image-cannot-fit = That picture cannot be made small enough for the network. Your post is kept. Use a simpler one.
