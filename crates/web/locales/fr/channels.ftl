channels-none = Aucun canal pour l’instant
channels-none-help = Connectez un profil pour pouvoir y publier.
channels-none-ask = Demandez à un propriétaire ou à un administrateur d’en connecter un.
channels-connect = Connecter un canal
channel-connected = Connecté
channel-reconnect-do = Reconnecter
channel-last = dernière publication : { $at }
channel-queue =
    { $count ->
        [one] { $count } publication l’attend, prévue pour { $at }.
       *[other] { NUMBER($count) } publications l’attendent ; la première est prévue pour { $at }.
    }
channel-more = Autres actions pour { $handle }
channel-remove = Retirer ce canal
channel-remove-help = Ce qui est publié le reste. Ce qui est prévu attend, et repart si vous reconnectez le même profil.
channel-removed = Le canal est retiré. Son historique est conservé.
channel-done = { $handle } est connecté.
connect-title = Connecter { $network }
connect-choose = Quel profil ?
connect-go-on = Connecter
connect-kept = Les mots de passe sont conservés chiffrés et ne sont plus jamais affichés.
channel-signed-out = Déconnecté
