skip-to-page = Aller au contenu
rail = Navigation principale
dock = Navigation principale, petit écran
rail-posts = Publications
rail-channels = Canaux
rail-write = Rédiger
brand-now = Marque : { $name }. Changer
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
        [0] Rien n’était en cours d’envoi.
        [one] 1 publication était déjà en cours d’envoi.
       *[other] { NUMBER($count) } publications étaient déjà en cours d’envoi.
    }
rail-tokens = Jetons
cancel = Annuler
copy = Copier
copied = Copié
never = Jamais
in-days = Dans { $count } jours
time-zone = Fuseau horaire
time-zone-help = Les publications se planifient dans ce fuseau. Tapez une ville : Europe/Paris.
time-in = Heure de { $city }
as-it-is = { $text }
permission-read = Lire
permission-write = Rédiger
permission-publish = Publier
permission-channels = Gérer les canaux
permission-pause = Mettre en pause
permission-override = Passer outre une pause
permission-admin = Administrer
rail-people = Équipe
keep = Enregistrer
brand-choose = Choisir une marque
gap = { " " }
pause-now-help = Arrête aussitôt les publications prévues de cette marque
pause-choose = Choisir ce qui s’arrête
