# What the people, workspaces and media slices say, in English. Each message is
# used by the key before the equals sign; the other languages have the same keys.

## Setting up

not-found-setup-link = This set-up link is not one of ours. Nothing was changed. Check that you copied all of it; a new one is in the log whenever Bellwether starts without an owner.
setup-link-used = This set-up link was used already, and works only once. Nothing was changed. Sign in as the owner; if that was not you, tell whoever runs this server at once.
setup-already-done = This installation has an owner already. Nothing was changed. Sign in, or ask an owner or admin to add you.
not-set-up = This installation has no owner yet. Nothing was changed. Open the set-up link from the log, or create the owner on the command line.
denied-operator-only = Only whoever runs this server can do this, on its command line. Nothing was changed.

## Signing in

# The same for a wrong password, an unknown e-mail address and somebody who may not sign in any more.
sign-in-wrong = That e-mail address and password do not belong together. Check both and try again. If you forgot the password, ask whoever runs this server to set a new one.
not-found-session = That browser is signed out already, or the session is not yours. Nothing was changed.

## What people type about themselves

email-unfit = That is not an e-mail address. What you typed is kept. Check it for typing mistakes; it looks like name@example.org.
email-taken = Somebody with that e-mail address is on the team already. Nothing was changed. Look for them in the list of people, or use another address.
name-missing = There is no name yet. What you typed is kept. Give a name and try again.
# $max (number): characters.
name-unfit = That name is too long or has characters that cannot be shown. What you typed is kept. Use at most { $max } characters, in one line.
# $min (number): characters.
password-too-short = That password is too short. Nothing was changed. Use at least { $min } characters; a few words in a row are easy to remember.
# $max (number): characters.
password-too-long = That password is too long. Nothing was changed. Use at most { $max } characters.
password-is-yours = That password is your name or e-mail address, which others would try first. Nothing was changed. Choose another one.
password-wrong = That is not your current password. Nothing was changed. Type the one that you signed in with.
password-just-changed = Your password was changed somewhere else at the same moment. That change was kept, this one was not. If it was not you, ask whoever runs this server to set a new one.
language-not-ours = Bellwether does not speak that language yet. Nothing was changed. Choose one from the list.
denied-person-only = Only somebody who is signed in can do this, about themselves. Nothing was changed. A token cannot.

## The team

not-found-person = There is no such person here. They may have been taken off the team.
role-unknown = There is no role of that name. Nothing was changed. Choose one from the list.
role-owner-everywhere = An owner owns the whole organization, not a single brand. Nothing was changed. Make them owner on the page of the organization, or choose Admin here.
last-owner = This is the last owner, and somebody has to be. Nothing was changed. Make somebody else an owner first.
denied-owner-only = Only an owner can make, change or remove an owner. Nothing was changed. Ask an owner to do it.

## Tokens

not-found-token = There is no such token, or it is not yours to change.
token-without-scopes = A token that may do nothing is of no use. Nothing was made. Choose at least one thing that it may do.
# $scope (text): what was asked for.
token-unknown-scope = A token cannot have the scope “{ $scope }”. Nothing was made. The scopes are read, write, publish, channels, pause, override and admin.
token-over-already = That token would be over before it begins. Nothing was made. Choose a time that lies ahead, or none.

## Brands

not-found-workspace = There is no such brand, or it is not yours to see.
workspace-name-missing = There is no name yet. What you typed is kept. Give a name and try again.
# $max (number): characters.
workspace-name-unfit = That name is too long or has characters that cannot be shown. What you typed is kept. Use at most { $max } characters, in one line.
# $zone (text): what was asked for.
time-zone-unknown = There is no time zone called “{ $zone }”. What you typed is kept. Use a name such as Europe/Paris.

## Pictures

not-found-media = That picture is not here any more. It was not used for a day, or never stored for this brand. Upload it again; your text is kept.
# $max (text): a size, such as “50 MB”.
media-too-large = That file is larger than { $max }. It was not stored, and nothing else was changed. Make it smaller and upload it again.
media-cut-off = The upload broke off before the end. Nothing of it was stored; your text is kept. Try again.

## Lists

cursor-unknown = That page of the list cannot be found. Nothing was changed. Begin again with the first page.
setup-link-expired = This set-up link is over: it is older than 24 hours, or there is a newer one. Nothing was changed. Start Bellwether again, and it prints a new link; or create the owner on the command line.
