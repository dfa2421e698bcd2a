# Ce que montre l’examen d’une installation.
upkeep-database-sound = La base de données ({ $engine }) est intacte et garde ce qu’elle confirme.
upkeep-database-setting = Le réglage { $setting } de la base vaut { $found } : ce qui a été confirmé peut se perdre. Mettez-le à { $wanted } et redémarrez.
upkeep-database-damaged = La base de données est endommagée : { $what }. Arrêtez le serveur, gardez une copie des fichiers et restaurez la dernière sauvegarde.
upkeep-schema-current = Les tables sont celles de cette version.
upkeep-schema-behind = Les tables sont plus anciennes que cette version : { $names } reste à appliquer. Démarrez le serveur une fois ; il le fait après une sauvegarde.
upkeep-media-writable = Les images peuvent être enregistrées.
upkeep-media-closed = Les images ne peuvent pas être enregistrées dans { $folder } : { $why }. Rendez ce dossier accessible en écriture à l’utilisateur du serveur.
upkeep-seals-open = Chaque connexion enregistrée s’ouvre avec une clé présente ({ NUMBER($count) }).
upkeep-seal-closed = La connexion de { $channel } ne s’ouvre avec aucune clé présente. Indiquez l’ancienne clé dans seal.older_key_files, ou reconnectez le canal.
upkeep-channel-needs-login = { $channel } a perdu sa connexion, et ses publications attendent. Reconnectez-le.
upkeep-dispatch-running = Ce qui est dû est envoyé.
upkeep-dispatch-silent = Aucun processus d’envoi n’a donné signe de vie depuis une minute : rien n’est envoyé. Lancez `bellwether serve` ou `bellwether worker`.
upkeep-paused = La publication est en pause ({ $what }) depuis { $at }. Rien n’est perdu ; reprenez quand ce sera possible.
upkeep-network-open = { $host } est joignable.
upkeep-network-closed = { $host } ne répond pas. Vérifiez le pare-feu et l’accès de cette machine vers l’extérieur. Un proxy de l’environnement n’est pas utilisé.
upkeep-network-no-name = Le nom { $host } ne mène nulle part. Vérifiez la résolution de noms (DNS) de cette machine.
upkeep-network-private = { $host } se trouve dans un réseau privé, où rien n’est appelé. S’il est à vous, autorisez sa plage d’adresses.
upkeep-network-certificate = Le certificat de { $host } n’est pas valide. Vérifiez l’horloge et les certificats de cette machine ; quelque chose s’interpose peut-être.
upkeep-clock-agrees = L’horloge concorde avec les autres.
upkeep-clock-off = L’horloge est décalée de { $seconds } secondes, et l’envoi peut s’arrêter. Réglez-la, et gardez-la juste avec chrony ou systemd-timesyncd.
upkeep-clock-unproven = Personne n’a pu donner l’heure. Réessayez quand un réseau sera joignable.
upkeep-seals-older = { $count ->
    [one] Une connexion enregistrée est scellée avec une ancienne clé. Lancez `bellwether key reseal` ; ensuite, l’ancienne clé pourra être retirée.
   *[other] { NUMBER($count) } connexions enregistrées sont scellées avec une ancienne clé. Lancez `bellwether key reseal` ; ensuite, l’ancienne clé pourra être retirée.
}
upkeep-calls-none = Aucun appel à un réseau n’est encore noté.
upkeep-calls = Sur les { NUMBER($count) } derniers appels aux réseaux, depuis { $since }, { NUMBER($wrong) } sont restés sans bonne réponse.
upkeep-call-wrong = { $call } a échoué à { $at } : { $outcome }.
upkeep-calls-lost = { $count ->
    [one] Un appel à un réseau a été fait sans être noté, car trop d’appels arrivaient à la fois.
   *[other] { NUMBER($count) } appels aux réseaux ont été faits sans être notés, car trop d’appels arrivaient à la fois.
} Rien d’autre ne manque.
upkeep-owner-none = Cette installation n’a encore personne à sa tête. Ouvrez le lien qu’affiche `bellwether serve`, ou lancez `bellwether owner create`.
