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
channel-more = More for { $handle }
channel-remove = Remove this channel
channel-remove-help = What is out stays out. What is planned waits, and goes on if you connect the same profile again.
channel-removed = The channel is removed. Its history is kept.
channel-done = { $handle } is connected.
connect-title = Connect { $network }
connect-choose = Which profile?
connect-go-on = Connect
connect-kept = Passwords are kept encrypted and are never shown again.
channel-signed-out = Signed out
