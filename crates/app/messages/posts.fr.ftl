not-found-post = Cette publication n’existe pas dans cette marque.
post-changed-meanwhile = Quelqu’un a modifié cette publication pendant que vous écriviez. Rien du sien n’a été écrasé, et votre texte est conservé. Copiez ce qu’il vous faut, puis rechargez la publication.
post-thread-begun = Une partie de ce fil est déjà lancée : le nombre de ses parties ne peut plus changer. Votre texte est conservé. Modifiez seulement les mots, ou écrivez une nouvelle publication.
post-delete-was-sent = Une partie de cette publication a été envoyée à un réseau : sa trace est conservée. Retirez ce qui est en ligne s’il ne doit pas y être.
post-delete-planned = Cette publication est prévue. Annulez-la d’abord sur ses canaux, puis supprimez-la. Rien n’a été modifié.
post-too-many-parts = Un brouillon contient au plus 100 parties. Rien n’a été modifié. Retirez-en, ou faites-en deux publications.
post-part-too-long = Une partie contient au plus 100 000 caractères. Rien n’a été modifié. Raccourcissez-la ou divisez-la.
