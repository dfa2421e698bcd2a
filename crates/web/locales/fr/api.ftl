# Ce que lisent les scripts.
api-no-route = Il n’y a rien à cette adresse. Cherchez-la dans la description de l’API, à /api/v1/openapi.json.
api-method = Cette adresse n’accepte pas cette méthode. L’en-tête Allow nomme celles qu’elle accepte.
api-token-missing = Il faut savoir qui demande. Envoyez un jeton d’API : « Authorization: Bearer bw_… ».
api-token-not-good = Ce jeton n’est pas valable : il est inconnu, a expiré ou a été révoqué. Créez-en un autre, ou vérifiez qu’il a été copié en entier.
api-content = Rien n’a été écrit ni planifié. Corrigez, puis renvoyez.
api-json-empty = Il n’y a pas de corps. Rien n’a changé. Envoyez du JSON, comme le dit la description de cette adresse.
api-json-malformed = Le corps n’est pas du JSON : l’erreur est à la ligne { $line }, colonne { $column }. Rien n’a changé.
api-json-zero = Un texte du corps contient le caractère nul (U+0000), qui ne peut pas être conservé. Rien n’a changé. Retirez-le.
api-json-unfit = { $what ->
    [missing] Il manque « { $name } » à « { $at } ». Rien n’a changé. Ajoutez-le.
    [unknown] « { $name } » est inconnu à « { $at } ». Rien n’a changé. Sont connus : { $known }.
    [choice] « { $name } » ne convient pas à « { $at } ». Rien n’a changé. Choix possibles : { $known }.
    [id] Il faut un identifiant à « { $at } », tel que 018f0000-0000-7000-8000-000000000000. Rien n’a changé.
    [twice] « { $name } » figure deux fois à « { $at } ». Rien n’a changé. Envoyez-le une fois.
    [kind] Il faut une autre sorte de valeur à « { $at } ». Rien n’a changé. Voyez la description de cette adresse.
   *[other] Le corps ne convient pas à « { $at } » : { $why }. Rien n’a changé.
}
api-json-too-large = Le corps dépasse { NUMBER($max) } octets. Rien n’a changé.
api-body-cut = Le corps s’est interrompu avant la fin. Rien n’a changé. Renvoyez-le.
api-media-type = Il faut ici un corps de type { $expected }. Rien n’a changé. Envoyez-le avec ce Content-Type.
api-query-unfit = « { $name } », après le point d’interrogation, ne convient pas. Rien n’a changé. Voyez la description de cette adresse.
api-last-event-id-unfit = Last-Event-ID est le numéro du dernier événement vu. Omettez-le pour commencer au suivant.
api-revision-missing = Indiquez la révision que vous avez lue, par If-Match ou « revision », pour que rien ne soit écrasé. Rien n’a changé.
api-form-unreadable = Le formulaire n’a pas pu être lu. Rien n’a été enregistré. Envoyez le fichier lui-même, ou un formulaire multipart complet.
api-form-without-file = Le formulaire n’a pas de champ « { $field } » contenant le fichier. Rien n’a été enregistré.
idempotency-key-unfit = Idempotency-Key est un seul en-tête de 1 à { $max } caractères ASCII visibles, par exemple un UUID. Rien n’a changé.
idempotency-running = La requête portant cette clé est en cours. Redemandez sa réponse dans un instant.
idempotency-outcome-unknown = Le serveur s’est arrêté pendant la requête portant cette clé : elle a pu aboutir ou non. Elle n’est pas relancée. Vérifiez, et utilisez une nouvelle clé si besoin.
idempotency-other-request = Cette clé correspond à une autre requête. Rien n’a changé. Utilisez une nouvelle clé pour une nouvelle requête.
measure-other-network = Ce canal est sur un autre réseau. Indiquez son réseau, ou omettez le canal.
measure-channel-without-workspace = Un canal se trouve par son espace de travail : envoyez « workspace » et « channel », ou aucun des deux.
connect-state-missing = Des réponses vont avec une étape : envoyez-les avec le « state » reçu avec ses champs. Rien n’a été envoyé au réseau.
pause-scope-unfit = La portée ne convient pas : « channel » demande un canal, « network » un réseau, les autres ni l’un ni l’autre. Rien n’a changé.
error-media-type-title = Ce type de corps n’est pas accepté ici
error-media-type-next = Rien n’a changé. Envoyez-le comme l’indique la description de cette adresse.
error-precondition-title = Ce n’est plus comme vous l’avez lu
error-precondition-next = Rien n’a été écrasé. Relisez, puis renvoyez votre modification.
error-idempotency-title = Une requête portant cette clé est déjà arrivée
error-idempotency-next = Elle n’a pas été exécutée une seconde fois.
error-busy-title = Le serveur est très occupé
error-busy-next = La base de données n’a pas répondu à temps. Réessayez dans un instant.
error-database-away-title = La base de données ne répond pas
error-database-away-next = Rien ne peut être lu ni enregistré jusqu’à son retour. Ce qui était enregistré est en sécurité. Réessayez dans une minute ; la personne qui gère ce serveur en trouve le détail dans le journal.
