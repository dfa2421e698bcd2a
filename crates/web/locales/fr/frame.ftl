skip-to-page = Aller au contenu
rail = Navigation principale
dock = Navigation principale, petit écran
rail-posts = Publications
rail-channels = Canaux
rail-write = Rédiger
brand-now = Marque : { $name }. Changer
account = { $name }, votre compte
sign-out = Se déconnecter
language = Langue
theme = Apparence
theme-system = Système
theme-light = Clair
theme-dark = Sombre
toast-close = Fermer
pause-now = Pause
stopped-since = À l’arrêt depuis { $at }
stopped-on-the-way =
    { $count ->
        [0] Rien n’était en route.
        [one] 1 publication était déjà en route.
       *[other] { NUMBER($count) } publications étaient déjà en route.
    }
stopped-held = { NUMBER($count) } en attente.
