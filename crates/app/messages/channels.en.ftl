# What the channels slice says, in English. Each message is used by the key before
# the equals sign; the other languages have the same keys.

connect-stale = This form is too old or was changed on the way. Nothing was connected. Begin again.
not-found-channel = There is no such channel in this brand.
not-found-network = This network cannot be connected here.
channel-needs-login = The network signed this channel out. Its posts wait and nothing is lost. Connect it again.
channel-was-removed = The channel was removed from this brand. What was planned on it waits and nothing is lost. Connect the same profile again, or cancel it.
login-cannot-refresh = The login of this channel cannot be renewed without you. Its posts wait and nothing is lost. Connect it again.
channel-login-ends = The login of this channel ends { $at }. Connect it again before then, and no post has to wait.
