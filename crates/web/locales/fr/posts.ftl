posts-none = Rien d’écrit pour l’instant
posts-none-help = Une publication, c’est une idée. Écrivez-la une fois, voyez-la comme chaque réseau la montre, et dites quand elle part.
posts-none-reader = Ce que vos collègues écrivent apparaîtra ici.
posts-first = Rédiger la première publication
posts-older = Publications plus anciennes
posts-needing =
    { $count ->
        [one] { $count } publication vous attend
        [100] 100 publications ou plus vous attendent
       *[other] { $count } publications vous attendent
    }
posts-needing-title = Ce qui vous attend
posts-needing-none = Rien ne vous attend
posts-all = Toutes les publications
posts-no-older = Rien de plus ancien
post-untitled = Pas encore de texte
post-channels =
    { $count ->
        [one] { $count } canal
       *[other] { $count } canaux
    }
post-do-look = Vérifier et nous le dire
post-do-mend = Corriger
post-do-decide = Décider
post-do-by-hand = Publier à la main
post-do-reconnect = Reconnecter
post-do-release = La revoir
post-updated = Modifiée : { $at }
post-go-on = Continuer la rédaction
post-edit = Modifier le texte
post-delete = Supprimer
post-delete-help = Elle est supprimée pour de bon, avec ses versions. Rien n’en a jamais été envoyé.
post-delete-do = Supprimer cette publication
post-deleted = La publication est supprimée.
post-without-text = Pas de texte dans cette partie.
post-saved = Enregistré.
post-scheduled =
    { $count ->
        [one] Programmée sur { $count } canal pour { $at }.
       *[other] Programmée sur { $count } canaux pour { $at }.
    }
post-sent =
    { $count ->
        [one] En route vers { $count } canal.
       *[other] En route vers { $count } canaux.
    }
where-title = Où elle en est
where-nowhere = Rien n’est encore prévu.
where-open = Ouvrir
where-live = Publiée une fois sur { $network }, { $at }.
where-scheduled = Partira : { $at }.
where-sending = Elle est en route vers { $network }.
where-processing = { $network } l’a bien reçue et la traite encore.
where-partly-live = { $out } parties sur { $count } sont sur { $network }.
where-refused = { $network } a refusé. Votre texte est conservé.
where-checking = La réponse de { $network } s’est perdue. Nous vérifions, sans rien renvoyer entre-temps.
where-unknown = Nous l’avons envoyée une fois, et { $network } ne dit pas si elle est arrivée. Merci d’aller vérifier.
where-held = Elle attend. Rien n’est perdu.
where-missed = L’heure est passée, nous ne l’avons donc pas envoyée.
where-waiting-for-person = Quelqu’un la publie à la main.
where-cancelled = Elle ne partira pas sur { $network }.
where-deleted = Elle a été retirée de { $network }.
compose-title = Nouvelle publication
compose-edit-title = Modifier la publication
compose-text = Texte
compose-part = Texte, partie { $number }
compose-add-part = Ajouter la partie { $number }
compose-remove-part = Retirer la partie { $number }
compose-language = Langue du texte
compose-language-unsaid = Langue
compose-options = Options pour { $network }
compose-no-channels = Aucun canal pour l’instant. Vous pouvez rédiger et enregistrer ; connectez-en un pour publier.
compose-kept = Votre saisie est conservée, comme vous le voyez.
compose-there-planned = prévue
compose-there-live = publiée
compose-restored = Voici ce que vous aviez tapé ici. Ce n’était pas encore enregistré.
compose-send = Envoi
compose-save = Enregistrer
compose-look = Compter et prévisualiser
compose-when = Quand, heure de { $city }
compose-now = Publier maintenant
compose-other-ways = Autres façons d’envoyer
compose-schedule =
    { $count ->
        [0] Programmer pour { $brand }
        [one] Programmer pour { $brand } : { $count } canal
       *[other] Programmer pour { $brand } : { $count } canaux
    }
compose-schedule-at =
    { $count ->
        [0] Choisissez un canal
        [one] Programmer pour { $brand } : { $count } canal, { $at }
       *[other] Programmer pour { $brand } : { $count } canaux, { $at }
    }
limit-over =
    { $count ->
        [one] { $count } de trop
       *[other] { NUMBER($count) } de trop
    }
preview = Aperçu
preview-title = Telle qu’elle apparaîtra
preview-none = Choisissez un canal pour voir le résultat.
preview-own-version = { $network } a son propre texte, qui n’est pas modifié ici.
shift-gap = L’heure avance à ce moment-là. La publication partira : { $at }.
shift-overlap = L’heure recule, ce moment a lieu deux fois. La publication partira la première fois : { $at }.
compose-time-past = Ce moment est passé. Choisissez-en un à venir, ou envoyez maintenant.
compose-add-picture = Image
compose-upload = Ajouter la sélection
compose-alt = Texte alternatif de l’image { $number }
compose-alt-help = Que doit savoir une personne qui ne la voit pas ?
compose-remove-picture = Retirer l’image { $number }
compose-remove = Retirer
where-next-try = Prochain essai : { $at }.
where-held-until = Prévue pour : { $at }. Si elle ne peut pas partir avant { $until }, on vous demandera.
where-held-late = Prévue pour : { $at }. C’est trop ancien : on vous demandera avant de l’envoyer.
where-next-look = Nous regarderons de nouveau : { $at }.
where-taking-down = Elle est en train d’être retirée de { $network }.
compose-sent-before = Vous aviez envoyé ceci, et nous ne savons pas si c’est arrivé. Regardez la liste des publications avant de renvoyer.
where-open-part = Partie { $number }
where-its-turn = Son heure est venue. Elle attend une publication précédente sur ce canal, qui n’est pas encore réglée.
compose-save-change = Enregistrer
limit-aloud =
    { $count ->
        [one] Partie { $number } : 1 caractère de trop.
       *[other] Partie { $number } : { NUMBER($count) } caractères de trop.
    }
where-checked-here = Notre propre vérification avant l’envoi l’a retenue : { $network } ne la prendrait pas ainsi. Rien n’est parti, et votre texte est conservé.
sent-out-title = Modifiée depuis. Ce qui est paru ici
sent-title = Modifiée depuis. Ce qui a été envoyé ici
sent-out-help = La publication a été modifiée après sa parution. Ici, elle est restée telle quelle :
sent-help = La publication a été modifiée après cet envoi. Voici ce qui est en route, ou déjà arrivé :
sent-pictures-gone =
    { $count ->
        [one] Avec { $count } image qui n’est plus conservée ici.
       *[other] Avec { $count } images qui ne sont plus conservées ici.
    }
compose-sent-stays =
    { $count ->
        [one] Déjà envoyée à { $count } canal. Ce qui s’y trouve reste tel quel : le réseau ne permet pas de le modifier. Votre modification est conservée ici et partira là où rien n’a encore été envoyé.
       *[other] Déjà envoyée à { $count } canaux. Ce qui s’y trouve reste tel quel : les réseaux ne permettent pas de le modifier. Votre modification est conservée ici et partira là où rien n’a encore été envoyé.
    }
post-saved-sent-stays = Enregistré ici. Ce qui est déjà parti reste tel quel.
compose-card = Aperçu de lien
compose-card-no = Sans aperçu de lien
compose-card-chosen = Aperçu de lien choisi
compose-card-of = Aperçu de lien, partie { $number }
compose-card-first = Pour le premier lien du texte
compose-card-none = Aucun
compose-card-own = Pour cette adresse
compose-card-address = Adresse de l’aperçu de lien
