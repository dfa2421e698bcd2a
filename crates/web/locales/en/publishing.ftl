# Publishing: the log, the ways out, the pause.
log-title = Publishing log
log-place = { $place }:{ " " }
log-try = Try { $number }
log-vendor = What came back: { $words }
log-planned = planned for { $at }.
log-sending = sending. The try was written down before it began, so that a crash cannot send it twice.
log-prepared = ready to be sent: the text and pictures are frozen as they are.
log-renewed = the login was renewed.
log-published = published.
log-accepted = taken, and still being worked on there.
log-lost = no answer. We stopped, did not send again, and look first.
log-found = looked again. It is there.
log-absent = looked again. It is certainly not there.
log-not-seen = looked again. It was not to be seen, which proves nothing yet.
log-cannot-tell = does not let us look. A person has to.
log-taking-down = taking down.
log-taken-down = taken down.
deed-look = Open the profile and look
deed-attach = It is there: keep the link
deed-attach-url = Link to the post
deed-attach-help = Until you say so, we send nothing more to { $network } for this post, so that it can never be there twice.
deed-send-again = It is not: send again
deed-try-again = Try again
deed-send-now = Send it now
deed-go-on = Go on with the rest
deed-leave = Leave it
deed-give-up = Give it up
deed-mend = Mend the post
deed-cancel = Cancel it
deed-release = Let it go out
deed-move = Another time
deed-move-do = Move it
deed-let-through = Let this one through
deed-let-through-help = This one goes out although publishing is paused. It is written in the log with your name.
deed-let-through-do = Yes, let it through
deed-take-down = Take down
deed-take-down-help = It disappears from { $network}. Replies and likes there go with it.
deed-take-down-do = Take it down
deed-retried = It is on its way again.
deed-attached = The link is kept. It counts as published.
deed-dropped = Left as it is. Nothing more is sent.
deed-cancelled = Cancelled. The text is kept.
deed-released = It goes out.
deed-passed = It goes out in spite of the pause.
deed-delete-asked = It is being taken down.
deed-rescheduled = Moved to the new time.
stopped-scope-installation = All brands.
stopped-scope-network = { $network }, in all brands.
stopped-scope-workspace = This brand.
stopped-scope-channel = Only { $handle }.
# $count (number): pauses that are on, two at least.
stopped-several = Stopped: { NUMBER($count) } pauses are on
stopped-level-planned = Planned posts wait. You can still reply.
stopped-level-replies = Planned posts and replies wait.
stopped-level-everything = Everything waits.
stopped-not-certain = A request is still on the wire.
stopped-why = Why?
stopped-why-help = For the log and for your colleagues. Needed only to resume.
resume-look-first = Resume, and look at them first
resume-all = Resume, and let them go out
resumed = Publishing goes on.
resumed-look-first = Publishing goes on. What was held waits for your look.
# $count (number): pauses that are still on.
resumed-others =
    { $count ->
        [one] That pause is over. Another one is still on.
       *[other] That pause is over. { NUMBER($count) } others are still on.
    }
log-planned-by = { $name } planned it for { $at }.
log-moved = moved to { $at }.
log-moved-by = { $name } moved it to { $at }.
log-sent-again = asked to send it again.
log-sent-again-by = { $name } asked to send it again.
log-attached = a link was given: it is there.
log-attached-by = { $name } found it there and gave the link.
log-dropped = left as it is. Nothing more is sent.
log-dropped-by = { $name } left it as it is. Nothing more is sent.
log-cancelled = cancelled. The text is kept.
log-cancelled-by = { $name } cancelled it. The text is kept.
log-released = looked at and let go.
log-released-by = { $name } looked at it and let it go.
log-let-through = let through the pause.
log-let-through-by = { $name } let it through the pause.
log-delete-asked = asked to take it down.
log-delete-asked-by = { $name } asked to take it down.
stopped-by = Stopped by { $name }.
stopped-held =
    { $count ->
        [0] Nothing is on hold yet.
        [one] 1 is on hold.
       *[other] { NUMBER($count) } are on hold.
    }
clock-stopped = Nothing is sent: the clock may be wrong
clock-confirm = The clock is right: go on
clock-confirm-help = We go on by ourselves as soon as a server that we publish to confirms the time. You can also look at the clock of this machine and say so.
clock-ask = We go on by ourselves as soon as a server that we publish to confirms the time. An owner or admin can also say that the clock is right.
clock-confirmed = Thank you. Sending goes on.
pauses-title = Pauses
pauses-about = All pauses, and what they cannot stop
pauses-none = Nothing is paused. What is planned goes out at its time.
pause-title = Pause publishing
pause-more-title = Pause more
pause-place = What
pause-place-workspace = This brand
pause-place-channel = Only { $handle } ({ $network })
pause-place-network = { $network }, in all brands
pause-place-installation = All brands, everywhere
pause-level = How much
pause-level-planned = Planned posts
pause-level-replies = Planned posts and replies
pause-level-everything = Everything but taking down
pause-cannot = A pause stops only what Bellwether sends. It cannot stop what is planned in the network itself, other programs, people with the same login, or a request that has left already.
stopped-why-unsaid = Nobody has said why yet.
log-checked-here = our own check before sending said no. Nothing was sent.
pauses-all = See all pauses
