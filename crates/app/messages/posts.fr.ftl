not-found-post = Cette publication n’existe pas dans cette marque.
post-changed-meanwhile = Quelqu’un a modifié cette publication pendant que vous écriviez. Rien du sien n’a été écrasé, et votre texte est conservé. Copiez ce qu’il vous faut, puis rechargez la publication.
post-thread-begun = Une partie de ce fil est déjà lancée : le nombre de ses parties ne peut plus changer. Votre texte est conservé. Modifiez seulement les mots, ou écrivez une nouvelle publication.
post-too-many-parts = Un brouillon contient au plus 100 parties. Votre texte est conservé. Retirez-en, ou faites-en deux publications.
post-part-too-long = Une partie contient au plus 100 000 caractères. Votre texte est conservé. Raccourcissez-la ou divisez-la.
