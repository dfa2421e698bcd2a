# Who may do what.
denied-person =
    You may not do this here. It needs the permission to { $permission ->
        [read] read
        [write] write
        [publish] publish
        [channels] manage channels
        [pause] pause publishing
        [override] let a post through a pause
       *[admin] administer
    }.
denied-token =
    This token may not do this here. It needs the permission to { $permission ->
        [read] read
        [write] write
        [publish] publish
        [channels] manage channels
        [pause] pause publishing
        [override] let a post through a pause
       *[admin] administer
    }.
not-found-thing = It is not there, or not for you.
