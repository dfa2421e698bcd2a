error-home = Retour au travail
error-sign-in-title = Connectez-vous pour continuer
error-sign-in-next = Votre session est fermée, donc rien n’a changé. Une publication en cours est conservée sur cet appareil. Connectez-vous, et vous retrouverez votre place.
error-denied-title = Cette action ne vous est pas ouverte
error-denied-next = Rien n’a changé. Un propriétaire ou un administrateur peut s’en charger, ou vous en donner le droit.
error-not-found-title = Il n’y a rien ici
error-not-found-next = L’élément a peut-être été retiré, ou il appartient à une marque que vous ne voyez pas.
error-invalid-title = Un point est à revoir
error-invalid-next = Rien n’a changé. Revenez en arrière, corrigez et renvoyez.
error-conflict-title = La situation a changé entre-temps
error-conflict-next = Vous n’avez rien modifié. Rechargez la page pour voir où on en est.
error-content-title = Un réseau refuserait ce contenu tel quel
error-content-next = Votre texte est conservé. Corrigez les points ci-dessous, puis réessayez.
error-network-title = Le réseau n’a pas suivi
error-network-next = Rien n’est perdu. Réessayez dans un instant.
error-too-many-title = C’était trop rapide
error-too-many-next = Rien n’est perdu. Patientez un instant, puis réessayez.
error-too-many-wait =
    { $seconds ->
        [one] Vous pourrez réessayer dans { $seconds } seconde.
       *[other] Vous pourrez réessayer dans { NUMBER($seconds) } secondes.
    }
error-internal-title = Un problème est survenu de notre côté
error-internal-next = Il est noté dans le journal. Ce qui était enregistré est en sécurité. Réessayez ; si cela se répète, prévenez la personne qui gère ce serveur.
error-cross-site-title = Cette demande vient d’ailleurs
error-cross-site-next = Rien n’a changé. Ouvrez la page ici et recommencez.
error-method-title = Cette adresse ne permet pas cette action
error-method-next = Revenez à la page précédente et utilisez ses boutons.
error-too-large-title = C’est trop volumineux
error-too-large-next = Rien n’a changé. Réduisez la taille, puis renvoyez.
error-unreadable-title = La demande n’a pas pu être lue
error-unreadable-next = Rien n’a changé. Revenez à la page précédente et réessayez.
error-set-up-title = Ce lien n’ouvre rien
error-set-up-next = Un lien d’installation sert une seule fois, pendant 24 heures.
