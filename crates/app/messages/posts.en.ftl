# What the posts slice says, in English.

not-found-post = There is no such post in this brand.
post-changed-meanwhile = Somebody changed this post while you were writing. Nothing of theirs was overwritten, and what you typed is kept. Copy what you need, then load the post again.
post-thread-begun = Part of this thread was begun, so its number of parts cannot change any more. What you typed is kept. Change the words only, or write a new post.
post-delete-was-sent = Some of this post was sent to a network, so its record stays. Take down what is out, if it should not be there.
post-delete-planned = This post is planned. Cancel it on its channels first, then delete it. Nothing was changed.
post-too-many-parts = A draft holds 100 parts. Nothing was changed. Remove some, or make two posts of it.
post-part-too-long = One part holds 100,000 characters. Nothing was changed. Shorten it, or split it.
