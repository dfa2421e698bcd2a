# Channels: connected profiles.
channels-none = No channel yet
channels-none-help = Connect a profile, and posts can go out on it.
channels-none-ask = Ask an owner or admin to connect one.
channels-connect = Connect a channel
channel-connected = Connected
channel-paused = Paused
channel-reconnect-do = Reconnect
channel-last = last post { $at }
channel-queue =
    { $count ->
        [one] 1 post waits for it, planned for { $at }.
       *[other] { NUMBER($count) } posts wait for it; the first is planned for { $at }.
    }
channel-planned =
    { $count ->
        [one] 1 post is planned on it, next { $at }.
       *[other] { NUMBER($count) } posts are planned on it, next { $at }.
    }
channel-queue-paused =
    { $count ->
        [one] 1 post is planned on it, for { $at }. Nothing goes out while the pause lasts.
       *[other] { NUMBER($count) } posts are planned on it, the first for { $at }. Nothing goes out while the pause lasts.
    }
channel-queue-late =
    { $count ->
        [one] 1 post is planned on it and has been waiting since { $at }.
       *[other] { NUMBER($count) } posts are planned on it; the first has been waiting since { $at }.
    }
channel-more = More for { $handle }
channel-remove = Remove this channel
channel-remove-help = What is out stays out.
channel-remove-held =
    { $count ->
        [one] Remove, and hold 1 planned post
       *[other] Remove, and hold { NUMBER($count) } planned posts
    }
channel-remove-held-help = What is out stays out. Held posts go on if you connect the same profile again in time.
channel-remove-cancelled =
    { $count ->
        [one] Remove, and cancel 1 planned post
       *[other] Remove, and cancel { NUMBER($count) } planned posts
    }
channel-removed = The channel is removed. Its history is kept.
channel-removed-held =
    { $count ->
        [one] The channel is removed. 1 post is on hold; its history is kept.
       *[other] The channel is removed. { NUMBER($count) } posts are on hold; its history is kept.
    }
channel-removed-cancelled =
    { $count ->
        [one] The channel is removed. 1 post was cancelled; its history is kept.
       *[other] The channel is removed. { NUMBER($count) } posts were cancelled; its history is kept.
    }
channel-done = { $handle } is connected.
connect-title = Connect { $network }
connect-choose = Which profile?
connect-go-on = Connect
connect-kept = Passwords are kept encrypted and are never shown again.
channel-signed-out = Signed out
