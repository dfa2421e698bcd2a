brands-title = Marques
brands-none = Aucune marque pour l’instant
brands-none-help = Chaque marque a ses canaux, ses publications et son équipe.
brands-none-ask = Demandez à un propriétaire ou à un administrateur de vous donner accès à une marque.
brand-new = Nouvelle marque
brand-make = Ajouter la marque
brand-made = { $name } est là. Connectez un canal pour commencer.
