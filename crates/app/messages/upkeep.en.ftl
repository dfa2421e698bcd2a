# What looking an installation over shows.
upkeep-database-sound = The database ({ $engine }) is whole and keeps what it acknowledges.
upkeep-database-setting = The database’s setting { $setting } is { $found }: what was acknowledged could be lost. Set it to { $wanted } and start again.
upkeep-database-damaged = The database is damaged: { $what }. Stop the server, keep a copy of the files, and restore the newest backup.
upkeep-schema-current = The tables are those of this version.
upkeep-schema-behind = The tables are older than this version: { $names } is still to be applied. Start the server once; it does that after a backup.
upkeep-media-writable = Pictures can be stored.
upkeep-media-closed = Pictures cannot be stored in { $folder }: { $why }. Make the folder writable for the user that runs the server.
upkeep-seals-open = Every stored login opens with a key that is there ({ NUMBER($count) }).
upkeep-seal-closed = The login of { $channel } opens with no key that is there. Name the older key in seal.older_key_files, or connect the channel again.
upkeep-channel-needs-login = { $channel } lost its login, and its posts wait. Connect it again.
upkeep-dispatch-running = What is due is being sent.
upkeep-dispatch-silent = No worker has said in the last minute that it lives, so nothing is being sent. Start `bellwether serve` or `bellwether worker`.
upkeep-paused = Publishing is paused ({ $what }) since { $at }. Nothing is lost; resume when it may go on.
upkeep-network-open = { $host } can be reached.
upkeep-network-closed = { $host } does not answer. Look at the firewall and the way out of this machine. A proxy from the environment is not used.
upkeep-network-no-name = The name { $host } leads nowhere. Look at this machine’s name resolution (DNS).
upkeep-network-private = { $host } lies in a private network, where nothing is called. If it is yours, allow its address range.
upkeep-network-certificate = The certificate of { $host } is not valid. Look at this machine’s clock and certificates; something may stand between.
upkeep-clock-agrees = The clock agrees with others.
upkeep-clock-off = The clock is { $seconds } seconds off, and nothing may be sent. Set it, and keep it right with chrony or systemd-timesyncd.
upkeep-clock-unproven = Nobody could be asked for the time. Once a network can be reached, look again.
upkeep-seals-older = { $count ->
    [one] One stored login is sealed with an older key. Run `bellwether key reseal`; after that the older key can be taken away.
   *[other] { NUMBER($count) } stored logins are sealed with an older key. Run `bellwether key reseal`; after that the older key can be taken away.
}
upkeep-calls-none = No call to a network is written down yet.
upkeep-calls = Of the last { NUMBER($count) } calls to networks, since { $since }, { NUMBER($wrong) } had no good answer.
upkeep-call-wrong = { $call } went wrong at { $at }: { $outcome }.
upkeep-calls-lost = { $count ->
    [one] One call to a network was made but not written down, because too many came at once.
   *[other] { NUMBER($count) } calls to networks were made but not written down, because too many came at once.
} Nothing else is missing.
upkeep-owner-none = Nobody owns this installation yet. Open the link that `bellwether serve` prints, or run `bellwether owner create`.
