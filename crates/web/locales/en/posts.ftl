# Posts: the list, the page of one, the composer.
posts-none = Nothing written yet
posts-none-help = A post is one idea. Write it once, look at it as each network shows it, and say when it goes out.
posts-none-reader = What your colleagues write will be here.
posts-first = Write the first post
posts-older = Older posts
# $count (number): deliveries that go on only when somebody does something; 100 and more are 100.
posts-needing =
    { $count ->
        [one] 1 needs you
        [100] 100 or more need you
       *[other] { $count } need you
    }
posts-needing-title = What needs you
posts-needing-none = Nothing needs you
posts-all = All posts
posts-no-older = Nothing older
post-untitled = No text yet
post-channels =
    { $count ->
        [one] 1 channel
       *[other] { $count } channels
    }
post-do-look = Look and tell us
post-do-mend = Mend it
post-do-decide = Decide
post-do-by-hand = Post it by hand
post-do-reconnect = Reconnect
post-do-release = Look at it
post-updated = Changed { $at }
post-go-on = Go on writing
post-edit = Change the text
post-delete = Delete
post-delete-help = It is deleted for good, with its versions. Nothing of it was ever sent.
post-delete-do = Delete this post
post-deleted = The post is deleted.
post-without-text = No text in this part.
post-saved = Saved.
post-scheduled =
    { $count ->
        [one] Planned on 1 channel for { $at }.
       *[other] Planned on { $count } channels for { $at }.
    }
post-sent =
    { $count ->
        [one] On its way to 1 channel.
       *[other] On its way to { $count } channels.
    }
where-title = Where it is
where-nowhere = Nothing is planned yet.
where-open = Open
where-live = Published once on { $network }, { $at }.
where-scheduled = Goes out { $at }.
where-sending = It is on its way to { $network }.
where-processing = { $network } has taken it and is still working on it.
where-partly-live = { $out } of { $count } parts are out on { $network }.
where-refused = { $network } said no. Your text is kept.
where-checking = The answer of { $network } got lost. We are looking, and send nothing meanwhile.
where-unknown = We sent it once, and { $network } does not tell us whether it arrived. Please look.
where-held = It waits. Nothing is lost.
where-missed = Its time is past, so we did not send it.
where-waiting-for-person = Somebody posts it by hand.
where-cancelled = It will not go out on { $network }.
where-deleted = It was taken down on { $network }.
compose-title = New post
compose-edit-title = Change the post
compose-text = Text
compose-part = Text, part { $number }
compose-add-part = Add part { $number }
compose-remove-part = Remove part { $number }
compose-language = Language of the text
compose-language-unsaid = Language
compose-options = Choices for { $network }
compose-no-channels = There is no channel yet. You can write and save; connect one to publish.
compose-kept = What you typed is kept, as you see.
compose-there-planned = planned
compose-there-live = published
compose-restored = This is what you typed here before. It was not saved yet.
compose-send = Send
compose-save = Save as draft
compose-look = Count and preview
compose-when = When, in { $city } time
compose-now = Publish now
compose-other-ways = Other ways to send
compose-schedule =
    { $count ->
        [0] Schedule for { $brand }
        [one] Schedule for { $brand }: 1 channel
       *[other] Schedule for { $brand }: { $count } channels
    }
compose-schedule-at =
    { $count ->
        [0] Choose a channel
        [one] Schedule for { $brand }: 1 channel, { $at }
       *[other] Schedule for { $brand }: { $count } channels, { $at }
    }
limit-over =
    { $count ->
        [one] 1 too many
       *[other] { NUMBER($count) } too many
    }
preview = Preview
preview-title = As it will look
preview-none = Choose a channel to see how it will look there.
preview-own-version = { $network } has its own text, which is not changed here.
shift-gap = The clocks go forward over that time. It goes out { $at }.
shift-overlap = The clocks go back, so that time comes twice. It goes out the first time, { $at }.
compose-time-past = That time is past. Choose one that lies ahead, or send it now.
compose-add-picture = Picture
compose-upload = Add what is chosen
compose-alt = Alt text of picture { $number }
compose-alt-help = What should somebody know who cannot see it?
compose-remove-picture = Remove picture { $number }
compose-remove = Remove
where-next-try = The next try is { $at }.
# $at (time): when it was planned. $until (time): until then it may still go out by itself.
where-held-until = Planned for { $at }. If it cannot go out before { $until }, you are asked.
where-held-late = It was planned for { $at }. That is so long ago that you are asked before it goes out.
where-next-look = We look again { $at }.
where-taking-down = It is being taken down on { $network }.
compose-sent-before = You sent this before, and we cannot tell whether it arrived. Look in the list of posts before you send it again.
where-open-part = Part { $number }
where-its-turn = Its time has come. It waits for an earlier post on this channel, which is not settled yet.
compose-save-change = Save the change
limit-aloud =
    { $count ->
        [one] Part { $number }: 1 character too many.
       *[other] Part { $number }: { NUMBER($count) } characters too many.
    }
where-checked-here = Our own check before sending held it back: { $network } would not take it like this. Nothing was sent, and your text is kept.
sent-out-title = Changed since it went out. What went out here
sent-title = Changed since it was sent. What was sent here
sent-out-help = The post was changed after it went out. Here it stands as it went out:
sent-help = The post was changed after this was sent. On its way, or there already, is this:
sent-pictures-gone =
    { $count ->
        [one] With 1 picture that is not stored here any more.
       *[other] With { $count } pictures that are not stored here any more.
    }
compose-sent-stays =
    { $count ->
        [one] This was sent to 1 channel already. What is there stays as it is: the network lets nobody change it. Your change is kept here and goes out wherever it was not sent yet.
       *[other] This was sent to { $count } channels already. What is there stays as it is: the networks let nobody change it. Your change is kept here and goes out wherever it was not sent yet.
    }
post-saved-sent-stays = Saved here. What was sent already stays as it was.
compose-card = Link card
compose-card-no = No link card
compose-card-chosen = Link card: chosen
compose-card-of = Link card of part { $number }
compose-card-first = For the first link in the text
compose-card-none = None
compose-card-own = For this address
compose-card-address = Address of the link card
