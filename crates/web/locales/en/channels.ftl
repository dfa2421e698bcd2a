# Channels: connected profiles.
channels-none = No channel yet
channels-none-help = Connect a profile, and posts can go out on it.
channels-none-ask = Ask an owner or admin to connect one.
channels-connect = Connect a channel
channel-connected = Connected
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
channel-done = { $handle } is connected.
connect-title = Connect { $network }
connect-choose = Which profile?
connect-go-on = Connect
connect-kept = Passwords are kept encrypted and are never shown again.
channel-signed-out = Signed out
