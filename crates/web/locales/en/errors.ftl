# An error says what happened, what was kept, and what to do.
error-home = Back to work
error-sign-in-title = Sign in to go on
error-sign-in-next = You are signed out, so nothing was changed. A post that you were writing is kept on this device. Sign in, and you are back where you were.
error-denied-title = That is not yours to do
error-denied-next = Nothing was changed. An owner or admin can do it, or give you the permission.
error-not-found-title = There is nothing here
error-not-found-next = It may have been removed, or it belongs to a brand that you cannot see.
error-invalid-title = Something needs another look
error-invalid-next = Nothing was changed. Go back, mend it, and send it again.
error-conflict-title = It has changed in the meantime
error-conflict-next = Nothing was changed by you. Load the page again to see how it stands now.
error-content-title = A network would not take this as it is
error-content-next = Your text is kept. Mend what is listed here, then try again.
error-network-title = The network did not go along
error-network-next = Nothing was lost. Try again in a moment.
error-too-many-title = That was too fast
error-too-many-next = Nothing was lost. Wait a moment, then try again.
error-too-many-wait =
    { $seconds ->
        [one] You can try again in 1 second.
       *[other] You can try again in { NUMBER($seconds) } seconds.
    }
error-internal-title = Something broke on our side
error-internal-next = It is written in the log. What was saved before is safe. Try again; if it comes back, tell whoever runs this server.
error-cross-site-title = This request came from elsewhere
error-cross-site-next = Nothing was changed. Open the page here and do it from there.
error-method-title = That cannot be done at this address
error-method-next = Go back to the page before and use its buttons.
error-too-large-title = That is too large
error-too-large-next = Nothing was changed. Make it smaller, then send it again.
error-unreadable-title = The request could not be read
error-unreadable-next = Nothing was changed. Go back to the page before and try again.
error-set-up-title = This link opens nothing
error-set-up-next = A set-up link works once, and for 24 hours.
