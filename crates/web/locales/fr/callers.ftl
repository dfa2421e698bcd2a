denied-person =
    Vous ne pouvez pas faire cela ici. Il faut le droit suivant : { $permission ->
        [read] lire
        [write] rédiger
        [publish] publier
        [channels] gérer les canaux
        [pause] mettre en pause
        [override] passer outre une pause
       *[admin] administrer
    }.
denied-token =
    Ce jeton ne peut pas faire cela ici. Il faut le droit suivant : { $permission ->
        [read] lire
        [write] rédiger
        [publish] publier
        [channels] gérer les canaux
        [pause] mettre en pause
        [override] passer outre une pause
       *[admin] administrer
    }.
not-found-thing = L’élément n’existe pas, ou ne vous est pas ouvert.
