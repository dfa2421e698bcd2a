channels-none = Aucun canal pour l’instant
channels-none-help = Connectez un profil pour pouvoir y publier.
channels-none-ask = Demandez à un propriétaire ou à un administrateur d’en connecter un.
channels-connect = Connecter un canal
channel-connected = Connecté
channel-paused = En pause
channel-reconnect-do = Reconnecter
channel-last = dernière publication : { $at }
channel-queue =
    { $count ->
        [one] { $count } publication l’attend, prévue pour { $at }.
       *[other] { NUMBER($count) } publications l’attendent ; la première est prévue pour { $at }.
    }
channel-planned =
    { $count ->
        [one] { $count } publication y est prévue, pour { $at }.
       *[other] { NUMBER($count) } publications y sont prévues, la prochaine pour { $at }.
    }
channel-queue-paused =
    { $count ->
        [one] { $count } publication y est prévue, pour { $at }. Rien ne part tant que dure la pause.
       *[other] { NUMBER($count) } publications y sont prévues, la première pour { $at }. Rien ne part tant que dure la pause.
    }
channel-queue-late =
    { $count ->
        [one] { $count } publication y est prévue et attend depuis { $at }.
       *[other] { NUMBER($count) } publications y sont prévues ; la première attend depuis { $at }.
    }
channel-more = Autres actions pour { $handle }
channel-remove = Retirer ce canal
channel-remove-help = Ce qui est publié le reste.
channel-remove-held =
    { $count ->
        [one] Retirer et retenir { $count } publication prévue
       *[other] Retirer et retenir { NUMBER($count) } publications prévues
    }
channel-remove-held-help = Ce qui est publié le reste. Les publications retenues repartent si vous reconnectez le même profil à temps.
channel-remove-cancelled =
    { $count ->
        [one] Retirer et annuler { $count } publication prévue
       *[other] Retirer et annuler { NUMBER($count) } publications prévues
    }
channel-removed = Le canal est retiré. Son historique est conservé.
channel-removed-held =
    { $count ->
        [one] Le canal est retiré. { $count } publication est retenue ; son historique est conservé.
       *[other] Le canal est retiré. { NUMBER($count) } publications sont retenues ; son historique est conservé.
    }
channel-removed-cancelled =
    { $count ->
        [one] Le canal est retiré. { $count } publication est annulée ; son historique est conservé.
       *[other] Le canal est retiré. { NUMBER($count) } publications sont annulées ; son historique est conservé.
    }
channel-done = { $handle } est connecté.
connect-title = Connecter { $network }
connect-choose = Quel profil ?
connect-go-on = Connecter
connect-kept = Les mots de passe sont conservés chiffrés et ne sont plus jamais affichés.
channel-signed-out = Déconnecté
