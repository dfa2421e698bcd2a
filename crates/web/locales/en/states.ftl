# The states of posts and deliveries, as badges say them.
state-draft = Draft
state-in-review = In review
state-changes-asked = Changes asked
state-ready = Ready
state-scheduled = Scheduled
state-sending = Publishing
state-processing = Publishing
state-live = Published
state-partly-live = Partly published
state-refused = Failed: { $network } said no
state-checking = Checking
state-unknown = Not confirmed: look
state-held =
    { $reason ->
        [paused] On hold: paused
        [login] On hold: reconnect
        [look_first] On hold: look first
       *[other] On hold: waiting
    }
state-missed = Missed: not sent
state-waiting-for-person = To post by hand
state-cancelled = Cancelled
state-deleted = Taken down
state-refused-here = Failed: does not fit { $network }
