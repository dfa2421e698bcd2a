# What stands on every page.
skip-to-page = Skip to the page
rail = Main
dock = Main, small screen
rail-posts = Posts
rail-channels = Channels
rail-write = Write
brand-now = Brand: { $name }. Switch
account = { $name }, your account
sign-out = Sign out
language = Language
theme = Appearance
theme-system = System
theme-light = Light
theme-dark = Dark
toast-close = Close
pause-now = Pause
stopped-since = Stopped since { $at }
stopped-on-the-way =
    { $count ->
        [0] Nothing was on its way.
        [one] 1 was already on its way.
       *[other] { NUMBER($count) } were already on their way.
    }
rail-tokens = Tokens
cancel = Cancel
copy = Copy
copied = Copied
never = Never
in-days = In { $count } days
time-zone = Time zone
time-zone-help = Plans are made in this zone. Type a city: Europe/Paris.
time-in = { $city } time
as-it-is = { $text }
permission-read = Read
permission-write = Write
permission-publish = Publish
permission-channels = Manage channels
permission-pause = Pause
permission-override = Let through a pause
permission-admin = Administer
rail-people = People
keep = Keep
brand-choose = Choose a brand
gap = { " " }
pause-now-help = Stops this brand’s planned posts at once
pause-choose = Choose what to pause
