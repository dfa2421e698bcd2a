state-draft = Brouillon
state-in-review = En relecture
state-changes-asked = Modifications demandées
state-ready = Prête
state-scheduled = Programmée
state-sending = Publication en cours
state-processing = Publication en cours
state-live = Publiée
state-partly-live = Publiée en partie
state-refused = Échec : { $network } a refusé
state-checking = Vérification
state-unknown = Non confirmée : à vérifier
state-held =
    { $reason ->
        [paused] En attente : en pause
        [login] En attente : à reconnecter
        [look_first] En attente : à revoir
       *[other] En attente
    }
state-missed = Manquée : pas envoyée
state-waiting-for-person = À publier à la main
state-cancelled = Annulée
state-deleted = Retirée
state-refused-here = Échec : ne convient pas à { $network }
