# What the publishing slice says, in English.

not-found-delivery = There is no such delivery in this brand.
schedule-no-channel = No channel is chosen. Nothing was planned. Choose where it goes.
# $channel (text): its handle.
schedule-paused = Publishing on { $channel } is paused. It is planned, and goes out only if the pause is over by then.
schedule-already-live = This post is out on { $channel } already. Nothing was planned. To publish it there again, write another post with the same text.
schedule-already-planned = This post is planned on { $channel } already, or waits there for you. Nothing was planned a second time. Change its time there, send it again there, or cancel it first.
# $allowed (number): posts in the network’s window.
schedule-over-quota = More is planned around that time than the network takes: { $allowed } is the most. Nothing gets lost; some of it goes out later.
# $local (text): the time as typed. $zone (text): its zone.
time-past = { $local } ({ $zone }) is past already. Nothing was planned. Choose a time that lies ahead.
# $text (text): what was typed.
time-malformed = “{ $text }” is not a date and time that exists. Nothing was planned. Write it like 2026-12-24T18:00.
time-out-of-range = That date is too far away. Nothing was planned. Choose a nearer one.
# $zone (text): what was asked for.
zone-unknown = There is no time zone called “{ $zone }”. Nothing was changed. Use a name such as Europe/Paris.
delivery-moved-on = It has moved on in the meantime. Nothing was done. Look at where it is now.
delivery-already-begun = It has begun to go out, so it cannot be changed any more. Wait for the end; then you can take it down.
delivery-missed = Its time was past by more than the grace allows, so it was not sent. Your text is kept. Send it now, choose another time, or give it up.
delivery-held-paused = Publishing is paused. It waits, and nothing is lost.
delivery-cancelled-with-channel = It was given up, because its channel was removed from this brand.
delivery-held-look-first = Publishing goes on. This post waits until somebody has looked at it.
delivery-interrupted = We were interrupted while sending. We look whether it arrived before anything is sent again.
delivery-cannot-look = The network does not answer when we look. We keep trying; nothing is sent meanwhile.
delivery-cannot-delete = It could not be taken down yet: the network does not do it. We keep trying. Look there; you can also take it down by hand.
delivery-rendering-too-slow = Getting it ready took too long. Nothing was sent. We try again by ourselves.
attach-not-a-link = That is not a link. Nothing was changed. Copy the address of the post; it starts with https://.
delete-not-offered = This network does not let us take posts down. Nothing was changed. Take it down there.
delete-already-asked = It is being taken down already.
delete-nothing-out = Nothing of it is out, so there is nothing to take down.
delete-only-a-link = We know only the link that somebody gave us. Nothing was changed. Open it and take the post down there.
delete-while-sending = A part of it is on its way or in doubt, so nothing was taken down. Settle that first; then take it down.
pause-not-on = There is no pause to end. Publishing goes on already.
pause-lifted-meanwhile = Somebody ended this pause while it was being confirmed. Publishing goes on.
pause-reason-missing = Resuming needs a reason, for the log and for your colleagues. Nothing was changed. Write one sentence.
pause-reason-too-long = That reason is longer than 500 characters. Nothing was changed. Shorten it.
clock-jumped = This machine’s clocks drifted { $seconds } seconds apart, so nothing is sent. Nothing is lost. Check the clock; then tell the engine that it is right.
clock-behind-heartbeat = This machine’s clock is { $seconds } seconds behind its last sign of life, so nothing is sent. Nothing is lost. Check the clock; then tell the engine that it is right.
delivery-trouble-here = Something is wrong in this installation, not with the network. Nothing was sent. We keep trying; whoever runs Bellwether finds the reason in its log.
delete-not-confirmed = We could not confirm that it was taken down. Open the post and look. If it is still there, ask again.
clock-not-stopped = Sending was not stopped because of the clock. Nothing was changed.
delivery-absent-late = It is not there, and we saw that only later: somebody may have taken it down. Your text is kept. Look, then send it again or leave it.
delivery-not-seen = We sent it once and cannot see it there, which proves nothing. Your text is kept, and nothing more is sent until you have looked.
delivery-cannot-tell = We sent it once, and the network does not tell us whether it arrived. Your text is kept, and nothing more is sent until you have looked.
retry-not-yet = It has not gone out yet, so there is nothing to send again. Nothing was changed. It goes out by itself: { $at }.
retry-by-itself = It did not go out yet, and is tried again by itself. Nothing was changed.
retry-on-its-way = It is on its way already, so nothing was sent a second time. Wait for the end.
retry-while-looking = We are still looking whether it arrived, so nothing was sent again. If looking does not tell, you are asked.
retry-is-out = It is out already. Nothing was sent again.
retry-on-hold = It is on hold, so nothing was sent. It goes out when what holds it is settled: a pause, a lost login, or a look that it waits for.
