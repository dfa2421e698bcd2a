# Brands: one for each brand or client.
brands-title = Brands
brands-none = No brand yet
brands-none-help = Each brand has its own channels, posts and people.
brands-none-ask = Ask an owner or admin to give you a place in one.
brand-new = A new brand
brand-make = Add the brand
brand-made = { $name } is here. Connect a channel to begin.
